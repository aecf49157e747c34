#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

/// What translated PTX (ptx_to_cpp.py) asks of a thread and of arithmetic.
struct Thread {
  uint32_t tid, ctaid, ntid;
};
namespace {
template <class To, class From>
To bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}
template <class T>
T load(uint64_t address) {
  T value;
  std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
  return value;
}
template <class T>
void store(uint64_t address, T value) {
  std::memcpy(reinterpret_cast<void*>(address), &value, sizeof value);
}
// max.f32 and min.f32: a number wins over NaN, +0 over -0 (for min the other way round).
[[maybe_unused]] float ptx_max(float a, float b) {
  if (a != a) return b;
  if (b != b) return a;
  if (a == 0 && b == 0) return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
[[maybe_unused]] float ptx_min(float a, float b) {
  if (a != a) return b;
  if (b != b) return a;
  if (a == 0 && b == 0) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
[[maybe_unused]] float ptx_neg(float a) {
  return bits<float>(bits<uint32_t>(a) ^ 0x80000000u);
}
[[maybe_unused]] float ptx_abs(float a) {
  return bits<float>(bits<uint32_t>(a) & 0x7fffffffu);
}
[[maybe_unused]] double ptx_neg(double a) {
  return bits<double>(bits<uint64_t>(a) ^ (uint64_t{1} << 63));
}
// cvt.rzi.s32.f32 clamps, and takes NaN as 0.
[[maybe_unused]] int32_t ptx_truncate(float a) {
  if (a != a) return 0;
  if (a >= 2147483648.0f) return INT32_MAX;
  if (a < -2147483648.0f) return INT32_MIN;
  return static_cast<int32_t>(a);
}
[[maybe_unused]] uint32_t ptx_permute(uint32_t a, uint32_t b, uint32_t selector) {
  const uint64_t both = uint64_t(b) << 32 | a;
  uint32_t out = 0;
  for (int k = 0; k < 4; ++k) {
    const uint32_t pick = selector >> (4 * k) & 15;
    uint32_t byte = uint32_t(both >> (8 * (pick & 7))) & 255;
    if (pick & 8) byte = byte & 128 ? 255 : 0;
    out |= byte << (8 * k);
  }
  return out;
}
}  // namespace
