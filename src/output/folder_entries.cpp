#include "output/folder_entries.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace chokepoint {
namespace {

/// Calls `visit` with each name in an open folder. @returns 0, or the reason why it could not be read to its end
// By the open folder itself, and in memory that is there already: a temporary folder has to be emptied where nothing
// more can be opened or allocated, too.
template <class Visit>
int visit_names(int folder, Visit visit) {
  alignas(dirent64) char buffer[8192];
  ssize_t size = ::lseek(folder, 0, SEEK_SET) < 0 ? -1 : ::getdents64(folder, buffer, sizeof buffer);
  for (; size > 0; size = ::getdents64(folder, buffer, sizeof buffer))
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) visit(entry->d_name);
    }
  return size < 0 ? errno : 0;
}

}  // namespace

std::vector<FolderEntry> entries_of(int folder) {
  std::vector<FolderEntry> entries;
  const int reason = visit_names(folder, [&](const char* name) {
    struct stat status {};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return;  // gone by now
    entries.push_back({name, S_ISREG(status.st_mode), S_ISDIR(status.st_mode)});
  });
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  errno = reason;
  return entries;
}

std::size_t count_entries(int folder) {
  std::size_t count = 0;
  const int reason = visit_names(folder, [&count](const char*) { ++count; });
  errno = reason;
  return count;
}

void remove_files(int folder) {
  visit_names(folder, [folder](const char* name) { ::unlinkat(folder, name, 0); });
}

}  // namespace chokepoint
