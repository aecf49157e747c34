#include "chokepoint/base/crew.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <cstring>

#include "chokepoint/engine.hpp"
#include "machine/arithmetic.hpp"
#include "machine/stop.hpp"

namespace chokepoint {
namespace {

/// std::thread knows no attributes.
class StackSize {
 public:
  explicit StackSize(std::size_t bytes) {
    pthread_attr_init(&attributes_);
    pthread_attr_setstacksize(&attributes_, bytes);
  }
  ~StackSize() { pthread_attr_destroy(&attributes_); }
  StackSize(const StackSize&) = delete;
  StackSize& operator=(const StackSize&) = delete;
  const pthread_attr_t* attributes() const { return &attributes_; }

 private:
  pthread_attr_t attributes_;
};

EngineError thread_error(int thread, int threads, int reason) {
  return EngineError(fmt::format(
      "cannot start thread {} of {}: {}; {}higher limits of processes (ulimit -u, pids.max of a container) and memory "
      "(ulimit -v)",
      thread + 1, threads, std::strerror(reason), threads > 1 ? "fewer --threads, or " : "it needs "));
}

}  // namespace

struct Crew::Member {
  Crew* crew;
  int number;
  pthread_t thread;
};

void* Crew::enter(void* member) {
  const Member& self = *static_cast<Member*>(member);
  self.crew->gate_.wait(Gate::closed);
  if (self.crew->gate_ == Gate::open) self.crew->work_as(self.number);
  return nullptr;
}

void Crew::work_as(int thread) noexcept {
  try {
    set_arithmetic();
    check_arithmetic();
    (*work_)(thread);
    check_arithmetic();
  } catch (...) {
    fail();
  }
}

void Crew::fail() noexcept {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::current_exception();
  failed_ = true;
}

/// @param made how many there are, filled in @return why there are no more, 0 where all are there
int Crew::make(std::vector<Member>& members, int& made) {
  const SignalsHeldBack held_back;
  const StackSize stack(stack_bytes_);
  for (Member& member : members) {
    member.crew = this;
    member.number = made;
    const int reason = pthread_create(&member.thread, stack.attributes(), enter, &member);
    if (reason != 0) return reason;
    ++made;
  }
  return 0;
}

void Crew::run(const std::function<void(int)>& work, const std::function<void()>& follow) {
  work_ = &work;
  gate_ = Gate::closed;
  std::vector<Member> members(static_cast<std::size_t>(threads_));
  int made = 0;
  const int reason = make(members, made);
  gate_ = reason == 0 ? Gate::open : Gate::cancelled;
  gate_.notify_all();
  try {
    if (follow && reason == 0) follow();
  } catch (...) {
    fail();
  }
  for (int k = 0; k < made; ++k) pthread_join(members[static_cast<std::size_t>(k)].thread, nullptr);
  if (reason != 0) throw thread_error(made, threads_, reason);
  if (error_) std::rethrow_exception(error_);
}

}  // namespace chokepoint
