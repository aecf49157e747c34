#include <gtest/gtest.h>

#include <memory>

#include "chokepoint/engine.hpp"
#include "chokepoint/market/downstream.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/market/state.hpp"
#include "chokepoint/measures.hpp"
#include "one_shot/clear.hpp"
#include "scenario/lower/lower.hpp"
#include "scenario/measure_layout.hpp"

// Figures of the source documents that can be checked, computed by the functions of the engine (docs/claims.md).
namespace chokepoint {
namespace {

std::string configs() {
  return std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/";
}

ClearedMarket cleared(const std::string& name) {
  const ClearedMarkets all = clear(read_one_shot(configs() + "markets/" + name + ".toml"));
  EXPECT_TRUE(all.solved || !all.markets[0].price) << name;
  return all.markets[0];
}

TEST(EvidenceFigures, StartOfGpuOwnersHasHhi1218AndCr4Of56Percent) {
  const ClearedMarket as_one = cleared("gpu_owners_2026q1"), by_firm = cleared("gpu_owners_2026q1_by_firm");
  EXPECT_NEAR(*as_one.hhi, 1218, 1);
  EXPECT_NEAR(by_firm.ratio[3], 0.56, 1e-12);
  // No one count of the Chinese clouds gives both figures.
  EXPECT_NEAR(as_one.ratio[3], 0.66, 1e-12);
  EXPECT_NEAR(*by_firm.hhi, 887, 2);
}

TEST(EvidenceFigures, CloudRevenueHasCr3Of67Percent) {
  const ClearedMarket cloud = cleared("cloud_revenue_2025");
  EXPECT_NEAR(cloud.ratio[2], 0.67, 1e-12);
  EXPECT_NEAR(cloud.ratio[3], 0.73, 1e-12);  // what the essay calls CR5
  EXPECT_NEAR(*cloud.hhi, 1743, 1);
}

TEST(EvidenceFigures, ACentreAtTwentyPercentEarns23MillionCnyAYear) {
  const ClearedMarket centre = cleared("china_centre_2024");
  EXPECT_NEAR(*centre.price, 75, 1e-3);
  EXPECT_NEAR(*centre.utilisation, 0.2, 1e-4);
  EXPECT_NEAR(12 * centre.expenditure / 1000, 23.04, 0.01);
}

/// Application margin of the baseline in its first month.
double margin(const std::vector<std::string>& overrides) {
  std::vector<std::string> all = {"scenario.months=1"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  const Scenario scenario = read_scenario(configs() + "baseline.toml", all);
  const ReplayedPath path = replay_path(scenario, 1, 0, {EngineKind::reference, InstructionSet::automatic});
  return static_cast<double>(path.at(0, path.measures - 1));
}

TEST(EvidenceFigures, ApplicationLosesTwoUsdAUserAndPaysUnderEachOfFourChanges) {
  ASSERT_EQ(measure_names(read_scenario(configs() + "baseline.toml")).back(), "application_margin");
  EXPECT_NEAR(margin({}), -2, 1e-6);
  EXPECT_GT(margin({"application.paid_share=0.2"}), 0);
  EXPECT_GT(margin({"application.arpu_usd=60"}), 0);
  EXPECT_GT(margin({"application.tokens_per_user_million=0.5"}), 0);
  EXPECT_GT(margin({"application.token_price_usd_per_million=2.5"}), 0);
  EXPECT_NEAR(margin({"application.token_price_usd_per_million=3"}), 0,
              1e-6);  // break-even at 60 % of the price, not at half
  // Conversion falls from 15 to 8 % while ARPU rises from 30 to 45: revenue a user falls all the same.
  EXPECT_LT(margin({"application.paid_share=0.08", "application.arpu_usd=45"}),
            margin({"application.paid_share=0.15"}));
}

/// Token price of a segment of the baseline that starts at `start`, after its compute price has changed by a factor.
class TokenPrice {
 public:
  explicit TokenPrice(int segment)
      : p_(lower<double>(read_scenario(configs() + "baseline.toml"), 1)),
        segment_(segment),
        state_(std::make_unique<State<double>>()),
        flows_(std::make_unique<Flows<double>>()) {}

  double after(double start, double cost_factor, double utilisation_at_start, double utilisation_after) {
    const double at_one = price(1, utilisation_at_start, true);
    const double compute = start / at_one;
    price(compute, utilisation_at_start, true);
    return price(compute * cost_factor, utilisation_after, false);
  }

 private:
  double price(double compute, double utilisation, bool is_start) {
    for (double& of_region : flows_->utilisation) of_region = utilisation;
    flows_->compute_price[segment_] = compute;
    price_segment<double>(*p_, segment_, is_start, *state_, *flows_);
    return flows_->token_price[segment_];
  }

  std::unique_ptr<Parameters<double>> p_;
  SegmentIndex segment_;
  std::unique_ptr<State<double>> state_;
  std::unique_ptr<Flows<double>> flows_;
};

TEST(EvidenceFigures, TokenPriceRisesBy463PercentOnlyIfComputeDoes) {
  TokenPrice small(2);                                            // us-small: list price, no discount
  EXPECT_NEAR(small.after(0.5, 5.63, 0.8, 0.8), 2.815, 1e-9);     // input, +463 %
  EXPECT_NEAR(small.after(1.5, 6.5 / 1.5, 0.8, 0.8), 6.5, 1e-9);  // output, +333 %
  EXPECT_NEAR(small.after(0.2, 5, 0.8, 0.8), 1.0, 1e-9);          // cache, +400 %
  // A cloud cost that rises by 50 %, the most that the essay names, comes through as 50 %, and with a market that goes
  // from idle to full as under 100 %: the rest of the 463 % is not cost.
  EXPECT_NEAR(small.after(0.5, 1.5, 0.8, 0.8) / 0.5, 1.5, 1e-9);
  EXPECT_LT(small.after(0.5, 1.5, 0.0, 1.0) / 0.5, 2.0);
}

}  // namespace
}  // namespace chokepoint
