#include "tally/exact_moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace chokepoint {
namespace {

constexpr int wide_digits = 2 * sum_digits + 2;

/// A whole number in digits of 32 bits; all but the last in [0, 2^32).
using Wide = std::array<std::int64_t, wide_digits>;

/// The number as a double, by Horner's rule from the top: exact until 53 bits are full, so off by some 2^-52 at most.
double to_double(const std::int64_t* digits, int size) {
  double value = 0;
  for (int k = size - 1; k >= 0; --k) value = value * 4294967296.0 + static_cast<double>(digits[k]);
  return value;
}

/// Adds a * b * 2^(32 place), b one digit.
void add_product(Wide& to, const std::int64_t* a, int size, std::uint64_t b, int place) {
  std::uint64_t carried = 0;
  for (int k = place; k < wide_digits; ++k) {
    const std::uint64_t digit = k - place < size ? static_cast<std::uint64_t>(a[k - place]) : 0;
    const std::uint64_t sum = digit * b + static_cast<std::uint64_t>(to[static_cast<std::size_t>(k)]) + carried;
    to[static_cast<std::size_t>(k)] = static_cast<std::int64_t>(sum & 0xffffffffU);
    carried = sum >> 32;
  }
}

Wide square_of(const std::int64_t (&sum)[sum_digits]) {
  std::int64_t size[sum_digits];
  const std::int64_t sign = sum[sum_digits - 1] < 0 ? -1 : 1;
  for (int k = 0; k < sum_digits; ++k) size[k] = sign * sum[k];
  carry(size);
  Wide out{};
  for (int k = 0; k < sum_digits; ++k) add_product(out, size, sum_digits, static_cast<std::uint64_t>(size[k]), k);
  return out;
}

/// n * (sum of squares) - (sum)^2
Wide spread_of(const RowSums& sums, std::uint64_t numbers) {
  Wide out{};
  add_product(out, sums.square, square_digits, numbers & 0xffffffffU, 0);
  add_product(out, sums.square, square_digits, numbers >> 32, 1);
  const Wide square = square_of(sums.sum);
  for (std::size_t k = 0; k < out.size(); ++k) out[k] -= square[k];
  for (std::size_t k = 0; k + 1 < out.size(); ++k) {
    out[k + 1] += out[k] >> 32;
    out[k] &= 0xffffffffLL;
  }
  return out;
}

bool all_zero(const std::int64_t* digits, int size) {
  return std::all_of(digits, digits + size, [](std::int64_t digit) { return digit == 0; });
}

}  // namespace

double exact_mean(const RowSums& sums, std::uint64_t numbers) {
  return std::ldexp(to_double(sums.sum, sum_digits) / static_cast<double>(numbers), sum_unit);
}

double exact_variance(const RowSums& sums, std::uint64_t numbers) {
  const Wide spread = spread_of(sums, numbers);
  const double n = static_cast<double>(numbers);
  return std::ldexp(to_double(spread.data(), wide_digits) / n / (n - 1), square_unit);
}

bool is_zero(const RowSums& sums) {
  return all_zero(sums.sum, sum_digits) && all_zero(sums.square, square_digits);
}

bool are_possible(const RowSums& sums, std::uint64_t numbers) {
  constexpr double rounding = 1e-12, least = 0x1p-126;
  const double smallest = static_cast<double>(from_order_key(sums.smallest_key));
  const double largest = static_cast<double>(from_order_key(sums.largest_key));
  const double size = std::max(std::fabs(smallest), std::fabs(largest)) * (1 + rounding) + least;
  const double mean = exact_mean(sums, numbers), n = static_cast<double>(numbers);
  const double square = std::ldexp(to_double(sums.square, square_digits), square_unit);
  return mean >= smallest - size * rounding - least && mean <= largest + size * rounding + least && square >= 0 &&
         square <= n * size * size && spread_of(sums, numbers).back() >= 0;
}

}  // namespace chokepoint
