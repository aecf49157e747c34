#include "scenario/lower/growth.hpp"

#include <cmath>

namespace chokepoint {

double monthly_log2_growth(double start, double half_life, double long_run, int month) {
  const double decay = half_life > 0 ? std::exp2(-month / half_life) : 1;
  return std::log2(1 + long_run + (start - long_run) * decay) / 12;
}

double monthly_probability(double per_year) {
  return -std::expm1(-per_year / 12);
}

}  // namespace chokepoint
