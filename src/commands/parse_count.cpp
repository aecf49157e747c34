#include "commands/parse_count.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <type_traits>

#include "config/spelling.hpp"
#include "output/errors.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

/// A number in full, or nothing where the text is anything else. Numbers beyond a double's range become infinite or 0.
template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc()) return value;
  if constexpr (std::is_floating_point_v<Number>)
    if (error == std::errc::result_out_of_range) return std::strtod(text.c_str(), nullptr);
  return std::nullopt;
}

/// Why a text that is no whole number in range is not one.
std::string count_fault(const std::string& text, std::uint64_t low, std::uint64_t high) {
  const std::optional<double> value = number_of<double>(text);
  const std::string range = fmt::format("allowed: {} to {}", low, count_text(high));
  if (!value || std::isnan(*value)) return "is not a number; " + range + ", written as 10000 or 1e4";
  if (*value < 0 || text.starts_with('-')) return "is negative; " + range;
  // A double does not tell 2^62 from the number after it.
  const bool is_beyond = number_of<std::uint64_t>(text).value_or(0) > high;
  if (is_beyond || *value > static_cast<double>(high))
    return fmt::format("is too large; the largest is {}", count_text(high));
  if (*value != std::floor(*value) || (*value == 0 && text.find_first_of("123456789") < text.find_first_of("eE")))
    return "is not a whole number; " + range;
  if (*value < static_cast<double>(low)) return fmt::format("is too small; the smallest is {}", low);
  if (text.find_first_not_of("0123456789") == std::string::npos)
    return fmt::format("is too large; the largest is {}", count_text(high));
  return "is too large to be written as a fraction or power; write it in full";
}

}  // namespace

std::uint64_t parse_count(const std::string& text, const std::string& option, std::uint64_t low, std::uint64_t high) {
  std::optional<std::uint64_t> count = number_of<std::uint64_t>(text);
  if (!count) {
    const std::optional<double> value = number_of<double>(text);
    // Up to 2^53 a double holds every whole number, so 1e6 means what it says.
    if (value && *value >= 0 && *value <= 0x1p53 && *value == std::floor(*value))
      count = static_cast<std::uint64_t>(*value);
  }
  if (count && *count >= low && *count <= high) return *count;
  throw UsageError(fmt::format("{}: '{}' {}", option, shown(text), count_fault(text, low, high)));
}

}  // namespace chokepoint
