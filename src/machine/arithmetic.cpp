#include "machine/arithmetic.hpp"

#include <cfenv>
#include <limits>

namespace chokepoint {
namespace {

/// How sums are rounded whose exact value lies a quarter of the way from a number to its neighbour, further from zero.
/// volatile: the compiler would answer for its own machine.
template <class Real>
std::string rounding_of() {
  volatile Real one = 1, minus_one = -1, little = std::numeric_limits<Real>::epsilon() / 4;
  const volatile Real above = one + little, below = minus_one - little;
  const volatile Real inward = one - little / 2, minus_inward = minus_one + little / 2;
  const bool is_up = above > one || minus_inward > minus_one, is_down = below < minus_one || inward < one;
  if (is_up && is_down) return inward < one && minus_inward > minus_one && above == one ? "towards zero" : "mixed";
  return is_up ? "upward" : is_down ? "downward" : "nearest";
}

/// A unit that is set to fewer digits, as the x87 can be, loses the last one.
template <class Real>
bool has_all_digits() {
  volatile Real one = 1, last_digit = std::numeric_limits<Real>::epsilon();
  const volatile Real sum = one + last_digit;
  return sum > one;
}

template <class Real>
bool keeps_results() {
  volatile Real smallest_normal = std::numeric_limits<Real>::min(), half = Real(0.5);
  const volatile Real result = smallest_normal * half;
  return result > 0;
}

template <class Real>
bool keeps_operands() {
  volatile Real subnormal = std::numeric_limits<Real>::denorm_min(), large = 1 / std::numeric_limits<Real>::epsilon();
  const volatile Real raised = subnormal * large;
  return raised > 0;
}

}  // namespace

FloatingPointState floating_point_state() {
  FloatingPointState state;
  state.rounding = rounding_of<float>();
  // The compiler computes in long double for text, if at all; where that is the x87 it has modes of its own.
  if (rounding_of<double>() != state.rounding || rounding_of<long double>() != state.rounding ||
      !has_all_digits<long double>())
    state.rounding = "mixed";
  state.keeps_subnormal_results = keeps_results<float>() && keeps_results<double>();
  state.keeps_subnormal_operands = keeps_operands<float>() && keeps_operands<double>();
  return state;
}

void set_arithmetic() {
  std::fesetenv(FE_DFL_ENV);
}

void check_arithmetic() {
  if (!floating_point_state().good())
    throw ArithmeticError(
        "a library in this process made it round otherwise than to nearest, or drop subnormal numbers: results would "
        "differ from those of other machines; run without it (LD_PRELOAD?), and see chokepoint doctor");
}

}  // namespace chokepoint
