#include "output/temporary_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <system_error>

#include "machine/host.hpp"
#include "output/folder_entries.hpp"
#include "output/manifest.hpp"

namespace chokepoint {
namespace {

constexpr char prefix[] = ".chokepoint-", lock_file[] = "chokepoint.lock";
constexpr int most_names_tried = 64;

/// The name of this machine as it may stand in that of a file.
std::string short_host() {
  std::string host = host_name().substr(0, 64);
  std::replace_if(
      host.begin(), host.end(), [](unsigned char c) { return !std::isalnum(c) && c != '.'; }, '_');
  return host;
}

/// Whether the process that a name of ours speaks of is known to be gone: one of this machine without such a process.
bool is_of_dead_process(const std::string& name) {
  const std::string start = prefix + short_host() + "-";
  if (!name.starts_with(start)) return false;
  pid_t process = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + start.size(), end, process);
  return error == std::errc() && rest != end && *rest == '-' && ::kill(process, 0) != 0 && errno == ESRCH;
}

/// Two files that are one.
bool is_linked(int folder, const std::string& name, int file) {
  struct stat by_name {
  }, by_number{};
  return ::fstatat(folder, name.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 && ::fstat(file, &by_number) == 0 &&
         by_name.st_dev == by_number.st_dev && by_name.st_ino == by_number.st_ino;
}

/// Takes the lock. Where the file system has none, only that this process is alive protects the folder.
bool take_lock(int file) {
  return ::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/// Whether the folder's process is dead. @param lock is taken where it is, so that no two clean up at once
bool is_dead(int folder, const std::string& name, Descriptor& lock) {
  lock = open_at(folder, lock_file, O_RDWR | O_NOFOLLOW);
  if (!lock) return false;  // being made, or abandoned with a result in it
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) == 0) return is_linked(folder, lock_file, lock.number());
  return errno != EWOULDBLOCK && is_of_dead_process(name);
}

/// Or may do so, where that can't be known.
bool holds_more_than_its_lock(int folder) {
  return count_entries(folder) > 1 || errno != 0;
}

void remove_dead_folder(int place, const std::string& name) {
  Descriptor folder = open_folder_at(place, name), lock;
  if (!folder || (::unlinkat(place, name.c_str(), AT_REMOVEDIR) != 0 && !is_dead(folder.number(), name, lock))) return;
  for (const FolderEntry& entry : entries_of(folder.number()))
    if (entry.is_folder) {
      remove_result_files(open_folder_at(folder.number(), entry.name).number());
      ::unlinkat(folder.number(), entry.name.c_str(), AT_REMOVEDIR);
    }
  // The lock goes last: a folder with something of somebody's in it stays, and stays known as ours.
  if (holds_more_than_its_lock(folder.number())) return;
  ::unlinkat(folder.number(), lock_file, 0);
  ::unlinkat(place, name.c_str(), AT_REMOVEDIR);
}

}  // namespace

std::string temporary_name() {
  return fmt::format("{}{}-{}-{}", prefix, short_host(), ::getpid(), random_word());
}

bool is_temporary_name(const std::string& name) {
  return name.starts_with(prefix);
}

TemporaryFolder::TemporaryFolder(int place, const std::string& name)
    : name_(name), place_(::fcntl(place, F_DUPFD_CLOEXEC, 0)) {
  for (int tries = 0; !make(place); ++tries)
    if (tries == most_names_tried) throw std::system_error(EBUSY, std::generic_category());
  if (::mkdirat(number(), name_.c_str(), 0777) == 0) {
    results_ = open_folder_at(number(), name_);
    if (results_) return;
  }
  const int reason = errno;
  ::unlinkat(number(), name_.c_str(), AT_REMOVEDIR);
  ::unlinkat(number(), lock_file, 0);
  ::unlinkat(place, own_name_.c_str(), AT_REMOVEDIR);
  throw std::system_error(reason, std::generic_category());
}

/// @returns false where another run took the newborn folder for a dead one's and removed it
bool TemporaryFolder::make(int place) {
  own_name_ = temporary_name();
  if (::mkdirat(place, own_name_.c_str(), 0777) != 0) {
    if (errno == EEXIST) return false;
    throw std::system_error(errno, std::generic_category());
  }
  folder_ = open_folder_at(place, own_name_);
  if (!folder_ && errno == ENOENT) return false;
  if (folder_) lock_ = open_at(number(), lock_file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (lock_) return take_lock(lock_.number()) && is_linked(number(), lock_file, lock_.number());
  if (errno == ENOENT) return false;
  const int reason = errno;
  ::unlinkat(place, own_name_.c_str(), AT_REMOVEDIR);
  throw std::system_error(reason, std::generic_category());
}

TemporaryFolder::~TemporaryFolder() {
  if (is_abandoned_) return;
  if (is_linked(number(), name_, results())) {  // never published
    remove_files(results());
    ::unlinkat(number(), name_.c_str(), AT_REMOVEDIR);
  }
  if (holds_more_than_its_lock(number())) return;  // something of somebody's: it stays, and stays known as ours
  ::unlinkat(number(), lock_file, 0);
  ::unlinkat(place_.number(), own_name_.c_str(), AT_REMOVEDIR);
}

std::filesystem::path TemporaryFolder::path() const {
  return present_path(results(), name_);
}

void TemporaryFolder::abandon() {
  ::unlinkat(number(), lock_file, 0);
  is_abandoned_ = true;
}

void remove_dead_folders(int place) {
  for (const FolderEntry& entry : entries_of(place)) {
    if (!is_temporary_name(entry.name)) continue;
    if (entry.is_folder)
      remove_dead_folder(place, entry.name);
    else if (entry.is_file && is_of_dead_process(entry.name))
      ::unlinkat(place, entry.name.c_str(), 0);
  }
}

void remove_result_files(int folder) {
  std::optional<Manifest> manifest;
  try {
    manifest = read_manifest(folder);
  } catch (const ManifestError&) {  // cut off while it was written
  }
  for (const FolderEntry& entry : entries_of(folder))
    if (entry.is_file && entry.name != manifest_file && (!manifest || manifest->files.contains(entry.name)))
      ::unlinkat(folder, entry.name.c_str(), 0);
  // It goes last, and stays where anything else does: without it that would be taken for ours.
  if (count_entries(folder) == 1) ::unlinkat(folder, manifest_file, 0);
}

}  // namespace chokepoint
