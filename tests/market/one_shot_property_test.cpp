#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "market/one_shot_cases.hpp"
#include "one_shot/clear.hpp"
#include "one_shot/lower.hpp"

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

OneShot with_ceilings(OneShot one_shot, unsigned seed) {
  for (std::size_t m = 0; m < one_shot.markets.size(); ++m)
    if ((seed + m) % 3 == 0) one_shot.markets[m].price_ceiling = 1.5 + 0.5 * static_cast<double>(m);
  return one_shot;
}

/// Slopes and the whole row are the exact derivatives of the residual by the positions, elasticities included: where
/// the price is free, at steps, at ceilings and under rationing. At the joints of these, and where a firm turns idle or
/// full, there is a slope on each side; such places are left out, and are few.
TEST(OneShotSystem, DerivativesAreThoseOfFiniteDifferences) {
  int compared = 0, at_joints = 0;
  for (unsigned seed = 0; seed < trials; ++seed) {
    SCOPED_TRACE(seed);
    auto curves = lower(with_ceilings(test::random_one_shot(seed), seed));
    OneShotSystem<double> system(*curves);
    OneShotSystem<double>::Response base, moved_response;
    double at[one_shot_markets] = {}, row[one_shot_markets];
    for (int m = 0; m < curves->markets; ++m) at[m] = 0.02 + 0.0617 * (seed % 41) - 0.3 * m;
    const auto change = [&](int m, int j, double step) {
      double moved[one_shot_markets];
      std::copy(at, at + one_shot_markets, moved);
      moved[j] = at[j] + step;
      system.evaluate(moved, moved_response);
      return (moved_response.residual[m] - base.residual[m]) / (step * std::log(2.0));
    };
    system.evaluate(at, base);
    for (const int m : active_markets(*curves)) {
      for (const int j : active_markets(*curves)) {
        system.evaluate(at, base);
        const double own = system.whole_row(base, m, row), exact = j == m ? own : -row[j];
        const double up = change(m, j, 1e-6), down = change(m, j, -1e-6), size = 1 + std::abs(exact);
        if (std::abs(up - down) > 1e-3 * size) {
          ++at_joints;
          continue;
        }
        ++compared;
        EXPECT_NEAR(exact, (up + down) / 2, 1e-4 * size) << m << " " << j;
      }
    }
  }
  EXPECT_LT(at_joints, compared / 50);
}

/// Along its way a market's price never falls and its supply rises over its demand: no gap, no way back.
TEST(OneShotSystem, ResidualsRiseAlongThePositionWithoutAGap) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    OneShot one_shot = with_ceilings(test::random_one_shot(seed), 0);
    if (one_shot.markets.size() > 1 || one_shot.segments.size() > 1) continue;  // unlike buyers change the elasticity
    const auto curves = lower(one_shot);
    OneShotSystem<double> system(*curves);
    OneShotSystem<double>::Response response;
    double before = -1, price = 0;
    for (double at = -3; at < 4; at += 1e-4) {
      system.evaluate(&at, response);
      const double supply_part = (1 + response.residual[0]) / (2 + response.residual[0]);  // S / (S + D)
      EXPECT_GE(system.place(0).price, price);
      EXPECT_GE(supply_part, before - 1e-12);
      if (before >= 0) {
        EXPECT_LT(supply_part, before + 0.15) << at;
      }
      before = supply_part;
      price = system.place(0).price;
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
    double* position = near.at.position;
    for (int m = 0; m < curves->markets; ++m) position[m] += 0.3 - 0.2 * m;
    residual[steps] = clear_markets<double>(system, {1e-15, steps, 0}, position, response).residual;
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
