#pragma once

#include <signal.h>

#include <atomic>
#include <string>

/// Signals that ask the program to stop: all that can be caught and that end a program by default, those of its own
/// faults where somebody else sends them. They set a flag, and whatever takes long asks `stop_if_asked` now and then,
/// so that temporary files are removed on the way out. A second signal ends the program at once.
namespace chokepoint {

/// Thrown to end a command because of a signal. No std::exception: nobody on the way shall take it for a failure.
struct Stopped {
  int signal;  ///< SIGPIPE: the reader of standard output has gone
};

/// Prepares this process, once, before any thread is made: the signals that end a program by default ask it to stop,
/// except those that whoever started it had it ignore (nohup); limits of file sizes and readers that leave become
/// errors of write(); standard streams that are closed are opened, lest a file of results takes their number; and all
/// threads share one heap. The signals are held back until a thread receives them.
void prepare_process();

/// From here on the calling thread, which runs the command, gets the signals: a call in which it waits ends.
void receive_signals();

/// While it lives, threads that are made leave the signals to the one that makes them.
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

/// The results are there: a signal no longer changes what the command has done, and is not heeded any more.
void results_are_in_place();
bool are_results_in_place();

/// "SIGTERM"
std::string signal_name(int signal);

}  // namespace chokepoint
