#pragma once

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

}  // namespace chokepoint
