#pragma once

#include <cstdint>
#include <string>

/// Facts of the machine that the program runs on.
namespace chokepoint {

/// What arithmetic needs: round to nearest, and subnormal numbers kept (a library built with -ffast-math switches them
/// off for the whole process).
struct FloatingPointState {
  bool rounds_to_nearest = false, keeps_subnormal_results = false, keeps_subnormal_operands = false;
  bool good() const { return rounds_to_nearest && keeps_subnormal_results && keeps_subnormal_operands; }
};
FloatingPointState floating_point_state();

/// "nearest", "upward", "downward" or "towards zero".
std::string rounding_mode_name();

/// Bytes that this process may use: main memory, or less where a container or ulimit says so.
std::uint64_t memory_limit();

/// Cores that this process may run on.
int usable_cores();

std::string host_name();
std::string processor_name();  ///< as the system calls it; empty where it does not say

}  // namespace chokepoint
