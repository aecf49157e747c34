#pragma once

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/scenario.hpp"

/// Dated shocks ([[shock]]) as entries of the calendar. Nothing happens in month 0, which is observed.
namespace chokepoint {

/// What dated factors on the demand of segment `s` add to its log2 in month t, which is 1 or more.
double demand_step(const Scenario& scenario, std::size_t s, int t);

/// The same for efficiency.
double efficiency_step(const Scenario& scenario, int t);

/// What dated capacity adds to the log2 of fab pool `f` in month t: it makes the median output without outages equal to
/// the pool's own growth path plus the added capacity.
double fab_step(const Scenario& scenario, std::size_t f, int t);

/// Dated severities, turns and component capacity.
template <class Real>
void lower_dated_shocks(const Scenario& scenario, Parameters<Real>& p);

}  // namespace chokepoint
