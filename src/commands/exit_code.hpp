#pragma once

namespace chokepoint {

/// What the program tells its caller. 128 + signal number where a signal ended it (130 for Ctrl-C, 143 for kill).
namespace exit_code {
inline constexpr int ok = 0;
inline constexpr int usage = 2;          ///< bad command line, config or input file
inline constexpr int resource = 3;       ///< no such device, out of memory, disk full, read-only target
inline constexpr int numerics = 4;       ///< --strict, and a path-step missed its tolerance
inline constexpr int checkpointed = 75;  ///< stopped on purpose, to be submitted again (not used yet)
inline constexpr int signalled = 128;
}  // namespace exit_code

}  // namespace chokepoint
