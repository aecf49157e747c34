#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "chokepoint/comparison.hpp"
#include "chokepoint/path_walk.hpp"
#include "chokepoint/tally/thread_tallies.hpp"

/// The tallies of a comparison. A row holds, for each of the K measures of a pair, first the differences, then the
/// levels of the base, those of the other scenario and how the two compare; last, whether anything differs this month.
namespace chokepoint {

/// How a measure of one path compares; the values that are tallied.
enum class Order : int { equal, lower, higher, only_base, only_other };
inline constexpr int order_count = 5;

/// Places in a row.
struct PairRow {
  int measures;
  int difference(int measure) const { return measure; }
  int base(int measure) const { return measures + measure; }
  int other(int measure) const { return 2 * measures + measure; }
  int order(int measure) const { return 3 * measures + measure; }
  int differs() const { return 4 * measures; }
};

/// Layout of a row with one event: the first month in which anything differs.
TallyLayout pair_layout(const ScenarioPair& pair, int months);

/// Tallies that threads flush into, made when first needed.
class SharedTallies {
 public:
  explicit SharedTallies(const TallyLayout& layout) : layout_(layout) {}
  const TallyLayout& layout() const { return layout_; }
  void take(ThreadTallies& part);
  /// The tallies so far; null if there are none.
  TalliesPointer release() { return std::move(tallies_); }

 private:
  const TallyLayout& layout_;
  std::mutex mutex_;
  TalliesPointer tallies_;
};

/// One thread's part of the tallies of a pair: of the solved paths, or of the unsolved ones.
class PairPart {
 public:
  PairPart(const ScenarioPair& pair, SharedTallies& shared) : pair_(pair), shared_(shared) {}

  /// Takes some paths of a batch.
  /// @param paths places in the batch, rising
  void add(std::uint64_t first_path, std::span<const int> paths, const PathRows& base, const PathRows& other);
  /// Flushes the rest. Call once, at the end.
  void flush();

 private:
  void make();
  void add_chunk(std::uint64_t first_path, std::span<const int> paths, const PathRows& base, const PathRows& other);
  void fill_month(int month, std::span<const int> paths, const PathRows& base, const PathRows& other);

  const ScenarioPair& pair_;
  SharedTallies& shared_;
  std::unique_ptr<ThreadTallies> tallies_;  ///< made with the first path: unsolved ones are rare
  std::vector<float> rows_;                 ///< [row][tally_block] of one month
};

/// Adds a batch to the checksums and unsolved paths of its scenario.
void add_paths(WalkedPaths& walked, std::uint64_t first_path, const PathRows& rows);

}  // namespace chokepoint
