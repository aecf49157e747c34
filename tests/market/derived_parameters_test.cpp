#include <gtest/gtest.h>

#include "chokepoint/market/derived_parameters.hpp"
#include "chokepoint/market/parameters.hpp"
#include "market/path_runner.hpp"
#include "scenario/lower/lower.hpp"

// Parameters that follow from others.
namespace chokepoint {
namespace {

using testing_support::smoke;
using testing_support::walk_path;

constexpr RegionIndex china(1);
constexpr ClassIndex banned_class(0);

/// China under a ban that neither ends nor leaks, with none of the banned class there at the start.
std::unique_ptr<Parameters<double>> sealed() {
  auto p = smoke({});
  p->shocks.regime_start[0][china] = regime_ban;
  p->shocks.regime_moves[0][china] = 0;
  p->trade.leak_share[0][china] = 0;
  for (auto& month : p->calendar) month.scheduled_regime[0][china] = -1;
  for (const UnitIndex i : units_of(*p, china))
    p->providers.start_young[i][banned_class] = p->providers.start_old[i][banned_class] =
        p->providers.start_pipeline[i][banned_class] = 0;
  derive(*p);
  return p;
}

TEST(Derived, AClassIsBarredWhereABanLastsAndNothingLeaks) {
  auto p = sealed();
  EXPECT_EQ(p->regions.barred[china][banned_class], 1);
  EXPECT_EQ(p->regions.barred[0][banned_class], 0) << "no ban there";
}

TEST(Derived, NoClassIsBarredThatCanCome) {
  const auto barred_after = [](auto change) {
    auto p = sealed();
    change(*p);
    derive(*p);
    return p->regions.barred[china][banned_class];
  };
  using P = Parameters<double>;
  EXPECT_EQ(barred_after([](P& p) { p.shocks.regime_moves[0][china] = 1; }), 0) << "the chain may lift the ban";
  EXPECT_EQ(barred_after([](P& p) { p.calendar[5].scheduled_regime[0][china] = regime_window; }), 0)
      << "a date lifts it";
  EXPECT_EQ(barred_after([](P& p) { p.calendar[5].scheduled_regime[0][china] = regime_ban; }), 1);
  EXPECT_EQ(barred_after([](P& p) { p.trade.leak_share[0][china] = 0.01; }), 0);
  EXPECT_EQ(barred_after([](P& p) { p.providers.start_old[p.providers.first[china + 1] - 1][banned_class] = 1; }), 0)
      << "another unit may take over what one has";
  EXPECT_EQ(barred_after([](P& p) { p.providers.start_pipeline[p.providers.first[china]][banned_class] = 1; }), 0);
}

/// What is barred is passed over, not changed: with nothing barred the same paths take the same values.
TEST(Derived, PassingOverBarredFleetsChangesNothing) {
  const auto p = lower<float>(read_scenario(testing_support::config_path("baseline.toml")), 1);
  auto all = std::make_unique<Parameters<float>>(*p);
  int barred = 0;
  for (auto& region : all->regions.barred) {
    for (auto& flag : region) {
      barred += flag;
      flag = 0;
    }
  }
  ASSERT_GT(barred, 0);
  std::vector<std::vector<float>> rows;
  walk_path<float>(*p, 3, [&](const testing_support::Walk<float>& walk) { rows.push_back(walk.row); });
  walk_path<float>(*all, 3, [&](const testing_support::Walk<float>& walk) {
    EXPECT_EQ(walk.row, rows[static_cast<std::size_t>(walk.month)]) << walk.month;
  });
}

TEST(Derived, TheUpperKinkEndsFlat) {
  for (const float width : {1e-4f, 0.03f, 0.05f, 0.1f, 0.37f, 0.5f}) {
    auto p = std::make_unique<Parameters<float>>();
    p->solver.kink = width;
    derive(*p);
    const float bend = (p->solver.over_kink - p->solver.under_kink) * p->solver.inverse_four_caps;
    EXPECT_LE(bend, 0.5f) << width;  // beyond, a full fleet would shrink as the price rises
    EXPECT_GE(bend, 0.5f * (1 - 0x1p-24f)) << width;
  }
}

}  // namespace
}  // namespace chokepoint
