#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace chokepoint {

/// A test with an empty folder of its own, which goes with it.
class WithTemporaryFolder : public testing::Test {
 protected:
  WithTemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "chokepoint-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), name);
    root = std::filesystem::canonical(name);
  }
  ~WithTemporaryFolder() override {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }

  /// Writes a file, with the folders above it. @returns its path
  std::string write_file(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path, std::ios::binary) << text;
    return (root / path).string();
  }

  std::filesystem::path root;
};

}  // namespace chokepoint
