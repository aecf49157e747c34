#pragma once

#include <cstdint>

#include "chokepoint/tally/exact_sum.hpp"

/// Means and variances from exact sums: whole numbers up to the last step, so nothing cancels however close together,
/// far apart or large the values are. Sums must have their carries taken.
namespace chokepoint {

/// The sum of `numbers` values over their number.
double exact_mean(const RowSums& sums, std::uint64_t numbers);

/// (n * sum of squares - square of the sum) / (n (n - 1)), the numerator exact; n >= 2.
double exact_variance(const RowSums& sums, std::uint64_t numbers);

bool is_zero(const RowSums& sums);

/// Whether that many numbers between the extremes can have these sums.
bool are_possible(const RowSums& sums, std::uint64_t numbers);

}  // namespace chokepoint
