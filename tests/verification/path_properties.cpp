#include <algorithm>
#include <cmath>
#include <random>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/market/parameters.hpp"
#include "market/books.hpp"
#include "scenario/lower/lower.hpp"
#include "verification/scenario_properties.hpp"

// What holds in every month of every path.
namespace chokepoint::verification {
namespace {

using Walk = testing_support::DoubleWalk;
using P = Parameters<double>;
using namespace testing_support;

constexpr double nothing = 1e-9;  ///< thousand chips, kH100e: a millionth of one

void examine_chips(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  for (const ClassIndex c : classes(p)) {
    const double gone = chips_gone(walk, c) + walk.flows.scrapped[c];
    const double before = chips_in_world(p, walk.before, c) + walk.flows.produced[c];
    ledger.note(Property::chips, std::abs(chips_in_world(p, walk.state, c) + gone - before) / (1e-9 + before));
    if (walk.month == 0) continue;
    const double delivered = chips_delivered(walk, c) + walk.flows.returned[c];
    const double sold = walk.before.stock[c] + walk.flows.produced[c] - (walk.state.stock[c] - walk.flows.returned[c]);
    ledger.note(Property::shipments, std::abs(delivered - sold) / (1e-9 + before));
  }
}

void examine_fleets(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  const auto& s = walk.state;
  const auto& f = walk.flows;
  double least = 0, over_order = -1, over_capacity = -1;
  for (const RegionIndex r : regions(p)) {
    const bool reported = walk.month > 0 && !somebody_left(walk, r);
    for (const UnitIndex i : units_of(p, r)) {
      for (const ClassIndex c : classes(p)) {
        const FleetIndex k = fleet_index(p, i, c);
        least =
            std::min({least, s.young[k], s.old[k], s.waiting[k], s.pipeline[0][k], s.pipeline[1][k], s.pipeline[2][k],
                      s.spending[k], f.capacity[k], f.own_service[i], offer_cost<double>(p, s, f, i, r, c)});
        if (!reported) continue;
        // A difference of stages: known to the rounding of what is in them.
        const double ordered = chips_ordered(walk, i, c), delivered = delivered_to(walk, i, c);
        const double rounding = 1e-15 * (s.pipeline[0][k] + walk.before.pipeline[0][k]);
        least = std::min(least, delivered + rounding);
        if (ordered > 0) over_order = std::max(over_order, (delivered - rounding) / ordered - 1);
      }
    }
    for (const ClassIndex c : classes(p)) {
      const MarketIndex m = market_index(p, r, c);
      least = std::min({least, f.delivered[m], f.market_capacity[m]});
      if (f.market_capacity[m] > 0)
        over_capacity = std::max(over_capacity, f.market_supply[m] / f.market_capacity[m] - 1);
    }
  }
  for (const ClassIndex c : classes(p))
    least = std::min({least, s.stock[c], f.produced[c], f.returned[c], s.chip_price[c]});
  for (const MarketIndex m : markets(p)) least = std::min({least, f.leaked[m], f.market_demand[m], f.market_supply[m]});
  for (const RegionIndex r : regions(p)) least = std::min({least, s.power[r], s.power_queue[r], f.power_available[r]});
  ledger.note(Property::negative, -least);
  ledger.note(Property::rationing, over_order);
  ledger.note(Property::rented, over_capacity);
}

void examine_power(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  double installed = 0, rounding = 0;
  for (const RegionIndex r : regions(p)) {
    // What stood before a grid shock stays.
    const double limit = std::max(walk.flows.power_available[r], region_chips<double>(p, walk.before, r).used);
    if (limit > 0) ledger.note(Property::power, region_chips<double>(p, walk.state, r).used / limit - 1);
    installed += walk.flows.power_used[r] - power_of_old_fleet(walk, r);
    rounding += 1e-14 * walk.flows.power_used[r];  // of a hundred terms in a difference
  }
  for (int b = 0; b < p.sizes.component_pools && walk.month > 0; ++b) {
    const double room = p.calendar[walk.month].component_capacity[b] * (1 - walk.state.component_outage[b]);
    ledger.note(Property::parts, (installed - rounding - room) / (1e-9 + room));
  }
}

void examine_quota(const Walk& walk, ExportClassIndex x, RegionIndex r, Ledger& ledger) {
  const P& p = walk.parameters;
  if (walk.month == 0 || walk.state.regime[x][r] != regime_quota) return;
  double arrived = 0, leaked = 0;
  for (const ClassIndex c : classes(p)) {
    if (export_class_of(p, c) != x) continue;
    leaked += walk.flows.leaked[market_index(p, r, c)];
    arrived += walk.flows.delivered[market_index(p, r, c)];
  }
  const double quota = p.calendar[walk.month].quota[x][r];
  ledger.note(Property::quota, (arrived - leaked - quota) / (1e-9 + quota + arrived));
}

/// Buyers who are short somewhere go elsewhere: under a ceiling supply is what they then want, not what they wish for.
bool has_ceilings(const Walk& walk) {
  for (const RegionIndex r : regions(walk.parameters))
    if (walk.parameters.calendar[walk.month].log2_ceiling[r] < no_ceiling_log2) return true;
  return false;
}

void examine_markets(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  const auto& f = walk.flows;
  const bool solved = f.residual < p.solver.tolerance;
  const auto cleared = state_as_cleared(walk);
  double revenue = 0, reported = 0;
  for (const RegionIndex r : regions(p)) {
    const double ceiling = p.calendar[walk.month].log2_ceiling[r];
    for (const ClassIndex c : classes(p)) {
      const MarketIndex m = market_index(p, r, c);
      revenue += 0.73 * f.price[m] * f.market_supply[m];
      for (const UnitIndex i : units_of(p, r)) {
        const bool at_cost = p.providers.kind[i] == provider_public;
        revenue +=
            0.73 * own_service(walk, i, c) * (at_cost ? offer_cost<double>(p, *cleared, f, i, r, c) : f.price[m]);
      }
      if (!solved || !is_open<double>(p, f, m)) continue;
      const double capacity = nothing + f.market_capacity[m];
      const double excess = (f.market_supply[m] - f.market_demand[m]) / std::max(f.market_demand[m], capacity);
      if (!has_ceilings(walk)) ledger.note(Property::clears, std::abs(excess));
      if (walk.state.log2_price[m] > ceiling + conduct_width)
        ledger.note(Property::clears, std::abs(f.market_capacity[m] - f.market_supply[m]) / capacity);
    }
  }
  for (const UnitIndex i : units(p)) reported += f.revenue[i];
  ledger.note(Property::revenue, std::abs(reported - revenue) / (1e-9 + revenue));
}

void examine_hhi(double hhi, double firms, Ledger& ledger) {
  if (hhi > 0) ledger.note(Property::hhi, std::max(10000 / firms / hhi - 1, hhi / 10000 - 1));
}

void examine_concentration(const Walk& walk, Ledger& ledger) {
  const P& p = walk.parameters;
  std::vector<double> owner_firms(static_cast<std::size_t>(p.sizes.owners));
  for (const RegionIndex r : regions(p)) {
    double firms = 0;
    for (const UnitIndex i : units_of(p, r)) {
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
  examine_hhi(measured(walk, Measure::country_hhi), regions(p).size(), ledger);
}

void examine_row(const Walk& walk, const std::vector<MeasureBlock>& layout, Ledger& ledger) {
  double amiss = 0, outside = -1;
  for (const MeasureBlock& block : layout) {
    const MeasureInfo& about = info_of(block.measure);
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
  const auto state = std::make_unique<State<double>>();
  const ClassIndex c(0);
  Shipments<double, LargestShape> ships{};
  double wanted = 0, claims = 0;
  for (double& per_million : ships.per_million) per_million = 1;
  for (const UnitIndex i : units(p)) {
    const double chips = draw(random);
    state->spending[fleet_index(p, i, c)] = chips * p.providers.cost_multiple[i];
    wanted += chips;
    claims += chips * p.providers.priority[i];
  }
  const double supply = wanted * std::uniform_real_distribution<double>(0, 1)(random);
  ships.level[c] = ration<double>(p, *state, ships, c, supply, claims);
  const auto served = [&](UnitIndex i) { return allocation<double>(p, *state, ships, i, region_of(p, i), c); };
  const auto part = [&](UnitIndex i) { return served(i) / order<double>(p, *state, i, c, 1); };
  double given = 0, unfair = -1, over = -1;
  for (const UnitIndex i : units(p)) {
    given += served(i);
    over = std::max(over, part(i) - 1);
    for (const UnitIndex j : units(p))
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
    for (const ExportClassIndex x : export_classes(*p))
      for (const RegionIndex r : regions(*p)) examine_quota(walk, x, r, ledger);
    examine_markets(walk, ledger);
    examine_concentration(walk, ledger);
    examine_row(walk, layout, ledger);
  });
}

}  // namespace chokepoint::verification
