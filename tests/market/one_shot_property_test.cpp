#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "commands/clear_solve.hpp"
#include "market/one_shot_cases.hpp"

/// The solver's parts on some hundreds of random markets (market/one_shot_cases.hpp). What must hold of its answers is
/// in tests/verification.
namespace chokepoint {
namespace {

constexpr int trials = 300;

std::vector<int> active_markets(const OneShotMarkets<double>& curves) {
  std::vector<int> all;
  for (int m = 0; m < curves.markets; ++m)
    if (curves.active[m] > 0.5) all.push_back(m);
  return all;
}

/// Slope and lever times pull are the exact derivatives of the residual, elasticities included.
TEST(OneShotSystem, DerivativesAreThoseOfFiniteDifferences) {
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    auto curves = lower(test::random_one_shot(seed));
    curves->kink = 0.05;
    for (FirmCurve<double>& firm : curves->firm) firm.dispersion = 0.1;
    OneShotSystem<double> system(*curves);
    OneShotSystem<double>::Response base, up, down;
    double at[one_shot_markets] = {};
    for (int m = 0; m < curves->markets; ++m) at[m] = std::min(0.7 + 0.3 * m, curves->log2_ceiling[m] - 0.5);
    system.evaluate(at, base);
    const auto change = [&](int m, int j) {
      constexpr double step = 1e-6;
      double moved[one_shot_markets];
      std::copy(at, at + one_shot_markets, moved);
      moved[j] = at[j] + step;
      system.evaluate(moved, up);
      moved[j] = at[j] - step;
      system.evaluate(moved, down);
      return (up.residual[m] - down.residual[m]) / (2 * step * std::log(2.0));
    };
    for (const int m : active_markets(*curves)) {
      EXPECT_NEAR(base.slope[m], change(m, m), 1e-3 * (1 + std::abs(base.slope[m])));
      for (const int j : active_markets(*curves)) {
        const double exact = j == m ? 0 : std::max(0.0, -change(m, j));
        EXPECT_NEAR(base.lever[m] * base.pull[m][j], exact, 1e-3 * (1 + exact));
      }
    }
  }
}

/// Away from kinks the steps are those of a full Newton: errors square, for one market and for several.
class Quadratic : public testing::TestWithParam<const char*> {};

TEST_P(Quadratic, ErrorsSquare) {
  const auto curves = lower(read_one_shot(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/markets/" + GetParam()));
  double residual[8];
  for (int steps = 0; steps < 8; ++steps) {
    OneShotSystem<double> system(*curves);
    OneShotSystem<double>::Response response;
    ClearingPrices near = find_prices(*curves, 1e-10);
    double* log2_price = near.log2_price;
    for (int m = 0; m < curves->markets; ++m) log2_price[m] += 0.3 - 0.2 * m;
    residual[steps] = clear_markets<double>(system, {1e-15, steps, 0}, log2_price, response).residual;
  }
  EXPECT_GT(residual[0], 0.01);
  for (int steps = 1; steps < 6; ++steps)
    EXPECT_LT(residual[steps], std::max(3 * residual[steps - 1] * residual[steps - 1], 1e-12)) << steps;
}

INSTANTIATE_TEST_SUITE_P(Markets, Quadratic, testing::Values("murphy_cournot.toml", "coupled_oligopolies.toml"));

/// The root of linear y + curved y^exponent = margin, over many orders of magnitude.
TEST(FirmResponse, InnerRootSolvesItsEquation) {
  for (const double linear : {0.0, 1e-9, 0.3, 1e6})
    for (const double curved : {1e-9, 0.7, 1e6})
      for (const double exponent : {0.05, 0.8, 1.0, 1.25, 20.0})
        for (const double margin : {1e-8, 0.3, 1.0}) {
          const double y = wished_output(linear, curved, exponent, margin);
          if (y < 1e-30 || y > 1e30) continue;  // beyond, powers are cut off
          EXPECT_NEAR(linear * y + curved * std::pow(y, exponent), margin, 1e-12 * margin)
              << linear << " " << curved << " " << exponent << " " << margin;
        }
}

}  // namespace
}  // namespace chokepoint
