#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "scenario/measure_layout.hpp"
#include "tally/tallies_bytes.hpp"
#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

using namespace tally_cases;
using Bytes = std::vector<std::byte>;

Tallies read(const Bytes& bytes) {
  return Tallies::deserialise(bytes.data(), bytes.size());
}

/// The bytes with a checksum that fits them, so that the checks behind it are reached.
Bytes sealed(Bytes bytes) {
  if (bytes.size() < 16) return bytes;
  bytes.resize(bytes.size() - 16);
  const TallyHash hash = tally_hash(bytes.data(), bytes.size());
  bytes.insert(bytes.end(), hash.begin(), hash.end());
  return bytes;
}

/// One of several kinds of damage at a place that `seed` picks.
Bytes damaged(Bytes bytes, std::uint64_t seed) {
  const std::size_t at = mixed(seed, 1) % bytes.size();
  const std::byte noise = static_cast<std::byte>(mixed(seed, 2));
  switch (mixed(seed, 3) % 6) {
    case 0:
      bytes[at] ^= static_cast<std::byte>(1U << mixed(seed, 4) % 8);
      break;
    case 1:
      bytes[at] = noise;
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3:
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), noise);
      break;
    case 4:
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 5:
      bytes[at % 200] = noise;
      break;  // the layout
  }
  return bytes;
}

TEST(Serialise, RoundTripKeepsEverything) {
  const Tallies tallies = run(range(0, 300), 64);
  const Bytes bytes = tallies.serialise();
  const Tallies again = read(bytes);
  EXPECT_EQ(again.digest(), tallies.digest());
  EXPECT_EQ(again.serialise(), bytes);
  EXPECT_TRUE(again.layout() == tallies.layout());
  EXPECT_EQ(read(Tallies(layout()).serialise()).digest(), Tallies(layout()).digest());
}

TEST(Serialise, TheChecksumAtTheEndIsTheDigest) {
  const Bytes bytes = run(range(0, 20), 64).serialise();
  TallyHash hash;
  std::copy(bytes.end() - 16, bytes.end(), hash.begin());
  EXPECT_EQ(to_hex(hash), run(range(0, 20), 7).digest());
}

TEST(Serialise, DamageIsAlwaysReported) {
  const Bytes bytes = run(range(0, 40), 64).serialise();
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {
    const Bytes bad = damaged(bytes, seed);
    if (bad == bytes) continue;
    ASSERT_THROW(read(bad), TallyFormatError) << seed;
  }
}

TEST(Serialise, DamageUnderAFittingChecksumIsReportedOrConsistent) {
  const Bytes bytes = run(range(0, 40), 64).serialise();
  int accepted = 0;
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {
    const Bytes bad = sealed(damaged(bytes, seed));
    try {
      const Tallies tallies = read(bad);
      ++accepted;
      ASSERT_EQ(tallies.serialise(), bad) << seed;  // one form for one content
    } catch (const TallyFormatError& error) {
      ASSERT_NE(std::string(error.what()).find("saved tallies are damaged: "), std::string::npos);
    }
  }
  EXPECT_LT(accepted, 6000);  // sums and bins may change unseen, but neither structure nor numbers of paths
}

/// What is said of a row with these bytes behind its sums and extremes.
std::string message_of_counts(const std::vector<int>& counts) {
  const Bytes bytes = Tallies(make_tally_layout(1, {bin_spec(Scale::flag)}, {})).serialise();
  Bytes bad(bytes.begin(), bytes.end() - 20);  // without three special bins, "no bin is occupied" and the checksum
  for (const int byte : counts) bad.push_back(static_cast<std::byte>(byte));
  bad.resize(bad.size() + 16);
  try {
    read(sealed(bad));
  } catch (const TallyFormatError& error) {
    return error.what();
  }
  return "";
}

TEST(Serialise, HistogramsThatContradictThePathsAreReported) {
  const auto says = [](const std::vector<int>& counts, const char* what) {
    return message_of_counts(counts).find(what) != std::string::npos;
  };
  EXPECT_EQ(message_of_counts({0, 0, 0, 0}), "");
  EXPECT_TRUE(says({0, 0, 0, 1, 0x80, 2, 0}, "an occupied bin is empty"));
  EXPECT_TRUE(says({0, 0, 0, 1, 0x80, 2, 3}, "does not count every path once"));
  EXPECT_TRUE(says({5, 0, 0, 0}, "does not count every path once"));
  EXPECT_TRUE(says({0, 0, 0, 1, 5, 3}, "no number's"));              // octave 0: NaN with a sign
  EXPECT_TRUE(says({0, 0, 0, 1, 0x80, 0x80, 4, 3}, "no number's"));  // octave 256: zero's
  EXPECT_TRUE(says({0, 0, 0, 1, 0x80, 0xfe, 3, 3}, "no number's"));  // octave 255: zero's with a sign
  EXPECT_TRUE(says({0, 0, 0, 1, 0x80, 0xfe, 7, 3}, "no number's"));  // octave 511: NaN
  EXPECT_TRUE(says({0, 0, 0, 0x80, 0x80, 0x10}, "more bins are occupied"));
  EXPECT_TRUE(says({0, 0, 0, 9, 1, 1}, "end too early"));
}

/// What is said of a row with these bytes in place of its two sums.
std::string message_of_sums(const std::vector<int>& sums) {
  const Bytes bytes = Tallies(make_tally_layout(1, {bin_spec(Scale::flag)}, {})).serialise();
  Bytes bad(bytes.begin(), bytes.end() - 32);
  for (const int byte : sums) bad.push_back(static_cast<std::byte>(byte));
  bad.insert(bad.end(), bytes.end() - 28, bytes.end());
  try {
    read(sealed(bad));
  } catch (const TallyFormatError& error) {
    return error.what();
  }
  return "";
}

TEST(Serialise, SumsHaveOneForm) {
  const auto says = [](const std::vector<int>& sums, const char* what) {
    return message_of_sums(sums).find(what) != std::string::npos;
  };
  EXPECT_EQ(message_of_sums({0, 0, 0, 0}), "");
  EXPECT_TRUE(says({0, 1, 5, 0, 0, 0, 0, 0}, "a sum is not one of its values"));
  EXPECT_TRUE(says({0, 1, 0, 0, 0, 0, 0, 0}, "a sum is longer than needed"));
  EXPECT_TRUE(says({0, 2, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "a sum is longer than needed"));
  EXPECT_TRUE(says({0, 2, 5, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 0, 0}, "a sum is longer than needed"));
  EXPECT_TRUE(says({3, 0, 0, 0}, "a sum is longer than there is room"));
  EXPECT_TRUE(says({10, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0}, "a sum is longer than there is room"));
}

TEST(Serialise, ShortInputsAreReported) {
  const Bytes bytes = run(range(0, 3), 64).serialise();
  EXPECT_THROW(Tallies::deserialise(nullptr, 0), TallyFormatError);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_THROW(Tallies::deserialise(bytes.data(), size), TallyFormatError);
    ASSERT_THROW(read(sealed({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)})), TallyFormatError);
  }
}

TEST(Serialise, CountsHaveOneForm) {
  const auto read_count = [](std::vector<int> numbers) {
    Bytes bytes;
    for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
    return ByteReader(bytes.data(), bytes.size()).count();
  };
  EXPECT_EQ(read_count({0}), 0U);
  EXPECT_EQ(read_count({0x80, 1}), 128U);
  EXPECT_EQ(read_count({255, 255, 255, 255, 255, 255, 255, 255, 255, 1}), ~0ULL);
  EXPECT_THROW(read_count({255, 255, 255, 255, 255, 255, 255, 255, 255, 2}), TallyFormatError);
  EXPECT_THROW(read_count({0x80, 0}), TallyFormatError);
  EXPECT_THROW(read_count({0x80}), TallyFormatError);
}

TEST(Layout, RefusesWhatIsOutOfRange) {
  const BinSpec price = bin_spec(Scale::price);
  EXPECT_THROW(make_tally_layout(0, {price}, {}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(241, {price}, {}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(1, {}, {}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(1, {price}, {{1, 0, 0, 1.0F}}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(1, {price}, {{0, 2, 0, 1.0F}}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(1, {BinSpec{9, 0}}, {}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(1, {BinSpec{-1, 0}}, {}), std::invalid_argument);
  EXPECT_THROW(make_tally_layout(1, {BinSpec{8, 2}}, {}), std::invalid_argument);
  EXPECT_NO_THROW(make_tally_layout(240, {price}, {{0, 1, 1, 1.0F}}));
}

TEST(Layout, OfAScenarioBinsEveryMeasureByItsScale) {
  Sizes sizes{};
  sizes.months = 12, sizes.regions = 3, sizes.classes = 2, sizes.segments = 4, sizes.owners = 5,
  sizes.export_classes = 1;
  const TallyLayout layout = make_tally_layout(sizes, {});
  EXPECT_EQ(layout.months, 12);
  EXPECT_EQ(layout.iteration_limit, max_iterations);
  int index = 0;
  for (const MeasureBlock& block : measure_layout(sizes))
    for (int i = 0; i < block.size; ++i) {
      const BinSpec& spec = layout.specs[static_cast<std::size_t>(index++)];
      const Scale scale = info_of(block.measure).scale;
      EXPECT_EQ(spec.mantissa_bits, histogram_mantissa_bits) << block.name;
      EXPECT_EQ(spec.is_discrete != 0, scale == Scale::count || scale == Scale::flag) << block.name;
    }
  EXPECT_EQ(layout.measures(), index);
}

}  // namespace
}  // namespace chokepoint
