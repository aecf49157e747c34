#include "chokepoint/comparison.hpp"

#include <chrono>
#include <deque>

#include "analysis/comparison_match.hpp"
#include "analysis/comparison_statistic.hpp"
#include "analysis/comparison_tally.hpp"
#include "chokepoint/tally/tallies.hpp"

namespace chokepoint {
namespace {

using Scenarios = std::span<const Scenario* const>;

/// Octaves of a difference in a month, where memory is planned: of either sign and down to nothing.
constexpr double difference_octaves = 30;

/// One pair while it is walked.
struct PairInWork {
  explicit PairInWork(ScenarioPair matched, int months)
      : pair(std::move(matched)), layout(pair_layout(pair, months)), solved(layout), unsolved(layout) {}
  ScenarioPair pair;
  TallyLayout layout;
  SharedTallies solved, unsolved;
};

/// What one thread keeps of one pair.
struct PairThread {
  explicit PairThread(PairInWork& work) : solved(work.pair, work.solved), unsolved(work.pair, work.unsolved) {}

  void add(std::uint64_t first_path, const PathRows& base, const PathRows& other) {
    std::vector<int> solved_paths, unsolved_paths;
    for (int path = 0; path < base.paths; ++path) {
      const auto k = static_cast<std::size_t>(path);
      (base.unsolved[k] != 0 || other.unsolved[k] != 0 ? unsolved_paths : solved_paths).push_back(path);
    }
    solved.add(first_path, solved_paths, base, other);
    unsolved.add(first_path, unsolved_paths, base, other);
  }
  void flush() {
    solved.flush();
    unsolved.flush();
  }

  PairPart solved, unsolved;
};

struct ThreadState {
  ThreadState(std::size_t scenarios, std::deque<PairInWork>& work) : walked(scenarios) {
    for (PairInWork& pair : work) pairs.emplace_back(pair);
  }
  void add(std::uint64_t first_path, std::span<const PathRows> rows) {
    for (std::size_t k = 0; k < rows.size(); ++k) add_paths(walked[k], first_path, rows[k]);
    for (std::size_t k = 0; k < pairs.size(); ++k) pairs[k].add(first_path, rows[0], rows[k + 1]);
  }

  std::vector<WalkedPaths> walked;
  std::vector<PairThread> pairs;
};

std::deque<PairInWork> match_all(Scenarios scenarios) {
  if (scenarios.size() < 2) throw ComparisonError("a comparison needs two scenarios or more");
  std::deque<PairInWork> pairs;  // which never moves what others point at
  for (std::size_t k = 1; k < scenarios.size(); ++k) {
    int months = 0;
    ScenarioPair pair = match_scenarios(*scenarios[0], *scenarios[k], months);
    pair.other = k;
    pairs.emplace_back(std::move(pair), months);
  }
  return pairs;
}

/// Statistics of the solved paths alone come first: then the unsolved ones are added, and nothing is copied.
ScenarioPair finished(PairInWork& work) {
  TalliesPointer tallies = work.solved.release();
  const TalliesPointer unsolved = work.unsolved.release();
  if (!tallies) tallies = std::make_unique<Tallies>(work.layout);
  if (unsolved) {
    work.pair.solved = differences_of(work.pair, *tallies);
    work.pair.unsolved_paths = unsolved->totals().paths;
    tallies->merge(*unsolved);
  }
  work.pair.all = differences_of(work.pair, *tallies);
  return std::move(work.pair);
}

void add(WalkedPaths& sum, const WalkedPaths& part) {
  sum.unsolved_paths += part.unsolved_paths;
  sum.checksum_sum += part.checksum_sum;
  sum.checksum_xor ^= part.checksum_xor;
}

}  // namespace

Comparison compare_scenarios(Scenarios scenarios, const RunOptions& options, const RunControl& control) {
  const auto start = std::chrono::steady_clock::now();
  std::deque<PairInWork> work = match_all(scenarios);
  Comparison out;
  out.paths = options.paths;
  out.engine = resolve_walk_engine(options.engine);
  out.threads = planned_walk(scenarios, options).threads;
  out.walked.resize(scenarios.size());
  std::vector<ThreadState> threads;
  for (int thread = 0; thread < out.threads; ++thread) threads.emplace_back(scenarios.size(), work);
  const PathVisitor visit = [&threads](int thread, std::uint64_t first_path, std::span<const PathRows> rows) {
    threads[static_cast<std::size_t>(thread)].add(first_path, rows);
  };
  out.interrupted = !walk_paths(scenarios, options, visit, control);
  if (out.interrupted) return out;
  for (ThreadState& thread : threads) {
    for (std::size_t k = 0; k < scenarios.size(); ++k) add(out.walked[k], thread.walked[k]);
    for (PairThread& pair : thread.pairs) pair.flush();
  }
  threads.clear();
  for (PairInWork& pair : work) out.pairs.push_back(finished(pair));
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

std::uint64_t planned_comparison_memory(Scenarios scenarios, const RunOptions& options) {
  std::uint64_t shared = 0, per_thread = 0;
  for (const PairInWork& work : match_all(scenarios)) {
    shared += tally_bytes(work.layout, difference_octaves);
    per_thread += thread_tally_bytes(work.layout, difference_octaves);
  }
  const WorkPlan walk = planned_walk(scenarios, options);
  return shared + per_thread * static_cast<std::uint64_t>(walk.threads) + walk.bytes;
}

}  // namespace chokepoint
