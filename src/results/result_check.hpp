#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Checks whether a result folder is unchanged since it was written.
namespace chokepoint {

struct FolderCheck {
  std::vector<std::string> faults;            ///< ends of the sentence "'FOLDER' ..."; none: intact
  std::vector<std::string> unlisted;          ///< files and folders that no manifest lists
  std::vector<std::string> added_attributes;  ///< of result.nc, by other programs
  std::string digest;                         ///< of the result; empty for other folders
  std::size_t files = 0;                      ///< that were looked at
};

/// Checks every file that the manifest lists. Attributes may have been added to result.nc since: if its hash differs,
/// its content decides.
/// @param with_content checks the content of result.nc even if the hash is right
FolderCheck check_folder(const std::filesystem::path& folder, bool with_content);

/// For commands that go on to use a result: a folder, or the result.nc in one. Accepts a result without a manifest,
/// which older versions wrote and which a lone result.nc is.
/// @throws UsageError where a hash is wrong
void check_before_use(const std::filesystem::path& place);

}  // namespace chokepoint
