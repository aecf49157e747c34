#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "chokepoint/market/derived_parameters.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/market/rental_system.hpp"

namespace chokepoint::test {

inline constexpr double sharp = 1e-6;  // dispersion and kink of the limits below

struct Buyers {
  double quantity, elasticity;
  std::vector<double> trade_cost;  // by region; 0 where barred. One entry a region, all classes liked alike.
};

/// The response of one fleet, by cost and market power.
template <class N>
FleetResponse<N> respond(N cost, N power, N dispersion, N kink) {
  const N over = 1 + kink, under = 1 - kink;
  const Kinks<N> kinks{2 * kink, N(0.25) / kink, over, under, N(0.5) / (over - under)};
  return fleet_response<N>(cost, 1 - dispersion, 2 * dispersion, power, kinks);
}

/// A month of rental markets made by hand: only what RentalSystem reads is filled.
class Rental {
 public:
  using P = Parameters<double>;

  Rental(int region_count, int class_count, double sigma) {
    p->sizes.regions = region_count;
    p->sizes.classes = class_count;
    p->demand.sigma = sigma;
    p->demand.inverse_sigma = 1 / sigma;
    p->solver.empty_capacity = 1e-6;
    for (double& ceiling : month->log2_ceiling) ceiling = 100;
    smooth(sharp);
  }

  void smooth(double width) {
    p->solver.kink = width;
    p->solver.inverse_four_kinks = 1 / (4 * width);
    for (double& dispersion : p->providers.dispersion) dispersion = width;
  }

  /// Fleets in every class, in the order of the regions, each offered at a cost of its own: that of the operations of a
  /// unit of its own, which asks for no capital and takes no energy.
  void add_unit(int region, const std::vector<double>& cost, const std::vector<double>& capacity, double count = 1) {
    for (const ClassIndex c : classes(*p)) {
      const UnitIndex i(p->sizes.units++);
      p->providers.conduct_weight[i] = 1 / count;
      p->providers.kind[i] = provider_community;
      p->providers.operations[i] = cost[static_cast<std::size_t>(c)];
      for (int r = region + 1; r <= p->sizes.regions; ++r) p->providers.first[r] = i + 1;
      flows->capacity[fleet_index(*p, i, c)] = capacity[static_cast<std::size_t>(c)];
      flows->market_capacity[market_index(*p, RegionIndex(region), c)] += capacity[static_cast<std::size_t>(c)];
    }
  }

  void add_segment(const Buyers& buyers) {
    const int s = p->sizes.segments++;
    double sum = 0;
    for (const MarketIndex m : markets(*p)) sum += weight(buyers, m);
    for (const MarketIndex m : markets(*p)) p->demand.weight[s][m] = weight(buyers, m) / sum;
    p->demand.elasticity[s] = buyers.elasticity;
    p->demand.index_exponent[s] = buyers.elasticity / p->demand.sigma - 1;
    p->demand.sigma_less_elasticity[s] = p->demand.sigma - buyers.elasticity;
    state->demand_log2[s] = std::log2(buyers.quantity);
    flows->open_share[s] = 1;
  }

  RentalSystem<double, P> system(double theta) {
    derive(*p);
    RentalSystem<double, P> out(*p, *month, *state, *flows);
    for (double& conduct : out.conduct) conduct = theta;
    return out;
  }

  /// Prices that clear, from smooth curves to sharp ones.
  std::vector<double> prices(double theta, double sharpest = sharp) {
    double log2_price[LargestShape::markets] = {};
    Solution<double> solution{};
    for (double width = 0.1; width > sharpest / 2; width = width > sharpest ? std::max(width / 2, sharpest) : 0) {
      smooth(width);
      auto open = system(theta);
      MarketResponse<double, LargestShape::markets, LargestShape::regions> response;
      solution = clear_markets<double>(open, {1e-8, 400, 60}, log2_price, response);
    }
    EXPECT_TRUE(solution.solved) << "residual " << solution.residual;
    std::vector<double> out;
    for (const MarketIndex m : markets(*p)) out.push_back(std::exp2(log2_price[m]));
    return out;
  }

  std::unique_ptr<P> p = std::make_unique<P>();
  std::unique_ptr<State<double>> state = std::make_unique<State<double>>();
  std::unique_ptr<Flows<double>> flows = std::make_unique<Flows<double>>();
  std::unique_ptr<CalendarMonth<double>> month = std::make_unique<CalendarMonth<double>>();

 private:
  double weight(const Buyers& buyers, int market) const {
    const double tau = buyers.trade_cost[static_cast<std::size_t>(market / p->sizes.classes)];
    return tau > 0 ? std::pow(tau, -p->demand.sigma) : 0;
  }
};

using Response = MarketResponse<double, LargestShape::markets, LargestShape::regions>;

/// Two regions, three classes and three segments with a home each, at random.
inline Rental random_rental(std::mt19937& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  Rental rental(2, 3, 2 + 2 * unit(random));
  for (int i = 0; i < 6; ++i) {
    std::vector<double> cost, capacity;
    for (int c = 0; c < 3; ++c) cost.push_back(0.5 + unit(random)), capacity.push_back(20 + 100 * unit(random));
    rental.add_unit(i / 3, cost, capacity);
  }
  for (int s = 0; s < 3; ++s)
    rental.add_segment({50 + 200 * unit(random), 0.6 + unit(random), {1 + unit(random), 1 + unit(random)}});
  rental.smooth(0.1);
  return rental;
}

}  // namespace chokepoint::test
