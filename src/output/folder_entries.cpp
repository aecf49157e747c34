#include "output/folder_entries.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "output/descriptor.hpp"

namespace chokepoint {

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

std::vector<FolderEntry> entries_of(int folder) {
  std::vector<FolderEntry> entries;
  // A descriptor of its own, since reading moves it.
  Descriptor own = open_at(folder, ".", O_RDONLY | O_DIRECTORY);
  if (!own) return entries;
  const std::unique_ptr<DIR, CloseFolder> stream(::fdopendir(own.number()));
  if (!stream) return entries;
  own.release();
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (!entry) break;
    const std::string name = entry->d_name;
    struct stat status {};
    if (name == "." || name == ".." || ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    entries.push_back({name, S_ISREG(status.st_mode), S_ISDIR(status.st_mode)});
  }
  const int reason = errno;
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  errno = reason;
  return entries;
}

}  // namespace chokepoint
