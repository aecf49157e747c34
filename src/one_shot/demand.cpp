#include "one_shot/demand.hpp"

#include <algorithm>
#include <cmath>

namespace chokepoint {

namespace {

constexpr double nothing = -1e300;  ///< log2 of 0

double log2_sum(double a, double b) {
  const double top = std::max(a, b);
  return top <= nothing ? nothing : top + std::log2(std::exp2(a - top) + std::exp2(b - top));
}

}  // namespace

OwnDemand::OwnDemand(const OneShotMarkets<double>& curves, const OneShotSystem<double>& system, int market) {
  for (int s = 0; s < curves.segments; ++s) {
    if (!system.buys(s, market)) continue;
    const DemandCurve<double>& d = curves.segment[s];
    Buyers buyers{d.log2_quantity, d.elasticity, d.sigma, d.log2_weight[market], nothing, false};
    for (int k = 0; k < curves.markets; ++k) {
      if (k == market || !system.buys(s, k)) continue;
      const double other = d.log2_weight[k] - d.sigma * system.place(k).log2_buyers_price;
      buyers.log2_elsewhere = log2_sum(buyers.log2_elsewhere, other);
      buyers.may_switch = true;
    }
    const double last = buyers.may_switch ? d.sigma : d.elasticity;
    last_elasticity_ = std::min(last_elasticity_, last);
    const double rest = buyers.may_switch ? buyers.log2_elsewhere : buyers.log2_weight;
    if (last == 1)
      last_expenditure_ += std::exp2(d.log2_quantity + (d.elasticity / d.sigma - 1) * rest + buyers.log2_weight);
    all_.push_back(buyers);
  }
}

double OwnDemand::log2_quantity(double log2_price) const {
  double sum = nothing;
  for (const Buyers& buyers : all_) {
    const double here = buyers.log2_weight - buyers.sigma * log2_price;
    const double all = buyers.may_switch ? log2_sum(here, buyers.log2_elsewhere) : here;
    sum = log2_sum(sum, buyers.log2_quantity + buyers.elasticity / buyers.sigma * all + (here - all));
  }
  return sum;
}

}  // namespace chokepoint
