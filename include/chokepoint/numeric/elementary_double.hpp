#pragma once

#include "chokepoint/numeric/lanes.hpp"

/// exp2, log2 and the normal quantile in double, for the reference engine. Own code too, so that the reference gives
/// the same bits on every machine; speed is no concern. They take the whole range of double, subnormal numbers
/// included: one-shot markets may hold what float could not.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// 2^n for -1022 <= n <= 1023.
CHOKEPOINT_INLINE double double_power_of_two(std::int32_t n) {
  return double_of((std::uint64_t{1023} + static_cast<std::uint64_t>(static_cast<std::int64_t>(n))) << 52);
}

/// 2^x for -1074 <= x < 1024, the nearer end beyond. NaN gives NaN. The Taylor series, to the 13th power.
CHOKEPOINT_INLINE double exp2(double x) {
  x = clamp(x, -1074.0, 0x1.fffffffffffffp+9);
  const double shifter = 6755399441055744.0;  // 1.5 * 2^52: as in the float version
  const double shifted = x + shifter;
  const auto whole = static_cast<std::int32_t>(static_cast<std::uint32_t>(bits_of(shifted)));
  const double f = x - (shifted - shifter);
  double p = 0x1.816193166d0f9p-40;
  p = fma(p, f, 0x1.c3bd650fc2986p-36);
  p = fma(p, f, 0x1.e8cac7351bb25p-32);
  p = fma(p, f, 0x1.e4cf5158b8ecap-28);
  p = fma(p, f, 0x1.b5253d395e7c4p-24);
  p = fma(p, f, 0x1.62c0223a5c824p-20);
  p = fma(p, f, 0x1.ffcbfc588b0c7p-17);
  p = fma(p, f, 0x1.430912f86c787p-13);
  p = fma(p, f, 0x1.5d87fe78a6731p-10);
  p = fma(p, f, 0x1.3b2ab6fba4e77p-7);
  p = fma(p, f, 0x1.c6b08d704a0cp-5);
  p = fma(p, f, 0x1.ebfbdff82c58fp-3);
  p = fma(p, f, 0x1.62e42fefa39efp-1);
  p = fma(p, f, 0x1p+0);
  // In two factors, each a normal number: the second may end in a subnormal one, rounded once.
  const std::int32_t half = whole >> 1;
  return p * double_power_of_two(half) * double_power_of_two(whole - half);
}

/// log2 x for x >= 2^-1074; -1074 below. NaN and infinity give NaN. With s = (m - 1) / (m + 1), log2 m is an odd series
/// in s that needs twelve terms for m in [sqrt(1/2), sqrt(2)).
CHOKEPOINT_INLINE double log2(double x) {
  x = maximum(0x1p-1074, x);
  const bool subnormal = x < 0x1p-1022;
  x = x * (subnormal ? 0x1p+54 : 1.0);
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcdu;
  const std::uint64_t exponent = (bits_of(x) - sqrt_half) & 0xfff0000000000000u;
  const double m = double_of(bits_of(x) - exponent);
  // Exact: the upper word of the exponent, read as signed, is the power of two times 2^20.
  const double power = static_cast<double>(static_cast<std::int32_t>(exponent >> 32)) * 0x1p-20;
  const double e = power - (subnormal ? 54.0 : 0.0) + x * 0.0;
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 0x1.00ecd7e080215p-3;
  p = fma(p, z, 0x1.1964ec6fc9491p-3);
  p = fma(p, z, 0x1.3703c1f4d0ffep-3);
  p = fma(p, z, 0x1.5b9ac9b743f0dp-3);
  p = fma(p, z, 0x1.89f3b1694cffep-3);
  p = fma(p, z, 0x1.c68f568d3176p-3);
  p = fma(p, z, 0x1.0c9a84994022dp-2);
  p = fma(p, z, 0x1.484b13d7c02a9p-2);
  p = fma(p, z, 0x1.a61762a7aded9p-2);
  p = fma(p, z, 0x1.2776c50ef9bfep-1);
  p = fma(p, z, 0x1.ec709dc3a03fdp-1);
  p = fma(p, z, 0x1.71547652b82fep+1);
  return fma(s, p, e);
}

/// As the float version, for 2^-42 <= u <= 1 - 2^-42, within 1e-12.
CHOKEPOINT_INLINE double normal_quantile(double u) {
  const double q = u - 0.5;
  const double distance = absolute(q);
  const double w = -log2((2.0 - 4.0 * distance) * (0.5 + distance));
  double above = 0x1.25157fa427972p-53;
  above = fma(above, w, 0x1.87d9f84276c2fp-43);
  above = fma(above, w, 0x1.99765008292a4p-36);
  above = fma(above, w, 0x1.ed10b6a765cf7p-31);
  above = fma(above, w, 0x1.d32756323adf2p-26);
  above = fma(above, w, 0x1.58fd621433927p-21);
  above = fma(above, w, 0x1.909a918388e4p-17);
  above = fma(above, w, 0x1.6ffaf0524d86cp-13);
  above = fma(above, w, 0x1.0d15141e10498p-9);
  above = fma(above, w, 0x1.37df9a86692ccp-6);
  above = fma(above, w, 0x1.146f20672d66ap-3);
  above = fma(above, w, 0x1.644d4a03fe3c7p-1);
  above = fma(above, w, 0x1.40d931ff62709p+1);
  double below = 0x1.b15ee584b7cd9p-49;
  below = fma(below, w, 0x1.2b6870b405476p-40);
  below = fma(below, w, 0x1.2d7492a7db0d7p-34);
  below = fma(below, w, 0x1.2e3fa4ed5513bp-29);
  below = fma(below, w, 0x1.000d791748abdp-24);
  below = fma(below, w, 0x1.6118f8741fd7ep-20);
  below = fma(below, w, 0x1.475c33ac7a752p-16);
  below = fma(below, w, 0x1.479ba0926a9fcp-12);
  below = fma(below, w, 0x1.3aa24f9bf9776p-9);
  below = fma(below, w, 0x1.edc55e78c95bfp-6);
  below = fma(below, w, 0x1.89de5312f08e7p-4);
  below = fma(below, w, 0x1p+0);
  return q * above / below;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
