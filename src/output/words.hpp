#pragma once

#include <cstdint>
#include <string>

/// Numbers as people read them.
namespace chokepoint {

/// "1,234,567".
std::string count_text(std::uint64_t count);

/// "1 path", "2,000 paths".
std::string count_text(std::uint64_t count, const std::string& noun);

/// "1.5 MiB".
std::string bytes_text(std::uint64_t bytes);

/// "0.52 s", "3 min 12 s", "2 h 5 min".
std::string duration_text(double seconds);

/// A number to `digits` significant digits, never in exponential form between 1e-4 and 1e9.
std::string number_words(double value, int digits = 4);

/// A share as "12.3 %"; with two digits where one decimal would hide that it is not zero.
std::string percent_words(double share);

}  // namespace chokepoint
