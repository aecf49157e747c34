#include <gtest/gtest.h>

#include <cmath>

#include "verification/ledger.hpp"

// Every property of docs/verification.md on some random cases; the page tells many more.
namespace chokepoint::verification {
namespace {

void expect_all_hold(const Ledger& ledger, Property first, Property last) {
  for (int k = static_cast<int>(first); k <= static_cast<int>(last); ++k) {
    const auto property = static_cast<Property>(k);
    EXPECT_TRUE(ledger.holds(property)) << info(property).name << ": " << info(property).statement << "\n  "
                                        << ledger[property].exceptions << " of " << ledger[property].cases
                                        << " cases fail, seed " << ledger[property].seed << " by "
                                        << ledger[property].worst;
  }
}

TEST(Properties, HoldInRandomMarkets) {
  Ledger ledger;
  for (std::uint64_t seed = 0; seed < 400; ++seed) examine_market(seed, ledger);
  expect_all_hold(ledger, Property::market_unique, Property::market_books);
}

TEST(Properties, HoldInRandomScenarios) {
  Ledger ledger;
  for (std::uint64_t seed = 0; seed < 200; ++seed) examine_scenario(seed, ledger);
  expect_all_hold(ledger, Property::sigma_enforced, Property::shares);
}

TEST(Properties, ABrokenStatementIsSeen) {
  Ledger ledger;
  ledger.note(Property::chips, 1e-12);
  EXPECT_TRUE(ledger.holds(Property::chips));
  ledger.note(Property::chips, std::nan(""));
  EXPECT_FALSE(ledger.holds(Property::chips));
  EXPECT_FALSE(ledger.holds(Property::quota)) << "no case, no evidence";
}

}  // namespace
}  // namespace chokepoint::verification
