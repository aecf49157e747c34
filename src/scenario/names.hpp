#pragma once

#include <string>

#include "chokepoint/scenario.hpp"
#include "config/field.hpp"

namespace chokepoint {

/// Position of `name` in `names`, or -1.
int index_of(const config::Names& names, const std::string& name);

/// The owner of a provider: itself where the config names none.
const std::string& owner_of(const config::Provider& provider);

/// Names that a key may refer to, and the word for what they name.
config::Names names_referred_to(const Scenario& scenario, Refers what);
const char* words_for(Refers what);

}  // namespace chokepoint
