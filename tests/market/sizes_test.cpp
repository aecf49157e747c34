#include <gtest/gtest.h>

#include "chokepoint/market/exact_view.hpp"
#include "chokepoint/market/parameters.hpp"
#include "market/path_runner.hpp"
#include "scenario/lower/lower.hpp"

// What a path of the baseline carries: on a GPU it lies in memory that threads share, and every word is moved every
// month.
namespace chokepoint {
namespace {

constexpr std::size_t most_bytes_of_flows = 2000;
constexpr std::size_t most_bytes_of_state = 3632;

static_assert(sizeof(Flows<float, BaselineShape>) <= most_bytes_of_flows);
static_assert(sizeof(State<float, BaselineShape>) <= most_bytes_of_state);

TEST(Sizes, TheBaselineHasTheShapeThatEnginesKeepCodeFor) {
  for (const char* config : {"baseline.toml", "scenarios/price-war.toml"}) {
    const auto p = lower<float>(read_scenario(testing_support::config_path(config)), 1);
    EXPECT_TRUE(fits_exactly<BaselineShape>(p->sizes)) << config;
  }
  const auto smoke = lower<float>(read_scenario(testing_support::config_path("smoke.toml")), 1);
  EXPECT_FALSE(fits_exactly<BaselineShape>(smoke->sizes));
}

/// The view is the block: a path seen through it takes the same values, in every bit.
TEST(Sizes, APathOfExactSizeTakesTheSameValues) {
  const auto p = lower<float>(read_scenario(testing_support::config_path("baseline.toml")), 1);
  const auto view = exact_view<BaselineShape>(*p);
  const auto state = std::make_unique<State<float, BaselineShape>>();
  const auto flows = std::make_unique<Flows<float, BaselineShape>>();
  std::vector<float> row(static_cast<std::size_t>(p->sizes.measures));
  start_path<float>(view, *state);
  testing_support::walk_path<float>(*p, 5, [&](const testing_support::Walk<float>& walk) {
    advance_month<float>(view, walk.month, Draws<float>(p->seeds, 5, static_cast<std::uint32_t>(walk.month)), *state,
                         *flows);
    measure<float>(view, walk.month, *state, *flows, row.data(), 1);
    EXPECT_EQ(row, walk.row) << walk.month;
  });
}

}  // namespace
}  // namespace chokepoint
