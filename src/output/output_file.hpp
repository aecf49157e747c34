#pragma once

#include <filesystem>
#include <string>

namespace chokepoint {

/// One file that appears whole or not at all.
class OutputFile {
 public:
  /// Makes nothing yet, but refuses early.
  /// @throws UsageError where there is a file that may not be replaced, something that is no file, or no folder for it
  OutputFile(std::filesystem::path target, bool force);

  const std::filesystem::path& target() const { return target_; }

  /// Writes beside the target, brings it to the disk, and puts it in place at once. @throws OutputError
  void write(const std::string& text) const;

 private:
  std::filesystem::path target_;
};

}  // namespace chokepoint
