#pragma once

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/scenario.hpp"

/// Dated shocks ([[shock]]) as the calendar knows them. Nothing happens in month 0, which is observed.
namespace chokepoint {

/// What dated factors on the demand of segment `s` add to its log2 in month t, which is 1 or more.
double demand_step(const Scenario& scenario, std::size_t s, int t);

/// The same for efficiency.
double efficiency_step(const Scenario& scenario, int t);

/// What dated capacity adds to the log2 of fab pool `f` in month t: with it, the median output without outages is that
/// of the pool's growth plus what was added.
double fab_step(const Scenario& scenario, std::size_t f, int t);

/// Dated severities, turns and component capacity.
template <class Real>
void lower_dated_shocks(const Scenario& scenario, Parameters<Real>& p);

}  // namespace chokepoint
