#include "chokepoint/tally/events.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/tally/accumulate.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "tally/tally_cases.hpp"

namespace chokepoint {
namespace {

EventState after(const EventRule& rule, const std::vector<float>& values) {
  EventState state = event_start();
  for (std::size_t month = 0; month < values.size(); ++month)
    state = event_step(rule, state, static_cast<int>(month), values[month]);
  return state;
}

void expect(const EventRule& rule, const std::vector<float>& values, int first, int recovery) {
  const EventState state = after(rule, values);
  EXPECT_EQ(state.first_month, first);
  EXPECT_EQ(state.recovery_month, recovery);
}

TEST(Events, AbsoluteThresholds) {
  const EventRule above{0, 1, 0, 2.0F}, below{0, 0, 0, 2.0F};
  expect(above, {1, 2, 3, 3, 1, 3}, 2, 4);
  expect(above, {3, 3, 3}, 0, not_yet);
  expect(above, {1, 2, 1}, not_yet, not_yet);
  expect(below, {2, 1, 2}, 1, 2);
}

TEST(Events, RelativeThresholdsAreMultiplesOfMonthZero) {
  const EventRule doubled{0, 1, 1, 2.0F};
  expect(doubled, {10, 20, 21, 19}, 2, 3);
  expect(doubled, {1, 20, 1}, 1, 2);
}

TEST(Events, NothingIsAMultipleOfZero) {
  const EventRule above{0, 1, 1, 1.5F}, below{0, 0, 1, 0.5F};
  for (const float zero : {0.0F, -0.0F}) {
    expect(above, {zero, 5, 9}, maybe, not_yet);
    expect(below, {zero, -5, 9}, maybe, not_yet);
  }
}

/// As in the language of claims: it holds if any month surely does, and nobody knows if only a month without a value
/// could.
TEST(Events, WhereAMonthHasNoValueNobodyKnows) {
  const EventRule above{0, 1, 0, 2.0F}, below{0, 0, 0, 2.0F}, relative{0, 1, 1, 0.5F};
  for (const float x : {missing_value, std::nanf(""), INFINITY}) {
    expect(above, {1, x, 1}, maybe, not_yet);
    expect(above, {x, 3, 3}, 1, not_yet);
    expect(above, {x, x, x}, maybe, not_yet);
    expect(relative, {x, 5, 9}, maybe, not_yet);
    expect(above, {3, x}, 0, maybe);
    expect(above, {3, x, 1}, 0, 2);
    expect(above, {3, x, 3}, 0, maybe);
  }
  expect(below, {5, -INFINITY}, maybe, not_yet);
}

/// A flow has no value in month 0, which decides nothing.
TEST(Events, OfFlowsAreLookedForFromMonthOne) {
  const EventRule above{0, 1, 0, 2.0F, 1};
  expect(above, {missing_value, 1, 1}, not_yet, not_yet);
  expect(above, {missing_value, 3, 1}, 1, 2);
  expect(above, {missing_value, missing_value, 1}, maybe, not_yet);
}

TEST(Events, AreCountedOncePerPath) {
  using namespace tally_cases;
  const Tallies tallies = run(range(0, 500), 64);
  const RunTotals& totals = tallies.totals();
  for (int event = 0; event < 3; ++event) {
    const EventRule rule = tallies.layout().rules[static_cast<std::size_t>(event)];
    std::vector<std::uint64_t> first(months + 2), recovery(months + 2);
    for (std::uint64_t path = 0; path < 500; ++path) {
      std::vector<float> values;
      for (int month = 0; month < months; ++month) values.push_back(value(path, month, rule.measure));
      const EventState state = after(rule, values);
      const auto slot = [](int reached, int since) {
        return static_cast<std::size_t>(reached == not_yet ? months : reached == maybe ? months + 1 : reached - since);
      };
      ++first[slot(state.first_month, 0)];
      if (state.first_month >= 0) ++recovery[slot(state.recovery_month, state.first_month)];
    }
    EXPECT_GT(first[months + 1], 0u) << "some paths are undefined";
    for (std::size_t i = 0; i < months + 2; ++i) {
      const std::size_t at = static_cast<std::size_t>(event) * (months + 2) + i;
      EXPECT_EQ(totals.first_passage[at], first[i]) << event << " " << i;
      EXPECT_EQ(totals.recovery[at], recovery[i]) << event << " " << i;
    }
  }
}

}  // namespace
}  // namespace chokepoint
