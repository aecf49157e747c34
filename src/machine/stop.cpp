#include "machine/stop.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace chokepoint {
namespace {

constexpr int stopping_signals[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGTERM, SIGUSR1, SIGUSR2,
                                    SIGXCPU, SIGALRM, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR};

std::atomic<bool> flag = false, in_place = false;
std::atomic<int> first_signal = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free, "used by a handler");

extern "C" void on_signal(int number) {
  int none = 0;
  if (first_signal.compare_exchange_strong(none, number)) {
    flag = !in_place;
  } else if (number != SIGXCPU) {  // the system repeats that one every second
    _exit(128 + number);
  }
}

/// Without SA_RESTART: a read or write that waits for a pipe shall end.
void heed(int number) {
  struct sigaction previous {}, wanted {};
  wanted.sa_handler = on_signal;
  sigemptyset(&wanted.sa_mask);
  if (::sigaction(number, nullptr, &previous) == 0 && previous.sa_handler != SIG_IGN)
    ::sigaction(number, &wanted, nullptr);
}

sigset_t stopping_set() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : stopping_signals) sigaddset(&set, number);
  return set;
}

/// Reading from it ends, and writing to it fails.
void open_if_closed(int stream, int mode) {
  if (::fcntl(stream, F_GETFD) >= 0) return;
  const int null = ::open("/dev/null", mode);  // the lowest number that is free
  if (null >= 0 && null != stream) {
    ::dup2(null, stream);
    ::close(null);
  }
}

}  // namespace

void prepare_process() {
  open_if_closed(STDIN_FILENO, O_RDONLY);
  open_if_closed(STDOUT_FILENO, O_RDONLY);
  open_if_closed(STDERR_FILENO, O_WRONLY);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const sigset_t stopping = stopping_set();
  ::pthread_sigmask(SIG_BLOCK, &stopping, nullptr);
  for (const int number : stopping_signals) heed(number);
  // Else each thread sets 64 MiB of address space aside, which under ulimit -v is not there for results.
  ::mallopt(M_ARENA_MAX, 1);
}

void receive_signals() {
  const sigset_t stopping = stopping_set();
  ::pthread_sigmask(SIG_UNBLOCK, &stopping, nullptr);
}

SignalsHeldBack::SignalsHeldBack() {
  const sigset_t stopping = stopping_set();
  ::pthread_sigmask(SIG_BLOCK, &stopping, &before_);
}

SignalsHeldBack::~SignalsHeldBack() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

const std::atomic<bool>* stop_flag() { return &flag; }

void stop_if_asked() {
  if (flag) throw Stopped{first_signal};
}

void results_are_in_place() {
  in_place = true;
  flag = false;
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

}  // namespace chokepoint
