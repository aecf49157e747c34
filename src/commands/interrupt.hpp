#pragma once

#include <atomic>

namespace chokepoint {

/// While it lives, Ctrl-C and kill ask the run to stop instead of ending the program, so that temporary files are
/// removed. A second signal ends the program at once. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  const std::atomic<bool>* flag() const;
  bool interrupted() const { return flag()->load(); }
  /// 130 or 143.
  int exit_code() const;

 private:
  using Handler = void (*)(int);
  Handler previous_interrupt_, previous_terminate_;
};

}  // namespace chokepoint
