#include <algorithm>
#include <cmath>
#include <limits>

#include "chokepoint/result.hpp"
#include "engine/sample_quantile.hpp"

namespace chokepoint {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double tail = 0.05;

/// Values of one bin: `count` of them, evenly from low to high, after `before` smaller ones.
struct Cell {
  double low, high;
  std::uint64_t before, count;
};

/// The occupied bins of a histogram in rising order: an approximate sorted sample.
class SortedSample {
 public:
  SortedSample(const Tallies& tallies, int month, int measure)
      : spec_(tallies.layout().specs[static_cast<std::size_t>(measure)]),
        smallest_(static_cast<double>(from_order_key(tallies.moments(month, measure).smallest_key))),
        largest_(static_cast<double>(from_order_key(tallies.moments(month, measure).largest_key))) {
    const std::uint64_t* counts = tallies.counts(month, measure);
    for (std::int32_t bin = 0; bin < missing_bin(spec_); ++bin) {
      if (counts[bin] == 0) continue;
      cells_.push_back(cell(bin, counts[bin]));
      size_ += counts[bin];
    }
  }

  std::uint64_t size() const { return size_; }

  double quantile(double level) const {
    return sample_quantile(size_, level, [this](std::uint64_t rank) { return value(rank); });
  }

  /// Mean of the lowest `share` of the values; the last may count in part.
  double lower_mean(double share) const {
    double wanted = share * static_cast<double>(size_), sum = 0;
    for (const Cell& cell : cells_) {
      const double taken = std::min(wanted, static_cast<double>(cell.count));
      const double reach = taken / static_cast<double>(cell.count);
      sum += taken * (cell.low + 0.5 * reach * (cell.high - cell.low));
      wanted -= taken;
      if (wanted <= 0) break;
    }
    return size_ == 0 ? nan : sum / (share * static_cast<double>(size_));
  }

  double upper_mean(double share) const {
    double wanted = share * static_cast<double>(size_), sum = 0;
    for (auto cell = cells_.rbegin(); cell != cells_.rend() && wanted > 0; ++cell) {
      const double taken = std::min(wanted, static_cast<double>(cell->count));
      const double reach = taken / static_cast<double>(cell->count);
      sum += taken * (cell->high - 0.5 * reach * (cell->high - cell->low));
      wanted -= taken;
    }
    return size_ == 0 ? nan : sum / (share * static_cast<double>(size_));
  }

 private:
  double within(double value) const { return std::min(std::max(value, smallest_), largest_); }

  /// Edges as far as the extremes reach: so a measure that is the same on all paths, or a share of 1, is exact.
  Cell cell(std::int32_t bin, std::uint64_t count) const {
    if (bin == spec_.zero_bin || (spec_.range.is_discrete != 0 && bin != 0 && bin != overflow_bin(spec_))) {
      const bool is_negative = bin < spec_.zero_bin;  // of a whole number, the edge nearer to zero is the value
      const double value = within(static_cast<double>(is_negative ? bin_high(spec_, bin) : bin_middle(spec_, bin)));
      return {value, value, size_, count};
    }
    const double low = bin == 0 ? smallest_ : static_cast<double>(bin_low(spec_, bin));
    const double high = bin == overflow_bin(spec_) ? largest_ : static_cast<double>(bin_high(spec_, bin));
    return {within(low), within(high), size_, count};
  }

  /// The value of rank `rank`, 0 the smallest.
  double value(std::uint64_t rank) const {
    const auto after = std::upper_bound(cells_.begin(), cells_.end(), rank,
                                        [](std::uint64_t r, const Cell& cell) { return r < cell.before; });
    const Cell& cell = *(after - 1);
    const double part = (static_cast<double>(rank - cell.before) + 0.5) / static_cast<double>(cell.count);
    return cell.low + part * (cell.high - cell.low);
  }

  const HistogramSpec& spec_;
  double smallest_, largest_;
  std::vector<Cell> cells_;
  std::uint64_t size_ = 0;
};

double mean_of(const Moments& moments, std::uint64_t size, double scale) {
  if (size == 0) return nan;
  const Integer128 sum = moments.high * (1 << 22) + moments.low;
  return static_cast<double>(sum) / static_cast<double>(size) / (static_cast<double>(fixed_point_low_scale) * scale);
}

/// Deviations are taken from a whole number next to the mean, in integers: nothing cancels.
double variance_of(const Moments& moments, std::uint64_t size, double scale) {
  if (size < 2) return nan;
  const Integer128 n = static_cast<Integer128>(size);
  const Integer128 centre = moments.high / n;
  const double sum = static_cast<double>(moments.high - centre * n);
  const double square = static_cast<double>(moments.square - 2 * centre * moments.high + centre * centre * n);
  const double spread = square - sum * sum / static_cast<double>(size);
  return std::max(0.0, spread) / static_cast<double>(size - 1) / (scale * scale);
}

}  // namespace

Statistic statistic(const Tallies& tallies, int month, int measure) {
  const HistogramSpec& spec = tallies.layout().specs[static_cast<std::size_t>(measure)];
  const Moments& moments = tallies.moments(month, measure);
  const std::uint64_t* counts = tallies.counts(month, measure);
  const SortedSample sample(tallies, month, measure);
  Statistic out{};
  out.defined = sample.size();
  out.missing = counts[missing_bin(spec)];
  out.invalid = counts[invalid_bin(spec)];
  out.clipped = counts[0] + counts[overflow_bin(spec)];
  out.mean = mean_of(moments, out.defined, static_cast<double>(spec.scale));
  out.variance = variance_of(moments, out.defined, static_cast<double>(spec.scale));
  out.standard_error = std::sqrt(out.variance / static_cast<double>(out.defined));
  for (std::size_t i = 0; i < quantile_levels.size(); ++i) out.quantile[i] = sample.quantile(quantile_levels[i]);
  out.shortfall_low5 = sample.lower_mean(tail);
  out.shortfall_high5 = sample.upper_mean(tail);
  out.smallest = out.defined == 0 ? nan : static_cast<double>(from_order_key(moments.smallest_key));
  out.largest = out.defined == 0 ? nan : static_cast<double>(from_order_key(moments.largest_key));
  return out;
}

double quantile(const Tallies& tallies, int month, int measure, double level) {
  return SortedSample(tallies, month, measure).quantile(level);
}

}  // namespace chokepoint
