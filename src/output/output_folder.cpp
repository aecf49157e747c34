#include "output/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "machine/stop.hpp"
#include "output/errors.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// A file descriptor that is closed whatever happens.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  /// Closing is where some file systems first tell of a full disk.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// Absolute and without links or a slash at the end, so that a temporary folder beside it is on the same disk.
fs::path full_path(const fs::path& path) {
  std::error_code error;
  fs::path full = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error || full.empty())
    throw OutputError(fmt::format("cannot use '{}' for results: {}", path.string(), error.message()));
  return full.has_filename() ? full : full.parent_path();
}

/// @throws UsageError unless the target may be created or replaced
void check_target(const fs::path& target, const std::vector<std::string>& known, bool force) {
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status))
    throw UsageError(fmt::format("'{}' is a file; results need a folder", target.string()));
  bool is_empty = true;
  for (const auto& entry : fs::directory_iterator(target, error)) {
    is_empty = false;
    const std::string name = entry.path().filename().string();
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw UsageError(
          fmt::format("'{}' holds '{}', which is no file of ours, so it will not be replaced; "
                      "choose another folder",
                      target.string(), name));
  }
  if (error) throw output_error("read", target.string(), error.value());
  if (!is_empty && !force)
    throw UsageError(fmt::format("'{}' already holds results; --force replaces them, or choose another folder",
                                 target.string()));
}

/// Makes the folders above a path. @returns those that were made, innermost first
std::vector<fs::path> make_parents(const fs::path& path) {
  std::vector<fs::path> missing;
  for (fs::path parent = path.parent_path(); !fs::exists(parent) && parent.has_filename();
       parent = parent.parent_path())
    missing.push_back(parent);
  for (auto parent = missing.rbegin(); parent != missing.rend(); ++parent)
    if (::mkdir(parent->c_str(), 0777) != 0 && errno != EEXIST)
      throw output_error("create the folder", parent->string(), errno);
  return missing;
}

/// Swaps two folders at once where the file system can.
bool exchange(const fs::path& a, const fs::path& b) {
  return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
}

void rename_folder(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw output_error("put the results at", to.string(), errno);
}

/// Puts `fresh` where a result stands and removes that. Without an exchange in one step the old one is moved aside, and
/// back again if the new one cannot take its place.
void replace(const fs::path& fresh, const fs::path& target) {
  if (!exchange(fresh, target)) {
    const fs::path aside = fresh.string() + ".old";
    rename_folder(target, aside);
    if (::rename(fresh.c_str(), target.c_str()) != 0) {
      const int reason = errno;
      rename_folder(aside, target);
      throw output_error("put the results at", target.string(), reason);
    }
    rename_folder(aside, fresh);
  }
  std::error_code ignored;
  fs::remove_all(fresh, ignored);
}

}  // namespace

void sync_to_disk(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // Some file systems know no fsync of folders; they answer EINVAL.
  if (file.number() < 0 || (::fsync(file.number()) != 0 && errno != EINVAL))
    throw output_error("write", path.string(), errno);
}

OutputFolder::OutputFolder(fs::path target, const std::vector<std::string>& known, bool force)
    : target_(full_path(target)) {
  check_target(target_, known, force);
  made_parents_ = make_parents(target_);
  std::string name = (target_.parent_path() / ("." + target_.filename().string() + ".XXXXXX")).string();
  if (!::mkdtemp(name.data())) {
    const int reason = errno;
    for (const fs::path& parent : made_parents_) ::rmdir(parent.c_str());
    throw output_error("write to the folder", target_.parent_path().string(), reason);
  }
  temporary_ = name;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::chmod(name.c_str(), 0777 & ~mask);  // mkdtemp's is for the owner alone
}

OutputFolder::~OutputFolder() {
  if (published_) return;
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  for (const fs::path& parent : made_parents_) ::rmdir(parent.c_str());  // fails, as it should, where others wrote
}

void write_file(const fs::path& path, const std::string& text, const std::string& shown) {
  stop_if_asked();
  Descriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (out.number() < 0) throw output_error("write", shown, errno);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(out.number(), text.data() + done, text.size() - done);
    if (written == 0) throw output_error("write", shown, EIO);
    if (written < 0 && errno != EINTR) throw output_error("write", shown, errno);
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  if (::fsync(out.number()) != 0 || !out.close()) throw output_error("write", shown, errno);
}

void OutputFolder::write(const std::string& name, const std::string& text) const {
  write_file(file(name), text, (target_ / name).string());
}

void OutputFolder::publish() {
  sync_to_disk(temporary_);
  std::error_code error;
  const bool replaces = fs::exists(target_, error) && !fs::is_empty(target_, error);
  if (replaces)
    replace(temporary_, target_);
  else
    rename_folder(temporary_, target_);
  published_ = true;
  sync_to_disk(target_.parent_path());
}

}  // namespace chokepoint
