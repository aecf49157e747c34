#include "chokepoint/gpu/shared_paths.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace chokepoint {

SharedPaths::SharedPaths(Ledger paths, int threads, const std::atomic<bool>* stop,
                         std::function<void(std::uint64_t)> report)
    : wanted_(std::move(paths)),
      threads_(threads),
      stop_(stop),
      report_(std::move(report)),
      crew_(threads),
      waiting_(wanted_.ranges().rbegin(), wanted_.ranges().rend()) {}

void SharedPaths::run(const std::function<void(int)>& work) {
  struct AtWork {
    std::atomic<int>& number;
    ~AtWork() { --number; }
  };
  working_ = threads_;
  crew_.run(
      [&](int thread) {
        const AtWork at_work{working_};
        work(thread);
      },
      [this] { follow(); });
  if (report_) report_(done_);
}

/// Looks often, so that short work does not end late.
void SharedPaths::follow() const {
  constexpr int looks_per_report = 4;
  for (int looks = 1; working_ > 0 && !ended(); ++looks) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (report_ && looks % looks_per_report == 0) report_(done_);
  }
}

PathRange SharedPaths::take(std::uint64_t most) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (waiting_.empty() || ended()) return {};
  PathRange& next = waiting_.back();
  const PathRange taken{next.first, std::min(most, next.count)};
  next.first += taken.count;
  next.count -= taken.count;
  if (next.empty()) waiting_.pop_back();
  return taken;
}

void SharedPaths::give_back(const Ledger& paths) {
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_.insert(waiting_.end(), paths.ranges().rbegin(), paths.ranges().rend());
}

void SharedPaths::finish(const Ledger& paths, const std::function<void()>& count) {
  const std::lock_guard<std::mutex> lock(counting_);
  finished_.merge(paths);
  if (count) count();
}

}  // namespace chokepoint
