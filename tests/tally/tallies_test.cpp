#include "chokepoint/tally/tallies.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

using namespace tally_cases;

constexpr std::uint64_t path_count = 1500;

TEST(Tallies, CountWhatThePathsMeasured) {
  const Tallies tallies = run(range(0, path_count), 100);
  for (int month = 0; month < months; ++month)
    for (int k = 0; k < 7; ++k) {
      const MeasureTally& tally = tallies.at(month, k);
      std::map<std::int32_t, std::uint64_t> counts, found;
      for (std::uint64_t path = 0; path < path_count; ++path) ++counts[bin_of(tally.spec(), value(path, month, k))];
      for (const auto& [bin, count] : counts) ASSERT_EQ(tally.count(bin), count);
      tally.for_each_number([&](std::int32_t bin, std::uint64_t count) { found[bin] = count; });
      for (const std::int32_t bin : {missing_bin, invalid_bin})
        if (tally.count(bin) != 0) found[bin] = tally.count(bin);
      ASSERT_EQ(found, counts);
    }
  const RunTotals& totals = tallies.totals();
  EXPECT_EQ(totals.paths, path_count);
  EXPECT_EQ(totals.unsolved_paths, path_count / 50);
  EXPECT_EQ(totals.unsolved_steps, path_count / 50 * 2);  // months 1 and 3
  EXPECT_EQ(totals.max_residual, 1e-3F);
  std::vector<std::uint64_t> iterations(21);
  for (std::uint64_t path = 0; path < path_count; ++path)
    for (std::uint64_t month = 0; month < months; ++month)
      ++iterations[std::min<std::uint64_t>(mixed(path, month, 9) % 25, 20)];
  EXPECT_EQ(totals.iterations, iterations);
}

TEST(Tallies, AnySplitInAnyOrderGivesTheSameDigest) {
  const std::string whole = run(range(0, path_count), 256).digest();
  for (std::uint64_t trial = 0; trial < 12; ++trial) {
    std::vector<std::vector<std::uint64_t>> parts(1 + mixed(trial) % 6);
    for (std::uint64_t path = 0; path < path_count; ++path) parts[mixed(path, trial) % parts.size()].push_back(path);
    std::vector<Tallies> tallies;
    for (const auto& part : parts) tallies.push_back(run(part, 1 + static_cast<int>(mixed(trial, 7) % 300)));
    while (tallies.size() > 1) {  // in pairs chosen at random, so in a random tree
      const std::size_t from = mixed(trial, tallies.size()) % tallies.size();
      Tallies other = std::move(tallies[from]);
      tallies.erase(tallies.begin() + static_cast<std::ptrdiff_t>(from));
      tallies[mixed(trial, tallies.size(), 5) % tallies.size()].merge(other);
    }
    ASSERT_EQ(tallies.front().digest(), whole) << "split " << trial;
  }
}

TEST(Tallies, DigestTellsRunsApart) {
  const std::string whole = run(range(0, 200), 64).digest();
  EXPECT_EQ(whole.size(), 32U);
  EXPECT_NE(run(range(1, 200), 64).digest(), whole);
  EXPECT_NE(run(range(0, 199), 64).digest(), whole);
  EXPECT_NE(Tallies(layout()).digest(), Tallies(make_tally_layout(months, {bin_spec(Scale::price)}, {})).digest());
}

TEST(Tallies, DigestChangesWithEveryCount) {
  const std::string empty = Tallies(layout()).digest();
  for (std::int32_t bin = -special_bins; bin < octave_numbers << histogram_mantissa_bits; bin += 997) {
    Tallies tallies(layout());
    std::vector<std::uint16_t> counts(special_bins + (1 << histogram_mantissa_bits));
    OctaveSet one{};
    if (bin >= 0) insert(one, octave_of(layout().specs[0], bin));
    counts[static_cast<std::size_t>(place_of(one, layout().specs[0], bin))] = 1;
    tallies.row(3).add_counts(one, counts.data());
    ASSERT_NE(tallies.digest(), empty) << bin;
  }
  const auto changed = [&](auto change) {
    RunTotals totals((layout()));
    change(totals);
    Tallies tallies(layout());
    tallies.add_totals(totals);
    return tallies.digest() != empty;
  };
  EXPECT_TRUE(changed([](RunTotals& t) { t.paths = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.unsolved_paths = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.unsolved_steps = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.checksum_sum = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.checksum_xor = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.max_residual = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.iterations.back() = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.first_passage.back() = 1; }));
  EXPECT_TRUE(changed([](RunTotals& t) { t.recovery.front() = 1; }));
  for (int part = 0; part < sum_digits + square_digits + 2; ++part) {
    RowSums sums = empty_row_sums;
    if (part < sum_digits)
      sums.sum[part] = 1;
    else if (part < sum_digits + square_digits)
      sums.square[part - sum_digits] = 1;
    else
      (part % 2 == 0 ? sums.smallest_key : sums.largest_key) = 1;
    Tallies tallies(layout());
    tallies.row(layout().rows() - 1).add_sums(sums);
    EXPECT_NE(tallies.digest(), empty) << part;
  }
}

TEST(Tallies, OctavesWithoutCountsLeaveNoTrace) {
  Tallies tallies(layout());
  const std::string empty = tallies.digest();
  OctaveSet some{};
  insert(some, 300), insert(some, 17);
  const std::vector<std::uint64_t> counts(special_bins + 512);
  tallies.row(2).add_counts(some, counts.data());
  EXPECT_EQ(tallies.digest(), empty);
  EXPECT_EQ(tallies.octaves(), 0U);
}

TEST(Tallies, DigestSeesTheOrderOfPathsOnlyThroughTheirNumbers) {
  std::vector<std::uint64_t> backwards = range(0, 300);
  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(run(backwards, 77).digest(), run(range(0, 300), 77).digest());
}

TEST(Tallies, TheLargestResidualStays) {
  RunTotals small((layout())), large((layout()));
  small.max_residual = 1e-6F;
  large.max_residual = 1e-3F;
  for (const bool large_first : {false, true}) {
    Tallies tallies(layout());
    tallies.add_totals(large_first ? large : small);
    tallies.add_totals(large_first ? small : large);
    EXPECT_EQ(tallies.totals().max_residual, 1e-3F);
  }
}

TEST(Tallies, MinusTakesAPartOutAgain) {
  const Tallies rest = run(range(0, 700), 64), part = run(range(700, 300), 64);
  Tallies whole = rest;
  whole.merge(part);
  const Tallies left = whole.minus(part);
  for (int month = 0; month < months; ++month)
    for (int k = 0; k < 7; ++k) {
      rest.at(month, k).for_each_number(
          [&](std::int32_t bin, std::uint64_t count) { ASSERT_EQ(left.at(month, k).count(bin), count); });
      ASSERT_EQ(rest.at(month, k).defined(), left.at(month, k).defined());
      const RowSums &a = rest.at(month, k).sums(), &b = left.at(month, k).sums();
      ASSERT_TRUE(std::equal(a.sum, a.sum + sum_digits, b.sum));
      ASSERT_TRUE(std::equal(a.square, a.square + square_digits, b.square));
    }
  EXPECT_EQ(left.totals().paths, 700U);
  EXPECT_EQ(left.totals().checksum_sum, rest.totals().checksum_sum);
  EXPECT_EQ(left.totals().checksum_xor, rest.totals().checksum_xor);
  EXPECT_EQ(left.totals().first_passage, rest.totals().first_passage);
  EXPECT_EQ(left.totals().recovery, rest.totals().recovery);
  EXPECT_EQ(left.totals().iterations, rest.totals().iterations);
  EXPECT_NO_THROW(Tallies::deserialise(left.serialise().data(), left.serialise().size()));
}

TEST(Tallies, MinusEverythingLeavesValidTallies) {
  const Tallies tallies = run(range(0, 50), 64);
  const std::vector<std::byte> bytes = tallies.minus(tallies).serialise();
  EXPECT_EQ(Tallies::deserialise(bytes.data(), bytes.size()).totals().paths, 0U);
}

TEST(Tallies, RefuseWhatDoesNotBelong) {
  Tallies tallies = run(range(0, 50), 64);
  const std::string before = tallies.digest();
  const std::vector<BinSpec> specs(7, bin_spec(Scale::price));
  EXPECT_THROW(tallies.merge(Tallies(make_tally_layout(months, specs, layout().rules, 20))), TallyMismatch);
  TallyLayout other = layout();
  other.rules[0].threshold = 4.0F;
  EXPECT_THROW(tallies.merge(Tallies(other)), TallyMismatch);
  EXPECT_THROW(tallies.minus(run(range(50, 1), 1)), TallyMismatch);
  RunTotals totals;
  EXPECT_THROW(tallies.add_totals(totals), TallyMismatch);
  EXPECT_EQ(tallies.digest(), before);
}

TEST(ThreadTallies, HoldWhatTheirCountersHold) {
  ThreadTallies thread(layout(), 65535);
  EXPECT_EQ(thread.room(), 65535);
  EXPECT_THROW(ThreadTallies(layout(), 0), std::invalid_argument);
  EXPECT_THROW(ThreadTallies(layout(), 65536), std::invalid_argument);
  const Tallies full = sample(Scale::price, std::vector<float>(65535, 2.0F));
  EXPECT_EQ(full.at(0, 0).defined(), 65535U);
  Tallies tallies(make_tally_layout(1, {bin_spec(Scale::price)}, {}, 1));
  ThreadTallies crowded(tallies.layout(), 40000);
  const std::vector<float> row(40000, 2.0F);
  crowded.begin(0, 40000);
  accumulate_month(crowded.view(), 0, row.data(), 0, 40000);
  crowded.end();
  EXPECT_EQ(crowded.room(), 25535);
  EXPECT_THROW(crowded.begin(40000, 40000), std::length_error);
  crowded.flush(tallies);
  EXPECT_EQ(crowded.room(), 65535);
  EXPECT_EQ(tallies.at(0, 0).defined(), 40000U);
}

TEST(ThreadTallies, ResidualsThatAreNoNumbersAreUnsolvedAndInfinite) {
  Tallies tallies(layout());
  ThreadTallies thread(layout(), 4);
  const std::int32_t iterations[] = {3, -1, 500};
  const float residual[] = {1e-5F, std::nanf(""), 2e-5F};
  thread.begin(0, 3);
  accumulate_steps(thread.view(), iterations, residual, 1e-5F, 3);
  thread.end();
  EXPECT_FALSE(thread.unsolved(0));
  EXPECT_TRUE(thread.unsolved(1) && thread.unsolved(2));
  thread.flush(tallies);
  EXPECT_EQ(tallies.totals().unsolved_steps, 2U);
  EXPECT_EQ(tallies.totals().unsolved_paths, 2U);
  EXPECT_TRUE(std::isinf(tallies.totals().max_residual));
  EXPECT_EQ(tallies.totals().iterations[0] + tallies.totals().iterations[3] + tallies.totals().iterations[20], 3U);
}

}  // namespace
}  // namespace chokepoint
