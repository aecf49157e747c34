#include "tally/exact_quantiles.hpp"

#include <algorithm>
#include <atomic>
#include <limits>

#include "chokepoint/base/crew.hpp"
#include "chokepoint/base/nan.hpp"
#include "chokepoint/tally/histogram.hpp"
#include "tally/sample_quantile.hpp"

namespace chokepoint {
namespace {

/// Where what is no number goes: behind all that are. An infinity itself counts as none (histogram.hpp).
constexpr float behind_all = std::numeric_limits<float>::infinity();

/// Adding zero makes a negative zero a positive one, and changes nothing else.
float sortable(float value) {
  return unusable_mask(bits_of(value)) != 0 ? behind_all : value + 0.0F;
}

template <class ValueAt>
ExactStatistic statistic_of(std::uint64_t size, ValueAt value_at) {
  ExactStatistic out{{}, nan, nan, size};
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    out.quantile[i] = sample_quantile(size, quantile_levels[i], value_at);
  if (size == 0) return out;
  out.smallest = value_at(0);
  out.largest = value_at(size - 1);
  return out;
}

/// A sorted row, and which of its entries belong to unsolved paths.
class SortedRow {
 public:
  /// @param unsolved values of the unsolved paths, in any order
  SortedRow(std::span<const float> row, std::vector<float> unsolved) : row_(row), size_(rank_of(behind_all)) {
    sort_row(unsolved);
    for (const float value : unsolved)
      if (value != behind_all) removed_.push_back(rank_of(value));
  }

  ExactStatistic all() const {
    return statistic_of(size_, [this](std::uint64_t rank) { return value(rank); });
  }

  ExactStatistic solved() const {
    return statistic_of(size_ - removed_.size(), [this](std::uint64_t rank) {
      for (const std::uint64_t removed : removed_) {
        if (removed > rank) break;
        ++rank;
      }
      return value(rank);
    });
  }

 private:
  std::uint64_t rank_of(float value) const {
    return static_cast<std::uint64_t>(std::lower_bound(row_.begin(), row_.end(), value) - row_.begin());
  }
  double value(std::uint64_t rank) const { return static_cast<double>(row_[static_cast<std::size_t>(rank)]); }

  std::span<const float> row_;
  std::uint64_t size_;
  std::vector<std::uint64_t> removed_;  ///< ranks, rising; of equal values, the rank of the first for each
};

/// Calls `task` with each number under `count`, on some threads, until `stop` is set.
template <class Task>
void share_out(std::size_t count, int threads, const std::atomic<bool>& stop, const Task& task) {
  std::atomic<std::size_t> next{0};
  Crew crew(threads);
  crew.run([&](int) {
    for (std::size_t number = next++; number < count && !stop && !crew.failed(); number = next++) task(number);
  });
}

}  // namespace

void sort_row(std::span<float> row) {
  std::sort(row.begin(), row.end());
}

void take_exact_quantiles(PathValues& values, const std::vector<std::uint64_t>& unsolved, int threads,
                          const RowSorter& sort, const std::atomic<bool>* stop, RunOutcome& outcome) {
  static constexpr std::atomic<bool> never{false};
  const std::atomic<bool>& stopped = stop ? *stop : never;
  ExactQuantiles all{values.measures(), std::vector<ExactStatistic>(values.rows())}, solved = all;
  share_out(values.rows(), threads, stopped, [&](std::size_t number) {
    const std::span<float> row = values.row(number);
    std::transform(row.begin(), row.end(), row.begin(), sortable);
    std::vector<float> unsolved_values;
    for (const std::uint64_t path : unsolved) unsolved_values.push_back(row[static_cast<std::size_t>(path)]);
    sort(row);
    const SortedRow sorted(row, std::move(unsolved_values));
    all.statistics[number] = sorted.all();
    solved.statistics[number] = sorted.solved();
  });
  outcome.interrupted = outcome.interrupted || stopped;
  if (outcome.interrupted) return;
  outcome.exact = std::move(all);
  if (!unsolved.empty()) outcome.exact_solved = std::move(solved);
}

}  // namespace chokepoint
