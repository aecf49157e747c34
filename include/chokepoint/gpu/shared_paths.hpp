#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "chokepoint/base/crew.hpp"
#include "chokepoint/ledger.hpp"

namespace chokepoint {

/// Paths that a crew of threads shares: each takes blocks until none is left, while the thread that started them
/// reports. Which thread has which block never matters, as all that is counted are integers. Plain C++17, for cuda/
/// too.
class SharedPaths {
 public:
  /// @param stop ends the work early; may be null
  /// @param report is given the number of paths done by run()'s thread, some ten times a second and at the end; may be
  /// empty
  SharedPaths(Ledger paths, int threads, const std::atomic<bool>* stop, std::function<void(std::uint64_t)> report);

  /// Calls work(0), work(1), ... on threads of their own and waits for all.
  /// @throws as Crew::run
  void run(const std::function<void(int thread)>& work);

  // For the threads.

  /// Takes up to `most` paths that follow each other; none where none is left or the work has ended early.
  PathRange take(std::uint64_t most);
  /// Hands back paths that were taken and not finished, for others to take.
  void give_back(const Ledger& paths);
  /// Whether the work was stopped, or a thread has failed.
  bool ended() const { return crew_.failed() || (stop_ && stop_->load(std::memory_order_relaxed)); }
  /// For the report alone: paths that are done, whether or not they have been counted.
  void add_done(std::uint64_t paths) { done_ += paths; }
  void subtract_done(std::uint64_t paths) { done_ -= paths; }
  /// Counts paths as finished: `count` and the ledger change together, one thread at a time.
  /// @throws LedgerError where a path has been counted before; `count` is then not called
  void finish(const Ledger& paths, const std::function<void()>& count = {});

  // Once run() has returned.

  const Ledger& finished() const { return finished_; }
  bool is_complete() const { return finished_ == wanted_; }

 private:
  void follow() const;

  const Ledger wanted_;
  const int threads_;
  const std::atomic<bool>* const stop_;
  const std::function<void(std::uint64_t)> report_;
  Crew crew_;
  std::vector<PathRange> waiting_;  ///< the next to be taken at the end
  Ledger finished_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<int> working_{0};
  std::mutex mutex_, counting_;
};

}  // namespace chokepoint
