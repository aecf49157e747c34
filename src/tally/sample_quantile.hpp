#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace chokepoint {

/// The quantile of NumPy's default (Hyndman and Fan's seventh definition) of a sorted sample: rank level * (size - 1)
/// counted from 0, a straight line between neighbours. NaN for an empty one.
/// @param value_at the value of a rank, as a double
template <class ValueAt>
double sample_quantile(std::uint64_t size, double level, ValueAt value_at) {
  if (size == 0) return std::numeric_limits<double>::quiet_NaN();
  const double rank = level * static_cast<double>(size - 1);
  const std::uint64_t below = std::min(static_cast<std::uint64_t>(rank), size - 1);
  const double part = rank - static_cast<double>(below);
  const double first = value_at(below);
  return part > 0 ? first + part * (value_at(below + 1) - first) : first;
}

}  // namespace chokepoint
