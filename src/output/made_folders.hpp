#pragma once

#include <filesystem>
#include <vector>

namespace chokepoint {

/// Folders made on the way to a target. Those that were made here, and only those, go again if nothing came of it.
class MadeFolders {
 public:
  /// Makes a folder and those above it, where they are missing. @throws OutputError
  explicit MadeFolders(const std::filesystem::path& folder);
  /// Removes what was made, as far as it is empty.
  ~MadeFolders();
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  /// They stay.
  void keep() { made_.clear(); }

 private:
  void remove();

  std::vector<std::filesystem::path> made_;  ///< outermost first
};

}  // namespace chokepoint
