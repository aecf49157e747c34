#include "scenario/lower/growth.hpp"

#include <cmath>

namespace chokepoint {

double monthly_log2_growth(const config::Growth& growth, int month) {
  const double decay = growth.half_life_months > 0 ? std::exp2(-month / growth.half_life_months) : 1;
  return std::log2(1 + growth.long_run_per_year + (growth.per_year - growth.long_run_per_year) * decay) / 12;
}

double monthly_probability(double per_year) {
  return -std::expm1(-per_year / 12);
}

}  // namespace chokepoint
