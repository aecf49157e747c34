#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "chokepoint/one_shot.hpp"

namespace chokepoint::test {

/// A random one-shot market: one to four markets, Cournot firms, fringes and price-takers with flat and rising costs,
/// tight and ample capacities, buyers in all markets or some. The same seed gives the same market.
class RandomOneShot {
 public:
  explicit RandomOneShot(unsigned seed) : random_(seed) {}

  OneShot make() {
    OneShot one_shot;
    const int markets = whole(1, 4);
    for (int m = 0; m < markets; ++m) one_shot.markets.push_back({std::string(1, static_cast<char>('a' + m)), {}});
    if (markets == 1 && chance(0.3))
      one_shot.segments.push_back(linear());
    else
      for (int s = whole(1, 4); s > 0; --s) one_shot.segments.push_back(isoelastic(one_shot));
    for (int m = 0; m < markets; ++m)
      for (int i = whole(1, 4); i > 0; --i)
        one_shot.firms.push_back(firm(one_shot.markets[static_cast<std::size_t>(m)].name));
    return one_shot;
  }

 private:
  double real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  double spread(double low, double high) { return std::exp(real(std::log(low), std::log(high))); }
  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(double share) { return real(0, 1) < share; }

  config::OneShotSegment linear() {
    config::OneShotSegment segment;
    segment.form = "linear";
    segment.intercept = spread(3, 30);
    segment.slope = spread(0.001, 0.1);
    return segment;
  }

  config::OneShotSegment isoelastic(const OneShot& one_shot) {
    config::OneShotSegment segment;
    segment.quantity = spread(50, 5000);
    segment.elasticity = real(0.5, 2);
    segment.sigma = *segment.elasticity + spread(0.5, 8);
    const std::size_t home = static_cast<std::size_t>(whole(0, static_cast<int>(one_shot.markets.size()) - 1));
    for (const auto& market : one_shot.markets) {
      const bool at_home = market.name == one_shot.markets[home].name;
      if (at_home || chance(0.8)) segment.weight[market.name] = spread(0.2, 5);
      segment.trade_cost[market.name] = at_home ? 1 : real(1, 2);
    }
    return segment;
  }

  config::OneShotFirm firm(const std::string& market) {
    config::OneShotFirm firm;
    firm.market = market;
    firm.cost = spread(0.3, 3);
    firm.count = chance(0.3) ? whole(2, 30) : 1;
    firm.conduct = chance(0.3) ? 0 : real(0.05, 0.4);
    if (chance(0.4)) {
      firm.slope = spread(0.1, 3);
      firm.capacity_scale = spread(10, 1000);
      firm.beta = real(0.5, 2);
    }
    if (firm.slope == 0 || chance(0.5)) firm.capacity = spread(5, 2000);
    return firm;
  }

  std::mt19937 random_;
};

inline OneShot random_one_shot(unsigned seed) {
  return RandomOneShot(seed).make();
}

}  // namespace chokepoint::test
