#include <algorithm>
#include <cmath>
#include <random>

#include "market/path_runner.hpp"
#include "verification/scenario_properties.hpp"

// What holds in every month of every path.
namespace chokepoint::verification {
namespace {

using Walk = testing_support::Walk<double>;
using P = Parameters<double>;

constexpr double nothing = 1e-9;  ///< thousand chips, kH100e: a millionth of one

double chips_in_world(const P& p, const State<double>& state, int c) {
  double sum = state.stock[c];
  for (int i = 0; i < units(p); ++i) {
    const int k = fleet_index(p, i, c);
    sum += state.young[k] + state.old[k] + state.waiting[k];
    for (const auto& stage : state.pipeline) sum += stage[k];
  }
  return sum;
}

double sum_over_units(const P& p, const double* of_fleet, int c) {
  double sum = 0;
  for (int i = 0; i < units(p); ++i) sum += of_fleet[fleet_index(p, i, c)];
  return sum;
}

double installed_power(const P& p, const State<double>& state, int region) {
  double used = 0, waiting = 0;
  region_power<double>(p, state, region, used, waiting);
  return used;
}

void examine_chips(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  for (int c = 0; c < classes(p); ++c) {
    const double gone = sum_over_units(p, walk.flows.retired, c) + sum_over_units(p, walk.flows.failed, c) +
                        walk.flows.scrapped[c];
    const double before = chips_in_world(p, walk.before, c) + walk.flows.produced[c];
    ledger.note(Property::chips, std::abs(chips_in_world(p, walk.state, c) + gone - before) / (1e-9 + before));
    if (walk.month == 0) continue;
    const double delivered = sum_over_units(p, walk.flows.delivered, c) + walk.flows.returned[c];
    const double sold = walk.before.stock[c] + walk.flows.produced[c] - (walk.state.stock[c] - walk.flows.returned[c]);
    ledger.note(Property::shipments, std::abs(delivered - sold) / (1e-9 + before));
  }
}

void examine_fleets(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  const auto& s = walk.state;
  const auto& f = walk.flows;
  double least = 0, over_order = -1, over_capacity = -1;
  for (int k = 0; k < units(p) * classes(p); ++k) {
    least = std::min({least, s.young[k], s.old[k], s.waiting[k], s.pipeline[0][k], s.pipeline[1][k], s.pipeline[2][k],
                      s.spending[k], f.rented[k], f.reserved[k], f.capacity[k], f.delivered[k], f.ordered[k],
                      f.installed[k], f.retired[k], f.failed[k], f.offer[k]});
    if (f.ordered[k] > 0) over_order = std::max(over_order, f.delivered[k] / f.ordered[k] - 1);
    if (f.capacity[k] > 0) over_capacity = std::max(over_capacity, f.rented[k] / f.capacity[k] - 1);
  }
  for (int c = 0; c < classes(p); ++c) least = std::min({least, s.stock[c], f.produced[c], f.returned[c], s.chip_price[c]});
  for (int m = 0; m < markets(p); ++m) least = std::min({least, f.leaked[m], f.market_demand[m], f.market_supply[m]});
  for (int r = 0; r < regions(p); ++r) least = std::min({least, s.power[r], s.power_queue[r], f.power_available[r]});
  ledger.note(Property::negative, -least);
  ledger.note(Property::rationing, over_order);
  ledger.note(Property::rented, over_capacity);
}

void examine_power(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  double installed = 0;
  for (int r = 0; r < regions(p); ++r) {
    // What stood before a grid shock stays.
    const double limit = std::max(walk.flows.power_available[r], installed_power(p, walk.before, r));
    if (limit > 0) ledger.note(Property::power, installed_power(p, walk.state, r) / limit - 1);
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i)
      for (int c = 0; c < classes(p); ++c) installed += p.chips.power_kw[c] * walk.flows.installed[fleet_index(p, i, c)];
  }
  for (int b = 0; b < p.sizes.component_pools && walk.month > 0; ++b) {
    const double room = p.calendar[walk.month].component_capacity[b] * (1 - walk.state.component_outage[b]);
    ledger.note(Property::parts, (installed - room) / (1e-9 + room));
  }
}

void examine_quota(const Walk& walk, int x, int r, Ledger& ledger) {
  const P& p = walk.parameters;
  if (walk.month == 0 || walk.state.regime[x][r] != regime_quota) return;
  double arrived = 0, leaked = 0;
  for (int c = 0; c < classes(p); ++c) {
    if (p.chips.export_class[c] != x) continue;
    leaked += walk.flows.leaked[market_index(p, r, c)];
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i)
      arrived += walk.flows.delivered[fleet_index(p, i, c)];
  }
  const double quota = p.calendar[walk.month].quota[x][r];
  ledger.note(Property::quota, (arrived - leaked - quota) / (1e-9 + quota + arrived));
}

/// Buyers who are short somewhere go elsewhere: under a ceiling supply is what they then want, not what they wish for.
bool has_ceilings(const Walk& walk) {
  for (int r = 0; r < regions(walk.parameters); ++r)
    if (walk.parameters.calendar[walk.month].log2_ceiling[r] < no_ceiling_log2) return true;
  return false;
}

/// Of a market short of capacity: what its fleets, taking the ceiling for marginal revenue, would rent out more.
double idle_at_ceiling(const Walk& walk, int m) {
  const P& p = walk.parameters;
  const int r = m / classes(p), c = m % classes(p);
  double idle = 0;
  for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
    const int k = fleet_index(p, i, c);
    const auto all = fleet_response<double>(walk.flows.offer[k] / walk.flows.price[m], 0, p.providers.dispersion[i],
                                            p.solver.kink, p.solver.inverse_four_kinks);
    idle += std::abs(all.share * walk.flows.capacity[k] - walk.flows.rented[k]);
  }
  return idle;
}

void examine_markets(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  const auto& f = walk.flows;
  const bool solved = f.residual < p.solver.tolerance;
  double revenue = 0, told = 0;
  for (int r = 0; r < regions(p); ++r) {
    const double ceiling = p.calendar[walk.month].log2_ceiling[r];
    for (int c = 0; c < classes(p); ++c) {
      const int m = market_index(p, r, c);
      for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
        const int k = fleet_index(p, i, c);
        const double own_price = p.providers.kind[i] == provider_public ? f.offer[k] : f.price[m];
        revenue += 0.73 * (f.price[m] * f.rented[k] + own_price * f.reserved[k]);
      }
      if (!solved || f.active[m] < 0.5) continue;
      double capacity = nothing;
      for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) capacity += f.capacity[fleet_index(p, i, c)];
      const double excess = (f.market_supply[m] - f.market_demand[m]) / std::max(f.market_demand[m], capacity);
      if (!has_ceilings(walk)) ledger.note(Property::clears, std::abs(excess));
      if (walk.state.log2_price[m] > ceiling + conduct_width) ledger.note(Property::clears, idle_at_ceiling(walk, m) / capacity);
    }
  }
  for (int i = 0; i < units(p); ++i) told += f.revenue[i];
  ledger.note(Property::revenue, std::abs(told - revenue) / (1e-9 + revenue));
}

void examine_hhi(double hhi, double firms, Ledger& ledger) {
  if (hhi > 0) ledger.note(Property::hhi, std::max(10000 / firms / hhi - 1, hhi / 10000 - 1));
}

void examine_concentration(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  std::vector<double> owner_firms(static_cast<std::size_t>(p.sizes.owners));
  for (int r = 0; r < regions(p); ++r) {
    double firms = 0;
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      firms += p.providers.count[i];
      owner_firms[static_cast<std::size_t>(p.providers.owner[i])] = p.providers.count[i];
    }
    examine_hhi(measured(walk, Measure::regional_hhi_fleet, r), firms, ledger);
    examine_hhi(measured(walk, Measure::regional_hhi_revenue, r), firms, ledger);
  }
  double firms = 0;
  for (const double count : owner_firms) firms += count;
  examine_hhi(measured(walk, Measure::hhi_fleet), firms, ledger);
  examine_hhi(measured(walk, Measure::hhi_revenue), firms, ledger);
  examine_hhi(measured(walk, Measure::country_hhi), regions(p), ledger);
}

void examine_row(const Walk& walk, const std::vector<MeasureBlock>& layout, Ledger& ledger) {
  double amiss = 0, outside = -1;
  for (const MeasureBlock& block : layout) {
    const MeasureInfo& about = measure_table[static_cast<int>(block.measure)];
    for (int e = 0; e < block.size; ++e) {
      const double value = measured(walk, block.measure, e);
      if (value == static_cast<double>(missing_value)) continue;
      if (!std::isfinite(value) || (about.scale == Scale::price && value < 0)) ++amiss;
      if (about.scale == Scale::share && block.measure != Measure::power_share)
        outside = std::max({outside, -value, value - 1});
    }
  }
  const Measure ratios[] = {Measure::cr1_fleet, Measure::cr3_fleet, Measure::cr4_fleet, Measure::cr5_fleet};
  for (int k = 0; k < 3; ++k) outside = std::max(outside, measured(walk, ratios[k]) - measured(walk, ratios[k + 1]));
  ledger.note(Property::numbers, amiss);
  ledger.note(Property::shares, outside);
}

/// The rule that shares out scarce chips, on random orders and a random supply.
void examine_rationing(const P& p, std::uint64_t seed, Ledger& ledger) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> draw(0.1);
  std::vector<double> orders(LargestShape::fleets), served;
  double wanted = 0;
  for (int i = 0; i < units(p); ++i) wanted += orders[static_cast<std::size_t>(fleet_index(p, i, 0))] = draw(random);
  const double supply = wanted * std::uniform_real_distribution<double>(0, 1)(random);
  served = orders;
  ration_orders<double>(p, 0, supply, served.data());
  const auto part = [&](int i) {
    const auto k = static_cast<std::size_t>(fleet_index(p, i, 0));
    return served[k] / orders[k];
  };
  double given = 0, unfair = -1, over = -1;
  for (int i = 0; i < units(p); ++i) {
    given += served[static_cast<std::size_t>(fleet_index(p, i, 0))];
    over = std::max(over, part(i) - 1);
    for (int j = 0; j < units(p); ++j)
      if (p.providers.priority[i] > p.providers.priority[j]) unfair = std::max(unfair, part(j) - part(i));
  }
  ledger.note(Property::rationing, std::max(over, given / supply - 1));
  ledger.note(Property::priority, unfair);
}

}  // namespace

void examine_paths(const Scenario& scenario, std::uint64_t seed, Ledger& ledger) {
  const auto p = lower<double>(scenario, seed);
  const std::vector<MeasureBlock> layout = measure_layout(p->sizes);
  examine_rationing(*p, seed, ledger);
  testing_support::walk_path<double>(*p, 0, [&](const Walk& walk) {
    examine_chips(walk, ledger);
    examine_fleets(walk, ledger);
    examine_power(walk, ledger);
    for (int x = 0; x < p->sizes.export_classes; ++x)
      for (int r = 0; r < regions(*p); ++r) examine_quota(walk, x, r, ledger);
    examine_markets(walk, ledger);
    examine_concentration(walk, ledger);
    examine_row(walk, layout, ledger);
  });
}

}  // namespace chokepoint::verification
