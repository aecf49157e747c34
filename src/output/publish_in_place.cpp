#include "output/publish_in_place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "output/descriptor.hpp"
#include "output/folder_entries.hpp"
#include "output/manifest.hpp"
#include "output/result_names.hpp"
#include "output/temporary_folder.hpp"

namespace chokepoint {
namespace {

/// The order in which files go: by name, result.nc and the manifest last.
std::vector<std::string> names_in_order(int folder) {
  const auto rank = [](const std::string& name) { return name == manifest_file ? 2 : name == result_file ? 1 : 0; };
  std::vector<std::string> names;
  for (const FolderEntry& entry : entries_of(folder)) names.push_back(entry.name);
  std::stable_sort(names.begin(), names.end(),
                   [&rank](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  return names;
}

ino_t number_of(int folder, const std::string& name) {
  struct stat status {};
  return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

class Move {
 public:
  Move(int from, int to, const std::set<std::string>& replaceable) : from_(from), to_(to), replaceable_(replaceable) {}

  int put(const std::string& name) {
    const std::string temporary = temporary_name();
    int error = link_or_copy(from_, name, to_, temporary);
    if (error == 0) error = replaceable_.contains(name) ? replace(temporary, name) : place(temporary, name);
    if (error != 0) ::unlinkat(to_, temporary.c_str(), 0);
    return error;
  }

  /// Files of the old result that the new one does not have.
  void remove_old(const std::vector<std::string>& fresh) {
    for (const std::string& name : replaceable_)
      if (std::find(fresh.begin(), fresh.end(), name) == fresh.end()) has_replaced_ = true, unlink_plain(name);
  }

  void take_back() {
    if (has_replaced_) return;
    for (const auto& [name, number] : placed_)
      if (number_of(to_, name) == number) ::unlinkat(to_, name.c_str(), 0);
  }

  bool has_replaced() const { return has_replaced_; }

 private:
  int place(const std::string& temporary, const std::string& name) {
    const ino_t number = number_of(to_, temporary);
    const int error = rename_new(to_, temporary, to_, name);
    if (error == 0) placed_.emplace_back(name, number);
    return error;
  }

  int replace(const std::string& temporary, const std::string& name) {
    if (::renameat(to_, temporary.c_str(), to_, name.c_str()) != 0) return errno;
    has_replaced_ = true;
    return 0;
  }

  void unlink_plain(const std::string& name) { ::unlinkat(to_, name.c_str(), 0); }

  int from_, to_;
  const std::set<std::string>& replaceable_;
  std::vector<std::pair<std::string, ino_t>> placed_;
  bool has_replaced_ = false;
};

std::string failure_text(int to, const std::string& name, int error, bool has_replaced) {
  return fmt::format("cannot put '{}' into '{}': {}{}", name, present_path(to, ".").string(), std::strerror(error),
                     has_replaced ? "; what is there now is part of the old and part of the new result, and is refused "
                                    "wherever it is read"
                                  : "");
}

}  // namespace

std::string publish_in_place(int from, int to, const std::set<std::string>& replaceable) {
  const std::vector<std::string> names = names_in_order(from);
  Move move(from, to, replaceable);
  for (const std::string& name : names) {
    if (name == manifest_file) move.remove_old(names);
    if (const int error = move.put(name)) {
      move.take_back();
      return failure_text(to, name, error, move.has_replaced());
    }
  }
  sync_descriptor(to);
  return "";
}

}  // namespace chokepoint
