#pragma once

namespace chokepoint {

/// The exit codes of the program. 128 + signal number if a signal ended it.
namespace exit_code {

inline constexpr int ok = 0;
inline constexpr int usage = 2;
inline constexpr int resource = 3;
inline constexpr int numerics = 4;
inline constexpr int checkpointed = 75;
inline constexpr int signalled = 128;

struct Meaning {
  const char* code;
  const char* meaning;
};

/// For `schema --exit-codes` and the table of README.md.
inline constexpr Meaning meanings[] = {
    {"0", "done"},
    {"2", "bad command line, config or input file"},
    {"3", "no such device, out of memory, disk full, target not writable, anything unexpected"},
    {"4",
     "numerics: `--strict` and something unsolved, a market without equilibrium, a process whose arithmetic is not "
     "sound"},
    {"75", "reserved for runs that pause and resume later; not used yet"},
    {"128 + n",
     "stopped by signal n (130 Ctrl-C, 143 kill, 138 SIGUSR1, 152 SIGXCPU, ...); nothing was written. 141, without a "
     "message: the reader of standard output has closed it"},
};

}  // namespace exit_code

}  // namespace chokepoint
