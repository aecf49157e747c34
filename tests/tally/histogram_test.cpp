#include "chokepoint/tally/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

using tally_cases::all_scales;

HistogramSpec spec_of(Scale scale) {
  return histogram_spec(histogram_range(scale), 0);
}

/// Calls `visit` with floats all over the number line in rising order, infinities included.
template <class Visit>
void rising_floats(Visit visit) {
  constexpr std::uint32_t step = 9973, infinity = 0x7f800000U;
  for (std::uint32_t bits = infinity; bits > step; bits -= step) visit(-float_of(bits));
  visit(-0.0F);
  for (std::uint32_t bits = 0; bits < infinity; bits += step) visit(float_of(bits));
  visit(float_of(infinity));
}

TEST(Histogram, BinsRiseWithTheirValues) {
  for (const Scale scale : all_scales) {
    const HistogramSpec spec = spec_of(scale);
    std::int32_t last = 0;
    rising_floats([&](float x) {
      const std::int32_t bin = bin_of(spec, x);
      if (std::fabs(x) >= missing_value) {
        ASSERT_GE(bin, missing_bin(spec)) << x;
        return;
      }
      ASSERT_GE(bin, last) << x;
      ASSERT_LT(bin, missing_bin(spec)) << x;
      last = bin;
    });
  }
}

TEST(Histogram, BinsLieBetweenTheirEdges) {
  for (const Scale scale : all_scales) {
    const HistogramSpec spec = spec_of(scale);
    rising_floats([&](float x) {
      const std::int32_t bin = bin_of(spec, x);
      if (bin == 0 || bin >= overflow_bin(spec)) return;
      if (bin == spec.zero_bin) {
        ASSERT_LT(std::fabs(x), std::ldexp(1.0F, spec.range.min_exponent)) << x;
        return;
      }
      // Mirrored bins own their lower edge in magnitude, so their upper edge in value.
      ASSERT_TRUE(x < 0 ? bin_low(spec, bin) < x && x <= bin_high(spec, bin)
                        : bin_low(spec, bin) <= x && x < bin_high(spec, bin))
          << x << " in " << bin;
    });
  }
}

TEST(Histogram, NeighboursShareAnEdge) {
  for (const Scale scale : all_scales) {
    const HistogramSpec spec = spec_of(scale);
    for (std::int32_t bin = 1; bin < overflow_bin(spec) - 1; ++bin)
      ASSERT_EQ(bin_high(spec, bin), bin_low(spec, bin + 1)) << bin;
    EXPECT_EQ(bin_low(spec, overflow_bin(spec)), std::ldexp(1.0F, spec.range.min_exponent + spec.range.octaves));
  }
}

TEST(Histogram, BinsAreAsNarrowAsStated) {
  for (const Scale scale : {Scale::price, Scale::quantity, Scale::share, Scale::concentration, Scale::signed_value}) {
    const HistogramSpec spec = spec_of(scale);
    for (std::int32_t bin = 1; bin < overflow_bin(spec); ++bin) {
      if (bin == spec.zero_bin) continue;
      const float low = bin_low(spec, bin), high = bin_high(spec, bin);
      const float nearest = std::fmin(std::fabs(low), std::fabs(high));
      ASSERT_LE(high - low, nearest / 256) << bin;  // a whole bin; its middle is twice as near
      ASSERT_EQ(bin_of(spec, bin_middle(spec, bin)), bin);
    }
  }
}

TEST(Histogram, WholeNumbersAreTheirBins) {
  const HistogramSpec count = spec_of(Scale::count), flag = spec_of(Scale::flag);
  for (int i = 0; i < 256; ++i)
    ASSERT_EQ(bin_middle(count, bin_of(count, static_cast<float>(i))), static_cast<float>(i));
  for (const float x : {0.0F, 1.0F}) EXPECT_EQ(bin_middle(flag, bin_of(flag, x)), x);
  EXPECT_EQ(bin_of(count, 256.0F), overflow_bin(count));
}

TEST(Histogram, SpecialValuesHaveBinsOfTheirOwn) {
  for (const Scale scale : all_scales) {
    const HistogramSpec spec = spec_of(scale);
    EXPECT_EQ(spec.bins, static_cast<std::uint32_t>(invalid_bin(spec)) + 1);
    EXPECT_EQ(bin_of(spec, missing_value), missing_bin(spec));
    for (const std::uint32_t bits : {0x7f800000U, 0xff800000U, 0x7fc00000U, 0xffc12345U, 0x7f800001U, 0x7fffffffU})
      EXPECT_EQ(bin_of(spec, float_of(bits)), invalid_bin(spec)) << bits;
    EXPECT_EQ(bin_of(spec, -missing_value), invalid_bin(spec));
    EXPECT_EQ(bin_of(spec, std::nextafter(missing_value, INFINITY)), invalid_bin(spec));
    EXPECT_EQ(bin_of(spec, std::nextafter(missing_value, 0.0F)), overflow_bin(spec));
    EXPECT_EQ(bin_of(spec, 1e30F), overflow_bin(spec));
    EXPECT_EQ(bin_of(spec, -1e30F), 0);
    EXPECT_EQ(bin_of(spec, 0.0F), spec.zero_bin);
    EXPECT_EQ(bin_of(spec, -0.0F), spec.zero_bin);
    EXPECT_EQ(bin_of(spec, float_of(1)), spec.zero_bin);  // the smallest subnormal
  }
}

TEST(Histogram, RangesAreThoseOfTheScales) {
  const auto covers = [](Scale scale, int low, int high) {
    const HistogramSpec spec = spec_of(scale);
    EXPECT_EQ(bin_of(spec, std::ldexp(1.0F, low)), spec.zero_bin + 1);
    EXPECT_EQ(bin_of(spec, std::nextafter(std::ldexp(1.0F, low), 0.0F)), spec.zero_bin);
    EXPECT_EQ(bin_of(spec, std::ldexp(1.0F, high)), overflow_bin(spec));
    EXPECT_EQ(bin_of(spec, spec.limit), overflow_bin(spec) - 1);
  };
  covers(Scale::price, -8, 12);
  covers(Scale::quantity, -6, 22);
  covers(Scale::share, -12, 1);
  covers(Scale::concentration, 2, 14);
  covers(Scale::count, 0, 8);
  covers(Scale::flag, 0, 1);
  covers(Scale::signed_value, -10, 10);
}

}  // namespace
}  // namespace chokepoint
