#pragma once

#include <toml++/toml.h>

#include <string>

#include "config/diagnostics.hpp"
#include "config/field.hpp"

namespace chokepoint {

/// Key at the top of a file that names the file on which it builds, relative to its own folder.
inline constexpr const char* extends_key = "extends";
/// Key that removes an element of the parent; it stands beside the element's name.
inline constexpr const char* remove_key = "remove";
/// Most files from a child to its last ancestor, both counted.
inline constexpr std::size_t longest_ancestry = 16;

/// Replaces a parsed file by the merged scenario: its ancestors, oldest first, each overlaid by its child (merge.hpp).
/// Every value keeps the place at which it was written. Without `extends` nothing changes.
/// @param file  names the file in messages; parents are looked for beside it
/// @return whether there was a parent
/// @throws ScenarioError if a parent is missing, is not a file, is too large, is not TOML, or is among its own
/// descendants
bool inherit(toml::table& root, const std::string& file, const Table& table, Diagnostics& diagnostics);

}  // namespace chokepoint
