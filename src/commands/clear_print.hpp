#pragma once

#include <string>

#include "chokepoint/one_shot.hpp"

namespace chokepoint {

/// The equilibrium as tables for people.
std::string clear_table(const OneShot& one_shot, const ClearedMarkets& cleared);

/// The same as JSON, in full precision; what does not exist is null.
std::string clear_json(const OneShot& one_shot, const ClearedMarkets& cleared, const std::string& path);

}  // namespace chokepoint
