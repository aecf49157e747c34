#include "machine/stop.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <iterator>

namespace chokepoint {
namespace {

/// Those that end a program by default and that something outside it sends; besides them, the real-time signals.
constexpr int asking_signals[] = {SIGHUP,  SIGINT,    SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,  SIGXCPU,
                                  SIGALRM, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT};
/// Those by which a program dies of its own fault. Sent from outside (kill -ABRT), they ask as the others do.
constexpr int fault_signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};

template <class Each>
void for_stopping_signals(Each each) {
  for (const int number : asking_signals) each(number);
  for (const int number : fault_signals) each(number);
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) each(number);
}

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

/// A fault of this process ends it as if nobody listened, core dump included; its temporary folder goes with the next
/// run into the same place. `si_code` above 0 is the system's own: a bad access, say.
extern "C" void on_fault_signal(int number, siginfo_t* info, void*) {
  const bool is_from_outside = info->si_code <= 0 && info->si_pid != ::getpid();
  if (is_from_outside) return on_signal(number);
  ::signal(number, SIG_DFL);
  ::raise(number);
}

/// Without SA_RESTART: a read or write that waits for a pipe shall end.
void heed(int number) {
  const bool is_fault =
      std::find(std::begin(fault_signals), std::end(fault_signals), number) != std::end(fault_signals);
  struct sigaction previous {
  }, wanted{};
  if (is_fault) {
    wanted.sa_flags = SA_SIGINFO;
    wanted.sa_sigaction = on_fault_signal;
  } else {
    wanted.sa_handler = on_signal;
  }
  sigemptyset(&wanted.sa_mask);
  if (::sigaction(number, nullptr, &previous) == 0 && previous.sa_handler != SIG_IGN)
    ::sigaction(number, &wanted, nullptr);
}

sigset_t stopping_set() {
  sigset_t set;
  sigemptyset(&set);
  for_stopping_signals([&set](int number) { sigaddset(&set, number); });
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
  for_stopping_signals(heed);
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

SignalsHeldBack::~SignalsHeldBack() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

const std::atomic<bool>* stop_flag() {
  return &flag;
}

void stop_if_asked() {
  if (flag) throw Stopped{first_signal};
}

void results_are_in_place() {
  in_place = true;
  flag = false;
}

bool are_results_in_place() {
  return in_place;
}

std::string signal_name(int signal) {
  if (signal == SIGRTMIN) return "SIGRTMIN";
  if (signal > SIGRTMIN && signal < SIGRTMAX) return "SIGRTMIN+" + std::to_string(signal - SIGRTMIN);
  if (signal == SIGRTMAX) return "SIGRTMAX";
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

}  // namespace chokepoint
