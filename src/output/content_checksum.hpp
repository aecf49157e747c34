#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chokepoint {

class NetcdfReader;

/// The checksums in a result.nc: it lists every dimension, variable and attribute that was written, with a hash
/// (content_list.hpp).
struct ContentCheck {
  std::string fault;  ///< empty: intact; else what is not as it was written, for people: "attribute :seed was changed"
  std::vector<std::string> added_attributes;  ///< by others, as ncdump shows them: ":note", "firms_mean:comment"
  /// Of the file; 0 where it cannot be read. Files of format 1 (chokepoint 0.2.0) hold no list: it can only be checked
  /// that they open.
  int format_version = 0;
};

/// Reads all of a file and compares it with what was written. Attributes that others added are no fault; neither is a
/// `history` that programs have added lines to. A child process does it, so that no damage can crash this one.
/// @throws ResourceError where reading fails; std::bad_alloc. Anything else is in the fault
ContentCheck check_content(const std::filesystem::path& file);

/// The same within this process, for a file that is open.
ContentCheck check_content(const NetcdfReader& file);

}  // namespace chokepoint
