#pragma once

#include <stdexcept>
#include <string>

/// The modes of the processor's arithmetic, which each thread has for itself: rounding, and whether subnormal numbers
/// are kept. Any library in the process may change them (one built with -ffast-math does), and a thread inherits those
/// of the thread that made it.
namespace chokepoint {

/// How arithmetic behaves in the calling thread, found by computing: the C library reports only the modes of the x87
/// unit.
struct FloatingPointState {
  std::string rounding;  ///< "nearest", "upward", "downward", "towards zero", or "mixed" where the units disagree
  bool keeps_subnormal_results = false, keeps_subnormal_operands = false;
  bool good() const { return rounding == "nearest" && keeps_subnormal_results && keeps_subnormal_operands; }
};
FloatingPointState floating_point_state();

/// The arithmetic modes of this process would give results that differ from those of other machines.
class ArithmeticError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Sets the modes that results need, in the calling thread.
void set_arithmetic();

/// @throws ArithmeticError unless the calling thread computes in the modes that results need
void check_arithmetic();

}  // namespace chokepoint
