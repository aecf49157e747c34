#pragma once

#include <stdexcept>
#include <string>

/// The modes of the processor's arithmetic, which each thread has for itself: rounding, and whether subnormal numbers
/// are kept. Any library in the process may change them (one built with -ffast-math does), and a thread inherits those
/// of the thread that made it.
namespace chokepoint {

/// What arithmetic does in the calling thread, found out by computing: what the C library says of the modes is about
/// the x87 unit alone.
struct FloatingPointState {
  std::string rounding;  ///< "nearest", "upward", "downward", "towards zero", or "mixed" where the units disagree
  bool keeps_subnormal_results = false, keeps_subnormal_operands = false;
  bool good() const { return rounding == "nearest" && keeps_subnormal_results && keeps_subnormal_operands; }
};
FloatingPointState floating_point_state();

/// This process computes in modes in which results would differ from those of other machines.
class ArithmeticError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Sets the modes that results need, in the calling thread.
void set_arithmetic();

/// @throws ArithmeticError unless the calling thread computes in the modes that results need
void check_arithmetic();

}  // namespace chokepoint
