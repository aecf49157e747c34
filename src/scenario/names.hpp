#pragma once

#include <string>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Position of `name` in `names`, or -1.
int index_of(const config::Names& names, const std::string& name);

/// The owner of a provider: itself where the config names none.
const std::string& owner_of(const config::Provider& provider);

}  // namespace chokepoint
