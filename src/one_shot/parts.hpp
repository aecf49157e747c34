#pragma once

#include <toml++/toml.h>

#include "chokepoint/one_shot.hpp"
#include "config/diagnostics.hpp"
#include "config/field.hpp"

/// What the files of the market reader (one_shot*.cpp) share.
namespace chokepoint {

/// Keys of a market file; the object is a OneShot.
const Table& one_shot_table();

/// Takes the list `shares` out of a parsed file, which the key table does not know, and appends a firm of fixed
/// quantity for each of its numbers.
void take_shares(toml::table& root, OneShot& one_shot, Diagnostics& diagnostics);

/// Checks that involve more than one key: references, keys that need or exclude each other, existence of an
/// equilibrium. Works on any OneShot, one with faults included.
void validate(const OneShot& one_shot, Diagnostics& diagnostics);

/// Path of an element in messages: "firm.east", or "firm[2]" where it has no name.
std::string element_path(const char* list, const std::string& name, std::size_t index);

}  // namespace chokepoint
