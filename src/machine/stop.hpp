#pragma once

#include <signal.h>

#include <atomic>
#include <string>

/// Signals that ask the program to stop: all that can be caught and that end a program by default, and the signals of a
/// crash if another process sends them. They set a flag. Long computations call `stop_if_asked` now and then, so that
/// temporary files are removed on the way out. A second signal ends the program at once.
namespace chokepoint {

/// Thrown to end a command because of a signal. Not a std::exception, so that no handler on the way treats it as a
/// failure.
struct Stopped {
  int signal;  ///< SIGPIPE: the reader of standard output has gone
};

/// Prepares this process, once, before any thread is made: the signals that end a program by default ask it to stop,
/// except those that its parent set to be ignored (nohup); limits of file sizes and readers that leave become errors of
/// write(); closed standard streams are opened, so that no file of results gets their number; and all threads share one
/// heap. The signals are blocked until a thread receives them.
void prepare_process();

/// From here on the calling thread, which runs the command, receives the signals; they interrupt a call in which it
/// waits.
void receive_signals();

/// While it lives, new threads leave the signals to the thread that creates them.
class SignalsHeldBack {
 public:
  SignalsHeldBack();
  ~SignalsHeldBack();
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

 private:
  sigset_t before_;
};

/// For loops that look for themselves.
const std::atomic<bool>* stop_flag();

/// @throws Stopped where a signal has come
void stop_if_asked();

/// The results are in place: from now on signals are ignored, as they can no longer change what the command has done.
void results_are_in_place();
bool are_results_in_place();

/// "SIGTERM"
std::string signal_name(int signal);

}  // namespace chokepoint
