#pragma once

#include <toml++/toml.h>

#include <string>

namespace chokepoint {

/// A TOML value for a message, on one line and cut where it is long: `"abc"`, `-5`, `[0.8, 0.2]`.
std::string value_text(const toml::node& node);

/// The type of a TOML value in words: "a string".
std::string type_words(const toml::node& node);

}  // namespace chokepoint
