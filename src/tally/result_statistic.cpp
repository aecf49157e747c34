#include <algorithm>
#include <cmath>
#include <optional>

#include "chokepoint/base/nan.hpp"
#include "chokepoint/result.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "tally/exact_moments.hpp"
#include "tally/sample_quantile.hpp"

namespace chokepoint {

namespace {

constexpr double shortfall_tail = 0.05;

/// Values of one bin: `count` of them, evenly from low to high, after `before` smaller ones.
struct Cell {
  double low, high;
  std::uint64_t before, count;
};

/// The occupied bins of a histogram in rising order: an approximate sorted sample.
class SortedSample {
 public:
  explicit SortedSample(const MeasureTally& tally)
      : spec_(tally.spec()),
        smallest_(static_cast<double>(from_order_key(tally.sums().smallest_key))),
        largest_(static_cast<double>(from_order_key(tally.sums().largest_key))) {
    tally.for_each_number([this](std::int32_t bin, std::uint64_t count) {
      cells_.push_back(cell(bin, count));
      size_ += count;
    });
  }

  std::uint64_t size() const { return size_; }

  double quantile(double level) const {
    return sample_quantile(size_, level, [this](std::uint64_t rank) { return value(rank); });
  }

  /// The value of rank `rank`, 0 the smallest.
  double value(std::uint64_t rank) const {
    const auto after = std::upper_bound(cells_.begin(), cells_.end(), rank,
                                        [](std::uint64_t r, const Cell& cell) { return r < cell.before; });
    const Cell& cell = *(after - 1);
    const double part = (static_cast<double>(rank - cell.before) + 0.5) / static_cast<double>(cell.count);
    return cell.low + part * (cell.high - cell.low);
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
    if (bin == zero_bin) return {within(0), within(0), size_, count};
    const double inner = within(static_cast<double>(inner_edge(spec_, bin)));
    if (spec_.is_discrete != 0) return {inner, inner, size_, count};
    const double outer = within(outer_edge(spec_, bin));
    return {std::min(inner, outer), std::max(inner, outer), size_, count};
  }

  BinSpec spec_;
  double smallest_, largest_;
  std::vector<Cell> cells_;
  std::uint64_t size_ = 0;
};

}  // namespace

Statistic statistic(const Tallies& tallies, int month, int measure) {
  return statistic(tallies, month, measure, QuantileRanks(tallies.at(month, measure).defined()));
}

Statistic statistic(const Tallies& tallies, int month, int measure, const QuantileRanks& ranks) {
  const MeasureTally& tally = tallies.at(month, measure);
  const SortedSample sample(tally);
  Statistic out{};
  out.defined = sample.size();
  out.missing = tally.count(missing_bin);
  out.invalid = tally.count(invalid_bin);
  out.mean = out.defined == 0 ? nan : exact_mean(tally.sums(), out.defined);
  out.variance = out.defined < 2 ? nan : exact_variance(tally.sums(), out.defined);
  out.standard_error = std::sqrt(out.variance / static_cast<double>(out.defined));
  const auto at = [&sample](std::optional<std::uint64_t> rank) { return rank ? sample.value(*rank) : nan; };
  for (std::size_t i = 0; i < quantile_levels.size(); ++i) {
    out.quantile[i] = sample.quantile(quantile_levels[i]);
    out.quantile_low[i] = at(ranks.low[i]);
    out.quantile_high[i] = at(ranks.high[i]);
  }
  out.shortfall_low5 = sample.lower_mean(shortfall_tail);
  out.shortfall_high5 = sample.upper_mean(shortfall_tail);
  out.smallest = out.defined == 0 ? nan : static_cast<double>(from_order_key(tally.sums().smallest_key));
  out.largest = out.defined == 0 ? nan : static_cast<double>(from_order_key(tally.sums().largest_key));
  return out;
}

double quantile(const Tallies& tallies, int month, int measure, double level) {
  return SortedSample(tallies.at(month, measure)).quantile(level);
}

}  // namespace chokepoint
