#include "chokepoint/tally/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/tally/octave_set.hpp"
#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

constexpr BinSpec fine{histogram_mantissa_bits, 0}, whole_numbers{histogram_mantissa_bits, 1}, coarse{6, 0},
    octaves{0, 0};
constexpr BinSpec all_specs[] = {fine, whole_numbers, coarse, octaves};
constexpr float least_normal = 0x1p-126F;

/// Calls `visit` with finite floats all over the number line in rising order.
template <class Visit>
void rising_floats(Visit visit) {
  constexpr std::uint32_t step = 9973;
  for (std::uint32_t bits = infinity_bits - 1; bits > step; bits -= step) visit(-float_of(bits));
  visit(-0.0F);
  for (std::uint32_t bits = 0; bits < infinity_bits; bits += step) visit(float_of(bits));
}

TEST(Histogram, BinsRiseWithTheirValues) {
  for (const BinSpec& spec : all_specs) {
    std::int32_t last = 0;
    rising_floats([&](float x) {
      const std::int32_t bin = bin_of(spec, x);
      if (std::fabs(x) < least_normal) {
        ASSERT_EQ(bin, zero_bin) << x;
        return;
      }
      ASSERT_GE(bin, last) << x;
      ASSERT_LT(bin, (octave_numbers - 1) << spec.mantissa_bits) << x;
      last = bin;
    });
  }
}

TEST(Histogram, BinsLieBetweenTheirEdges) {
  for (const BinSpec& spec : all_specs)
    rising_floats([&](float x) {
      if (std::fabs(x) < least_normal) return;
      const std::int32_t bin = bin_of(spec, x);
      const double value = static_cast<double>(x), inner = static_cast<double>(inner_edge(spec, bin));
      ASSERT_LE(std::fabs(inner), std::fabs(value)) << x;
      ASSERT_LT(std::fabs(value), std::fabs(outer_edge(spec, bin))) << x;
      ASSERT_EQ(std::signbit(inner), std::signbit(value)) << x;
      ASSERT_EQ(bin_of(spec, inner_edge(spec, bin)), bin) << x;
    });
}

TEST(Histogram, NeighboursShareAnEdge) {
  for (const BinSpec& spec : all_specs)
    for (std::int32_t bin = (middle_octave + 1) << spec.mantissa_bits;
         bin < ((octave_numbers - 1) << spec.mantissa_bits) - 1; ++bin)
      ASSERT_EQ(outer_edge(spec, bin), static_cast<double>(inner_edge(spec, bin + 1))) << bin;
}

TEST(Histogram, BinsAreAsNarrowAsStated) {
  for (std::int32_t octave = 1; octave < octave_numbers - 1; ++octave) {
    if (octave == middle_octave || octave == middle_octave - 1) continue;
    for (std::int32_t bin = octave << 8; bin < (octave + 1) << 8; ++bin) {
      const double inner = static_cast<double>(inner_edge(fine, bin));
      ASSERT_LE(std::fabs(outer_edge(fine, bin) - inner), std::fabs(inner) / 256) << bin;
    }
  }
}

TEST(Histogram, WholeNumbersAreTheirBins) {
  for (int i = 1; i < 512; ++i)
    for (const int sign : {-1, 1})
      ASSERT_EQ(inner_edge(whole_numbers, bin_of(whole_numbers, static_cast<float>(sign * i))),
                static_cast<float>(sign * i));
}

TEST(Histogram, SpecialValuesHaveBinsOfTheirOwn) {
  for (const BinSpec& spec : all_specs) {
    EXPECT_EQ(bin_of(spec, missing_value), missing_bin);
    for (const std::uint32_t bits : {0x7f800000U, 0xff800000U, 0x7fc00000U, 0xffc12345U, 0x7f800001U, 0x7fffffffU})
      EXPECT_EQ(bin_of(spec, float_of(bits)), invalid_bin) << bits;
    for (const float zero : {0.0F, -0.0F, float_of(1), -float_of(1), float_of(0x007fffff)})
      EXPECT_EQ(bin_of(spec, zero), zero_bin);
    for (const float value : {-missing_value, 3.3e38F, -3.3e38F, std::nextafter(missing_value, INFINITY),
                              std::nextafter(missing_value, 0.0F), least_normal, -least_normal})
      EXPECT_GE(bin_of(spec, value), 0) << value;
  }
}

TEST(OctaveSet, PlacesBinsSideBySide) {
  OctaveSet set{};
  for (const int octave : {3, 63, 64, 300, 510}) insert(set, octave);
  EXPECT_EQ(size_of(set), 5);
  EXPECT_TRUE(has(set, 64));
  EXPECT_FALSE(has(set, 65));
  EXPECT_EQ(place_of(set, coarse, zero_bin), 0);
  EXPECT_EQ(place_of(set, coarse, invalid_bin), 2);
  EXPECT_EQ(place_of(set, coarse, (3 << 6) + 7), 3 + 7);
  EXPECT_EQ(place_of(set, coarse, (64 << 6) + 1), 3 + 2 * 64 + 1);
  EXPECT_EQ(place_of(set, coarse, (510 << 6) + 63), 3 + 5 * 64 - 1);
  std::vector<int> visited;
  for_each_octave(set, [&](int octave) { visited.push_back(octave); });
  EXPECT_EQ(visited, (std::vector<int>{3, 63, 64, 300, 510}));
  OctaveSet more = set;
  insert(more, 5);
  EXPECT_TRUE(has_all(more, set));
  EXPECT_FALSE(has_all(set, more));
}

}  // namespace
}  // namespace chokepoint
