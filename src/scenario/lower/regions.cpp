#include <algorithm>
#include <cmath>

#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/growth.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/lower/power_path.hpp"

namespace chokepoint {

PowerPath plan_power(const config::Region& region, int months) {
  const auto growth = [&](int t) { return monthly_log2_growth(region.power_growth, t); };
  const double delay = region.build_delay_months;
  double power = region.power_mw, target = power * std::exp2(growth(0));
  // In steady building, what is left in the queue after a month's connections is delay - 1 months' worth of them.
  double queue = region.power_in_build_mw.value_or((delay - 1) * (target - power));
  PowerPath path{queue, {0}};
  for (int t = 1; t < months; ++t) {
    const double order = std::max(delay * (target - power) - queue, 0.0);
    const double connected = (queue + order) / delay;
    path.orders.push_back(order);
    power += connected;
    queue += order - connected;
    target *= std::exp2(growth(t));
  }
  return path;
}

template <class Real>
void lower_regions(const Scenario& scenario, Parameters<Real>& p) {
  for (std::size_t r = 0; r < scenario.regions.size(); ++r) {
    const config::Region& region = scenario.regions[r];
    set(p.regions.start_power[r], region.power_mw);
    set(p.regions.start_queue[r], plan_power(region, 1).start_queue);
    set(p.regions.build_rate[r], 1 / region.build_delay_months);
    set(p.regions.war_trigger[r], region.war.trigger);
    set(p.regions.war_start[r], region.war.start_probability);
    set(p.regions.war_end[r], region.war.end_probability);
    set(p.regions.conduct[r], region.conduct);
    set(p.regions.war_conduct[r], region.war.conduct);
    set(p.regions.capital_share[r], region.capital_share);
    set(p.regions.war_capital_share[r], region.war.capital_share);
  }
}

template void lower_regions(const Scenario&, Parameters<float>&);
template void lower_regions(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
