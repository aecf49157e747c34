#include "commands/interrupt.hpp"

#include <unistd.h>

#include <csignal>

#include "commands/exit_code.hpp"

namespace chokepoint {
namespace {

std::atomic<bool> stop_flag = false;
std::atomic<int> signal_number = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free, "used by a handler");

void on_signal(int number) {
  if (stop_flag.exchange(true)) _exit(exit_code::signalled + number);
  signal_number = number;
}

}  // namespace

InterruptGuard::InterruptGuard()
    : previous_interrupt_(std::signal(SIGINT, on_signal)),
      previous_terminate_(std::signal(SIGTERM, on_signal)),
      previous_hangup_(std::signal(SIGHUP, on_signal)) {
  if (previous_hangup_ == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup
  if (previous_interrupt_ == SIG_IGN)
    std::signal(SIGINT, SIG_IGN);  // started with nohup or by a shell in the background
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, previous_interrupt_);
  std::signal(SIGTERM, previous_terminate_);
  std::signal(SIGHUP, previous_hangup_);
  stop_flag = false;
}

const std::atomic<bool>* InterruptGuard::flag() const {
  return &stop_flag;
}

int InterruptGuard::exit_code() const {
  return chokepoint::exit_code::signalled + signal_number;
}

}  // namespace chokepoint
