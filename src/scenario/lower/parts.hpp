#pragma once

#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/lower.hpp"

/// The parts of lower(): each fills one part of the block from a scenario that was read and checked.
namespace chokepoint {

/// Rounds a value computed in double to the precision of the block.
template <class Real>
void set(Real& out, double value) {
  out = static_cast<Real>(value);
}

template <class Real>
void lower_shocks(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_chips(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_trade(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_regions(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_providers(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_demand(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_downstream(const Scenario& scenario, Parameters<Real>& p);
template <class Real>
void lower_calendar(const Scenario& scenario, Parameters<Real>& p);

}  // namespace chokepoint
