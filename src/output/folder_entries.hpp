#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chokepoint {

/// What lies in a folder, links not followed.
struct FolderEntry {
  std::string name;
  bool is_file = false;  ///< a plain file
  bool is_folder = false;
};

/// All that lies in an open folder, by name. Opens nothing. Empty also where it can't be read; errno is 0 unless so.
std::vector<FolderEntry> entries_of(int folder);

/// Their number, and the removal of all that are no folders, by the same way. Neither opens or allocates anything.
std::size_t count_entries(int folder);
void remove_files(int folder);

}  // namespace chokepoint
