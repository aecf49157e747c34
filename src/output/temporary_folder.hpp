#pragma once

#include <filesystem>
#include <string>

#include "output/descriptor.hpp"

/// Folders in which results are written before they are published: `.chokepoint-HOST-PID-RANDOM`, holding a lock file
/// and the folder of the results itself. The lock (flock) is held for as long as the process lives, so that others can
/// tell a dead process's folder from a live one's, also on other machines if the file system supports locks across
/// them.
namespace chokepoint {

class TemporaryFolder {
 public:
  /// Makes it in an open folder. @param name of the folder for the results, that of the target: what the file system
  /// does not take as a name fails here and not after the run
  /// @throws std::system_error with the reason
  TemporaryFolder(int place, const std::string& name);
  /// Removes all that is left in it.
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  int number() const { return folder_.number(); }            ///< of the temporary folder
  int results() const { return results_.number(); }          ///< of the folder for the results, wherever it is by now
  const std::string& results_name() const { return name_; }  ///< its name in the temporary folder
  std::filesystem::path path() const;                        ///< of the folder for the results, as it is now

  /// Leaves the results where they are permanently: no later run will remove them.
  void abandon();
  /// Undoes that.
  void reclaim() { is_abandoned_ = false; }

 private:
  bool make(int place);

  std::string own_name_, name_;
  Descriptor place_, folder_, lock_, results_;
  bool is_abandoned_ = false;
};

/// Removes the temporary folders and files that dead runs left in a folder; never those of a live one, and never a file
/// that is not ours.
void remove_dead_folders(int place);

/// Name of a temporary file of this process: remove_dead_folders knows it by its prefix.
std::string temporary_name();
bool is_temporary_name(const std::string& name);

/// Removes the files of a result from an open folder that was replaced: those that its manifest lists, without one all
/// plain files. What else is there stays.
void remove_result_files(int folder);

}  // namespace chokepoint
