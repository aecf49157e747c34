#pragma once

#include <filesystem>
#include <vector>

namespace chokepoint {

/// Folders created on the way to a target. Only those that were created here are removed again if the command produces
/// nothing.
class MadeFolders {
 public:
  /// Makes a folder and those above it, where they are missing. @throws OutputError
  explicit MadeFolders(const std::filesystem::path& folder);
  /// Removes what was made, as far as it is empty.
  ~MadeFolders();
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  /// Keeps the folders.
  void keep() { made_.clear(); }

 private:
  void remove();

  std::vector<std::filesystem::path> made_;  ///< outermost first
};

}  // namespace chokepoint
