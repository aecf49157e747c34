#pragma once

#include <cmath>
#include <vector>

#include "chokepoint/market/one_shot/system.hpp"

namespace chokepoint {

/// Isoelastic demand of one market as a function of its own price alone, the prices of other markets being those that
/// `system` saw last.
class OwnDemand {
 public:
  OwnDemand(const OneShotMarkets<double>& curves, const OneShotSystem<double>& system, int market);

  double log2_quantity(double log2_price) const;

  /// Elasticity of the remaining demand as the price rises without bound.
  double last_elasticity() const { return last_elasticity_; }
  /// Spending of buyers in that limit, if that elasticity is 1.
  double last_expenditure() const { return last_expenditure_; }

 private:
  struct Buyers {
    double log2_quantity, elasticity, sigma, log2_weight;
    double log2_elsewhere;  ///< sum of weight / price^sigma over the other markets
    bool may_switch;
  };
  std::vector<Buyers> all_;
  double last_elasticity_ = HUGE_VAL, last_expenditure_ = 0;
};

}  // namespace chokepoint
