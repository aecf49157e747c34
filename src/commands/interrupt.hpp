#pragma once

#include <atomic>

namespace chokepoint {

/// While it lives, Ctrl-C, kill and the end of the session ask the run to stop instead of ending the program, so that temporary files are
/// removed. A second signal ends the program at once. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  const std::atomic<bool>* flag() const;
  bool interrupted() const { return flag()->load(); }
  /// 130, 143, or 129 for a session that was closed.
  int exit_code() const;

 private:
  using Handler = void (*)(int);
  Handler previous_interrupt_, previous_terminate_, previous_hangup_;
};

}  // namespace chokepoint
