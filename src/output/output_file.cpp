#include "output/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "machine/read_file.hpp"
#include "output/errors.hpp"
#include "output/free_space.hpp"
#include "output/manifest.hpp"
#include "output/manifest_listing.hpp"
#include "output/publisher.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// The file that a link leads to: it is that which is written.
fs::path without_links(const fs::path& target) {
  std::error_code error;
  if (!fs::is_symlink(target, error)) return target;
  const fs::path real = fs::canonical(target, error);
  if (error)
    throw UsageError(fmt::format("'{}' is a link that leads nowhere; choose another with --out", target.string()));
  return real;
}

/// A file of this process beside the target, removed unless it is put in place.
class TemporaryFile {
 public:
  TemporaryFile(int folder, const fs::path& shown) : folder_(folder), name_(temporary_name()) {
    // O_EXCL and a name that nobody foresees: whoever may write here can't make us write elsewhere by a link.
    file_ = open_at(folder, name_, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
    if (!file_) throw output_error("write", shown.string(), errno);
  }
  ~TemporaryFile() {
    if (!name_.empty()) ::unlinkat(folder_, name_.c_str(), 0);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// @returns 0 or an errno
  int fill(const std::string& text) {
    int error = write_all(file_.number(), text);
    if (error == 0) error = sync_descriptor(file_.number());
    const int closing = file_.close();
    return error == 0 ? closing : error;
  }
  /// @returns 0 or an errno
  int put_at(const std::string& name, bool may_replace) {
    const int error = !may_replace ? rename_new(folder_, name_, folder_, name)
                      : ::renameat(folder_, name_.c_str(), folder_, name.c_str()) == 0 ? 0
                                                                                       : errno;
    if (error == 0) name_.clear();
    return error;
  }

 private:
  int folder_;
  std::string name_;
  Descriptor file_;
};

/// What can't be put in place stays beside it. @throws OutputError that says where
void keep(TemporaryFile& file, const fs::path& target) {
  const std::string name = kept_name(target.filename().string());
  if (file.put_at(name, false) == 0)
    throw OutputError(
        fmt::format("something has appeared at '{}' while this went on; what was to be written there is in "
                    "'{}'",
                    target.string(), (target.parent_path() / name).string()));
}

}  // namespace

OutputFile::OutputFile(const fs::path& target, std::string mark, bool force, bool is_listed)
    : target_(without_links(target)),
      name_(target_.filename().string()),
      mark_(std::move(mark)),
      force_(force),
      is_listed_(is_listed) {
  check_target();
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  folder_ = open_at(AT_FDCWD, folder.string(), O_RDONLY | O_DIRECTORY);
  if (!folder_ && (errno == ENOENT || errno == ENOTDIR))
    throw UsageError(fmt::format("there is no folder '{}' for '{}'", folder.string(), name_));
  if (!folder_) throw output_error("write to the folder", folder.string(), errno);
  // ENAMETOOLONG and the like; that there is no such file is as it should be.
  if (::faccessat(folder_.number(), name_.c_str(), F_OK, 0) != 0 && errno != ENOENT)
    throw output_error("write", target_.string(), errno);
  check_listed();
  const TemporaryFile trial(folder_.number(), target_);
}

void OutputFile::check_target() const {
  std::error_code error;
  const fs::file_status status = fs::status(target_, error);
  if (name_.empty() || (fs::exists(status) && !fs::is_regular_file(status)))
    throw UsageError(
        fmt::format("'{}' is no file, so it will not be replaced; choose another with --out", target_.string()));
  if (fs::exists(status) && !force_)
    throw UsageError(
        fmt::format("'{}' already exists; --force replaces it, --out chooses another file", target_.string()));
  if (fs::exists(status) && !may_be_replaced())
    throw UsageError(
        fmt::format("'{}' is none of the files that this command writes, so it will not be replaced; move it "
                    "away, or choose another with --out",
                    target_.string()));
}

/// A file that is there and begins as ours do.
bool OutputFile::may_be_replaced() const {
  constexpr std::size_t beginning = 4096;
  try {
    return read_file(target_, beginning).find(mark_) != std::string::npos;
  } catch (const std::system_error& error) {
    throw output_error("read", target_.string(), error.code().value());
  }
}

void OutputFile::check_listed() const {
  if (!is_listed_ || ::faccessat(folder_.number(), name_.c_str(), F_OK, 0) != 0) return;
  try {
    const std::optional<Manifest> manifest = read_manifest(folder_.number());
    if (!manifest || manifest->files.contains(name_)) return;
  } catch (const ManifestError&) {
    return;  // a result that the command refuses for this very reason
  }
  throw UsageError(
      fmt::format("'{}' is not in the manifest of its folder, so it will not be replaced; move it away, or "
                  "choose another with --out",
                  target_.string()));
}

void OutputFile::require_space(std::uint64_t bytes) const {
  chokepoint::require_space(folder_.number(), bytes, bytes, target_.string());
}

void OutputFile::write(const std::string& text) const {
  TemporaryFile file(folder_.number(), target_);
  if (const int error = file.fill(text)) throw output_error("write", target_.string(), error);
  // The lock of those who replace the folder as a whole.
  const Descriptor around = open_at(folder_.number(), "..", O_RDONLY | O_DIRECTORY);
  const PublishLock lock(around.number());
  std::optional<ManifestListing> listing;
  if (is_listed_) listing.emplace(folder_.number(), name_);
  const bool is_free = ::faccessat(folder_.number(), name_.c_str(), F_OK, 0) != 0;
  const int error = file.put_at(name_, force_ && !is_free && may_be_replaced());
  if (error == EEXIST || error == EISDIR) keep(file, target_);
  if (error != 0) throw output_error("write", target_.string(), error);
  if (listing) listing->add();
  if (const int failure = sync_descriptor(folder_.number()))
    spdlog::warn("'{}' is written, but whether it is there after a power cut is uncertain: {}", target_.string(),
                 std::strerror(failure));
}

}  // namespace chokepoint
