#include "output/folder_entries.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace chokepoint {

namespace {

/// Adds one entry, unless it has gone by now.
void add_entry(int folder, const std::string& name, std::vector<FolderEntry>& entries) {
  struct stat status{};
  if (name == "." || name == ".." || ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  entries.push_back({name, S_ISREG(status.st_mode), S_ISDIR(status.st_mode)});
}

}  // namespace

// By the open folder itself: a temporary folder has to be emptied where nothing more can be opened, too.
std::vector<FolderEntry> entries_of(int folder) {
  std::vector<FolderEntry> entries;
  alignas(dirent64) char buffer[8192];
  ssize_t size = ::lseek(folder, 0, SEEK_SET) < 0 ? -1 : ::getdents64(folder, buffer, sizeof buffer);
  for (; size > 0; size = ::getdents64(folder, buffer, sizeof buffer))
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      add_entry(folder, entry->d_name, entries);
    }
  const int reason = size < 0 ? errno : 0;
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  errno = reason;
  return entries;
}

}  // namespace chokepoint
