#pragma once

#include <cstdint>
#include <string>

namespace chokepoint {

/// A whole number from `low` to `high`. Accepts "250000", "2.5e5" and "1e6"; refuses signs, fractions, NaN, overflow.
/// @param option named in the message
/// @throws UsageError
std::uint64_t parse_count(const std::string& text, const std::string& option, std::uint64_t low, std::uint64_t high);

}  // namespace chokepoint
