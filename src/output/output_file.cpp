#include "output/output_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "output/errors.hpp"
#include "output/output_folder.hpp"

namespace chokepoint {

namespace fs = std::filesystem;

OutputFile::OutputFile(fs::path target, bool force) : target_(std::move(target)) {
  std::error_code error;
  const fs::file_status status = fs::status(target_, error);
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw UsageError(
        fmt::format("'{}' is no file, so it will not be replaced; choose another with --out", target_.string()));
  if (fs::exists(status) && !force)
    throw UsageError(
        fmt::format("'{}' already exists; --force replaces it, --out chooses another file", target_.string()));
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, error))
    throw UsageError(fmt::format("there is no folder '{}' for '{}'", folder.string(), target_.filename().string()));
}

void OutputFile::write(const std::string& text) const {
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  const fs::path temporary = folder / fmt::format(".{}.{}", target_.filename().string(), ::getpid());
  try {
    write_file(temporary, text, target_.string());
    if (::rename(temporary.c_str(), target_.c_str()) != 0) throw output_error("write", target_.string(), errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_to_disk(folder);
}

}  // namespace chokepoint
