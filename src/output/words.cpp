#include "output/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace chokepoint {

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string count_text(std::uint64_t count, const std::string& noun) {
  return count_text(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes) / 1024;
  const char* const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < std::size(units)) size /= 1024, ++unit;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds > 3.2e9) return "over a century";
  if (seconds < 59.5) return fmt::format("{:.{}f} s", seconds, seconds < 9.95 ? 2 : 0);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

std::string number_words(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e9)) return fmt::format("{:.{}e}", value, digits - 1);
  const int leading = size == 0 ? 0 : static_cast<int>(std::floor(std::log10(size)));
  return fmt::format("{:.{}f}", value, std::clamp(digits - 1 - leading, 0, 8));
}

std::string percent_words(double share) {
  if (std::isnan(share)) return "-";
  const bool is_rare = share > 0 && share < 0.01;
  return is_rare ? number_words(100 * share, 2) + " %" : fmt::format("{:.1f} %", 100 * share);
}

}  // namespace chokepoint
