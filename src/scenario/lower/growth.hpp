#pragma once

namespace chokepoint {

/// log2 growth in month t of a level whose yearly growth starts at `start` and decays towards `long_run` with a
/// half-life in months (0: no decay). Growth rates are shares a year (2.1).
double monthly_log2_growth(double start, double half_life, double long_run, int month);

/// Chance that at least one of the arrivals of a Poisson process falls in a month (2.2).
double monthly_probability(double per_year);

}  // namespace chokepoint
