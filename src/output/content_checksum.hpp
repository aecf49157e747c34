#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chokepoint {

/// What became of the content of a result.nc since it was written.
struct ContentCheck {
  std::string fault;                          ///< empty: intact
  std::vector<std::string> added_attributes;  ///< by other programs
};

ContentCheck check_content(const std::filesystem::path& file);

}  // namespace chokepoint
