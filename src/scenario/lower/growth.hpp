#pragma once

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// log2 growth in a month of a level whose yearly growth decays towards its long run (2.1); half-life 0: no decay.
double monthly_log2_growth(const config::Growth& growth, int month);

/// Chance that at least one of the arrivals of a Poisson process falls in a month (2.2).
double monthly_probability(double per_year);

}  // namespace chokepoint
