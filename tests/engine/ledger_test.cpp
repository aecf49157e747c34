#include "chokepoint/ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>
#include <set>

namespace chokepoint {

void PrintTo(const PathRange& range, std::ostream* out) {
  *out << range_text(range);
}

namespace {

using Ranges = std::vector<PathRange>;

std::string fault_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const LedgerError& error) {
    return error.what();
  }
  return "";
}

TEST(Ledger, JoinsWhatTouches) {
  Ledger ledger;
  ledger.add({10, 5});
  ledger.add({20, 5});
  EXPECT_EQ(ledger.ranges(), (Ranges{{10, 5}, {20, 5}}));
  ledger.add({15, 5});
  EXPECT_EQ(ledger.ranges(), (Ranges{{10, 15}}));
  ledger.add({0, 9});
  ledger.add({9, 1});
  ledger.add({30, 0});
  EXPECT_EQ(ledger.ranges(), (Ranges{{0, 25}}));
  EXPECT_EQ(ledger.paths(), 25u);
}

/// Every k-th path, added from the last to the first: as many ranges as paths, and the gaps between them.
TEST(Ledger, EveryThirdPath) {
  Ledger ledger;
  for (std::uint64_t k = 100; k-- > 0;) ledger.add({3 * k, 1});
  ASSERT_EQ(ledger.ranges().size(), 100u);
  EXPECT_EQ(ledger.paths(), 100u);
  EXPECT_EQ(ledger.span(), (PathRange{0, 298}));
  const Ranges missing = ledger.missing({0, 300});
  ASSERT_EQ(missing.size(), 100u);
  for (std::uint64_t k = 0; k < 100; ++k) EXPECT_EQ(missing[k], (PathRange{3 * k + 1, 2}));
  Ledger rest;
  for (const PathRange& range : missing) rest.add(range);
  ledger.merge(rest);
  EXPECT_EQ(ledger, Ledger(PathRange{0, 300}));
}

TEST(Ledger, CountsNoPathTwice) {
  Ledger ledger(PathRange{5, 5});
  ledger.add({20, 1});
  const Ledger before = ledger;
  EXPECT_EQ(fault_of([&] { ledger.add({9, 1}); }), "path 9 would be counted twice");
  EXPECT_EQ(fault_of([&] { ledger.add({0, 8}); }), "paths 5 to 7 would be counted twice");
  EXPECT_EQ(fault_of([&] { ledger.add({0, 100}); }), "paths 5 to 9 would be counted twice");
  Ledger other(PathRange{0, 2});
  other.add({20, 3});
  EXPECT_EQ(fault_of([&] { ledger.merge(other); }), "path 20 would be counted twice");
  EXPECT_EQ(fault_of([&] { Ledger::of({4, 3, 4}); }), "path 4 would be counted twice");
  EXPECT_EQ(ledger, before) << "what is refused leaves nothing behind";
  EXPECT_EQ(ledger.paths(), 6u);
}

TEST(Ledger, HoldsTheLargestNumbers) {
  const std::uint64_t last = std::uint64_t{1} << 62;
  Ledger ledger(PathRange{last, 1});
  EXPECT_EQ(ledger.missing({last - 2, 4}), (Ranges{{last - 2, 2}, {last + 1, 1}}));
  EXPECT_EQ(Ledger().missing({3, 2}), (Ranges{{3, 2}}));
  EXPECT_TRUE(Ledger().span().empty());
}

/// Ranges at random, some of them refused, against a set of numbers.
TEST(Ledger, AgreesWithASetOfNumbers) {
  constexpr std::uint64_t most = 200;
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Ledger ledger;
    std::set<std::uint64_t> set;
    for (int k = 0; k < 30; ++k) {
      const PathRange range{random() % most, random() % 12};
      bool is_new = true;
      for (std::uint64_t path = range.first; path < range.end(); ++path) is_new = is_new && set.count(path) == 0;
      EXPECT_EQ(ledger.common(range).empty(), is_new);
      EXPECT_EQ(fault_of([&] { ledger.add(range); }).empty(), is_new);
      for (std::uint64_t path = range.first; is_new && path < range.end(); ++path) set.insert(path);
    }
    EXPECT_EQ(ledger.numbers(), std::vector<std::uint64_t>(set.begin(), set.end()));
    EXPECT_EQ(ledger.paths(), set.size());
    for (std::size_t k = 1; k < ledger.ranges().size(); ++k)
      EXPECT_GT(ledger.ranges()[k].first, ledger.ranges()[k - 1].end()) << "ranges rise and do not touch";
    std::uint64_t absent = 0;
    for (const PathRange& range : ledger.missing({0, most + 12})) {
      absent += range.count;
      for (std::uint64_t path = range.first; path < range.end(); ++path) EXPECT_EQ(set.count(path), 0u);
    }
    EXPECT_EQ(absent, most + 12 - set.size());
  }
}

/// Parts of a whole make the whole in any order and grouping.
TEST(Ledger, MergesInAnyOrder) {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint64_t> numbers(300);
    std::iota(numbers.begin(), numbers.end(), 1000u);
    std::shuffle(numbers.begin(), numbers.end(), random);
    std::vector<Ledger> parts;
    for (std::size_t at = 0; at < numbers.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 80, numbers.size() - at);
      parts.push_back(Ledger::of({numbers.begin() + static_cast<std::ptrdiff_t>(at),
                                  numbers.begin() + static_cast<std::ptrdiff_t>(at + size)}));
      at += size;
    }
    while (parts.size() > 1) {
      const std::size_t into = random() % (parts.size() - 1);
      parts[into].merge(parts.back());
      parts.pop_back();
    }
    EXPECT_EQ(parts.front(), Ledger(PathRange{1000, 300}));
  }
}

}  // namespace
}  // namespace chokepoint
