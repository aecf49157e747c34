#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace chokepoint {

/// Stack of a thread that runs paths: several times what the deepest of them needs (cmake/ChokepointOptions.cmake
/// limits each frame), whatever the limits of the system say. Only what is touched takes memory.
inline constexpr std::size_t worker_stack_bytes = std::size_t{2} << 20;

/// Threads that share a piece of work, on stacks of a stated size and in the default modes of arithmetic, which each
/// checks by computing when it begins and when it ends.
class Crew {
 public:
  /// @param threads 1 or more
  explicit Crew(int threads, std::size_t stack_bytes = worker_stack_bytes)
      : threads_(threads), stack_bytes_(stack_bytes) {}
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Calls work(0), work(1), ... each on a thread of its own, and `follow` meanwhile on this one. Returns when all have
  /// ended.
  /// @throws EngineError where a thread cannot be made, before any has begun to work; else what was thrown first, by
  /// the work or by `follow`, and ArithmeticError where the modes of a thread changed
  void run(const std::function<void(int thread)>& work, const std::function<void()>& follow = {});

  /// Whether something was thrown, so that the others may stop.
  bool failed() const { return failed_; }

 private:
  struct Member;
  int make(std::vector<Member>& members, int& made);
  static void* enter(void* member);
  void work_as(int thread) noexcept;
  void fail() noexcept;

  int threads_;
  std::size_t stack_bytes_;
  const std::function<void(int)>* work_ = nullptr;
  enum class Gate { closed, open, cancelled };
  std::atomic<Gate> gate_{Gate::closed};
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;
  std::mutex mutex_;
};

}  // namespace chokepoint
