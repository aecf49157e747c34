#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/measures.hpp"
#include "market/books.hpp"
#include "scenario/keys.hpp"
#include "scenario/lower/lower.hpp"
#include "scenario/sizes.hpp"
#include "verification/random_scenario.hpp"
#include "verification/scenario_properties.hpp"

// What holds between two scenarios that differ in a stated way.
namespace chokepoint::verification {
namespace {

using P = Parameters<double>;
using testing_support::chips_ordered;
using testing_support::walk_path;
using Walk = testing_support::DoubleWalk;

constexpr double pair_factor = 3;  ///< of scaled money and quantities

/// kH100e: a market in which less is bought has hardly a price.
constexpr double least_demand = 1e-6;

/// State and flows of one month.
struct Month {
  std::unique_ptr<State<double>> state = std::make_unique<State<double>>();
  std::unique_ptr<Flows<double>> flows = std::make_unique<Flows<double>>();
};

/// Month 0 solved from a given rental price. What is served before the market opens stays that of the scenario.
Month month_zero(const P& p, double start_price) {
  Month month;
  start_path<double>(p, *month.state);
  std::fill_n(month.state->log2_price, markets(p).size(), std::log2(start_price));
  advance_month<double>(p, 0, Draws<double>(p.seeds, 0, 0), *month.state, *month.flows);
  return month;
}

bool is_solved(const P& p, const Month& month) {
  return month.flows->residual < p.solver.tolerance;
}

/// Where Newton's method ends in a cycle between kinks, the sweeps tell prices apart to 6e-8 and no finer.
void examine_starts(P& p, Ledger& ledger) {
  p.solver.sweep_limit = 40;
  const Month base = month_zero(p, 2.5);
  if (!is_solved(p, base)) return;
  for (const double start : {0.01, 1000.0}) {
    const Month other = month_zero(p, start);
    double largest = 0;
    for (const MarketIndex m : markets(p))
      if (base.flows->market_demand[m] > least_demand)
        largest = std::max(largest, std::abs(base.state->log2_price[m] - other.state->log2_price[m]));
    ledger.note(Property::unique, largest);
  }
}

/// Largest rise of a price from one month to another, over the markets of a mask.
double largest_rise(const P& p, const Month& from, const Month& to, int only = -1) {
  double largest = -1e300;
  for (const MarketIndex m : markets(p))
    if (is_open<double>(p, *from.flows, m) && (only < 0 || only == m))
      largest = std::max(largest, to.state->log2_price[m] - from.state->log2_price[m]);
  return largest;
}

void examine_demand(Scenario scenario, std::uint64_t seed, Ledger& ledger) {
  for (auto& region : scenario.regions) region.conduct = 0;
  const auto before = lower<double>(scenario, seed);
  scenario.segments[seed % scenario.segments.size()].demand_kh100e *= 1.5;
  const auto after = lower<double>(scenario, seed);
  const Month low = month_zero(*before, 2.5), high = month_zero(*after, 2.5);
  if (is_solved(*before, low) && is_solved(*after, high))
    ledger.note(Property::substitutes, largest_rise(*before, high, low));
}

void examine_capacity(Scenario scenario, std::uint64_t seed, Ledger& ledger) {
  for (auto& region : scenario.regions) region.power_mw = 1e7;
  const auto before = lower<double>(scenario, seed);
  const auto order = unit_order(scenario);
  const UnitIndex unit(static_cast<int>(seed % order.size()));
  auto& provider = scenario.providers[order[static_cast<std::size_t>(unit)]];
  if (provider.fleet_thousand.empty()) return;
  auto& [chip, fleet] = *provider.fleet_thousand.begin();
  fleet *= 1.4;
  const auto after = lower<double>(scenario, seed);
  const auto chips = chip_names(scenario);
  const ClassIndex c(static_cast<int>(std::find(chips.begin(), chips.end(), chip) - chips.begin()));
  const MarketIndex market = market_index(*before, region_of(*before, unit), c);
  const Month few = month_zero(*before, 2.5), many = month_zero(*after, 2.5);
  // Below a millionth of capacity a market is balanced as if that much were wanted (docs/model.md, 5e).
  double capacity = 0;
  for (const UnitIndex i : units(*after)) {
    if (region_of(*after, i) == region_of(*before, unit)) capacity += many.flows->capacity[fleet_index(*after, i, c)];
  }
  const bool wanted = many.flows->market_demand[market] > 1e-6 * capacity;
  if (is_solved(*before, few) && is_solved(*after, many) && is_open<double>(*before, *few.flows, market) && wanted)
    ledger.note(Property::capacity, largest_rise(*before, few, many, market));
}

/// Rows of a path, by name of the measure, up to the first month that a stand-in has a part in.
using Rows = std::map<std::string, std::vector<double>>;

bool reaches_a_market(const Walk& walk, int s) {
  for (const MarketIndex m : markets(walk.parameters))
    if (walk.parameters.demand.weight[s][m] > 0 && is_open<double>(walk.parameters, walk.flows, m)) return true;
  return false;
}

/// Whether the model has no need of the small numbers that keep it defined where there is nothing: a segment without a
/// market, a class of which not a hundredth of a chip is made or ordered, a
/// region without revenue to speak of. They don't scale.
bool is_proper(const Walk& walk) {
  constexpr double least = 1e-5;  // thousand chips
  const P& p = walk.parameters;
  bool proper = walk.flows.residual < p.solver.tolerance && walk.flows.world_price < static_cast<double>(missing_value);
  for (const SegmentIndex s : segments(p)) proper = proper && reaches_a_market(walk, s);
  for (const RegionIndex r : regions(p)) {
    double revenue = 0;
    for (const UnitIndex i : units_of(p, r)) revenue += walk.flows.revenue[i];
    proper = proper && (revenue == 0 || revenue > least);
  }
  for (const ClassIndex c : classes(p)) {
    if (walk.month == 0) break;
    proper = proper && std::min(chips_ordered(walk, c), walk.before.stock[c] + walk.flows.produced[c]) > least;
  }
  return proper;
}

Rows rows_of(const Scenario& scenario, std::uint64_t seed) {
  const auto p = lower<double>(scenario, seed);
  const auto names = measure_names(scenario);
  Rows rows;
  bool proper = true;
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    proper = proper && is_proper(walk);
    for (std::size_t k = 0; k < names.size() && proper; ++k) rows[names[k]].push_back(static_cast<double>(walk.row[k]));
  });
  return rows;
}

/// By how much a measure grows with all money, or with all quantities, times `factor`.
double growth(const MeasureInfo& measure, Property property) {
  const std::string unit = measure.unit;
  const bool flow = unit == "million USD a month", money = unit.find("USD") != std::string::npos;
  if (property == Property::money) return money ? pair_factor : 1;
  if (property == Property::quantities)
    return flow || unit == "kH100e" || unit == "thousand chips" || unit == "MW" ? pair_factor : 1;
  return 1;
}

const MeasureInfo& measure_of(const std::string& name) {
  const std::string stem = name.substr(0, name.find('['));
  return *std::find_if(std::begin(measure_table), std::end(measure_table),
                       [&](const MeasureInfo& measure) { return stem == measure.name; });
}

/// Largest difference between the rows of a path and those of another, grown as the property says.
double row_distance(const Rows& base, const Rows& other, Property property) {
  double largest = 0;
  for (const auto& [name, values] : base) {
    const MeasureInfo& measure = measure_of(name);
    // Raised where more than 1 kW waits, however large the region.
    if (property == Property::quantities && name.rfind("power_bound", 0) == 0) continue;
    const double k = growth(measure, property), floor = measure.scale == Scale::signed_value ? 1 : 1e-6;
    const auto& twin = other.at(name);
    for (std::size_t t = 0; t < std::min(values.size(), twin.size()); ++t) {
      const double a = values[t], b = twin[t];
      if (a == static_cast<double>(missing_value) && a == b) continue;
      largest = std::max(largest, std::abs(b - k * a) / std::max(std::abs(k * a), floor));
    }
  }
  return largest;
}

Scenario with_money_times(Scenario s, double k) {
  for (auto& region : s.regions) {
    region.electricity_usd_per_kwh *= k;
    if (region.price_ceiling_usd) *region.price_ceiling_usd *= k;
  }
  for (auto& chip : s.chips) chip.list_price_usd *= k;
  for (auto& policy : s.policies)
    if (policy.key == "price_ceiling_usd") policy.value *= k;
  for (auto& provider : s.providers) {
    provider.capex_usd_per_year *= k;
    provider.operations_usd_per_h100e_hour *= k;
  }
  for (auto& segment : s.segments) {
    segment.reference_price_usd *= k;
    segment.base_fee_usd *= k;
  }
  s.market.start_price_usd *= k;
  s.application.arpu_usd *= k;
  s.application.token_price_usd_per_million *= k;
  return s;
}

Scenario with_quantities_times(Scenario s, double k) {
  for (auto& region : s.regions) {
    region.power_mw *= k;
    if (region.power_in_build_mw) *region.power_in_build_mw *= k;
  }
  for (auto& chip : s.chips) chip.stock_thousand *= k;
  for (auto& pool : s.fab_pools) pool.capacity_thousand_per_month *= k;
  for (auto& pool : s.component_pools) pool.mw_per_month *= k;
  for (auto& rules : s.exports) rules.quota_thousand_per_month *= k;
  for (auto& policy : s.policies)
    if (policy.key == "quota_thousand_per_month" || policy.key == "power_mw_added") policy.value *= k;
  for (auto& provider : s.providers) {
    for (auto& [chip, fleet] : provider.fleet_thousand) fleet *= k;
    for (auto& [chip, orders] : provider.pipeline_thousand) orders *= k;
    provider.capex_usd_per_year *= k;
  }
  for (auto& segment : s.segments) segment.demand_kh100e *= k;
  s.market.empty_capacity_kh100e *= k;
  return s;
}

/// Units that serve a segment first come first: their order counts, and so they are left in it.
bool has_rival_servants(const Scenario& scenario) {
  std::map<std::string, int> servants;
  for (const auto& provider : scenario.providers)
    for (const auto& segment : provider.serves)
      if (++servants[segment] > 1) return true;
  return false;
}

Scenario relabelled(Scenario s, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::shuffle(s.regions.begin(), s.regions.end(), random);
  std::shuffle(s.chips.begin(), s.chips.end(), random);
  std::shuffle(s.fab_pools.begin(), s.fab_pools.end(), random);
  std::shuffle(s.providers.begin(), s.providers.end(), random);
  std::shuffle(s.segments.begin(), s.segments.end(), random);
  return s;
}

void examine_copy(Property property, const Scenario& scenario, const Scenario& copy, std::uint64_t seed,
                  Ledger& ledger) {
  const Rows base = rows_of(scenario, seed), other = rows_of(copy, seed);
  if (!base.empty() && !other.empty()) ledger.note(property, row_distance(base, other, property));
}

void examine_copies(const Scenario& scenario, std::uint64_t seed, Ledger& ledger) {
  examine_copy(Property::money, scenario, with_money_times(scenario, pair_factor), seed, ledger);
  examine_copy(Property::quantities, scenario, with_quantities_times(scenario, pair_factor), seed, ledger);
  if (has_rival_servants(scenario)) return;
  Scenario quiet = scenario;
  quiet.frozen = source_words();
  if (quiet.application.segment.empty()) quiet.application.segment = quiet.segments.front().name;
  examine_copy(Property::relabelled, quiet, relabelled(quiet, seed), seed, ledger);
}

/// Chips of an export class that enter a region's pipelines, thousand.
double entering(const P& p, const Flows<double>& flows, ExportClassIndex x, RegionIndex r) {
  double sum = 0;
  for (const ClassIndex c : classes(p)) sum += export_class_of(p, c) == x ? flows.delivered[market_index(p, r, c)] : 0;
  return sum;
}

/// Chips of a class that enter a region under a regime, when all orders of the month are on their way.
double entering_under(const P& p, const Walk& walk, ExportClassIndex x, RegionIndex r, std::uint32_t regime) {
  Month month;
  *month.state = walk.state;
  Shipments<double, LargestShape> ships{};
  for (const UnitIndex i : units(p))
    for (const ClassIndex c : classes(p))
      ships.shipped[market_index(p, region_of(p, i), c)] += chips_ordered(walk, i, c);
  month.state->regime[x][r] = regime;
  month.state->regime_at_order[x][r] = regime_open;
  pass_export_gate<double>(p, p.calendar[walk.month], *month.state, *month.flows, ships);
  return entering(p, *month.flows, x, r);
}

void examine_ban(const Scenario& scenario, std::uint64_t seed, Ledger& ledger) {
  const auto p = lower<double>(scenario, seed);
  if (p->sizes.export_classes == 0 || p->sizes.months < 2) return;
  const int month = 1 + static_cast<int>(seed % static_cast<std::uint64_t>(p->sizes.months - 1));
  walk_path<double>(*p, 0, [&](const Walk& walk) {
    if (walk.month != month) return;
    for (const ExportClassIndex x : export_classes(*p))
      for (const RegionIndex r : regions(*p)) {
        const double banned = entering_under(*p, walk, x, r, regime_ban);
        for (const std::uint32_t regime : {regime_open, regime_window, regime_quota}) {
          const double free = entering_under(*p, walk, x, r, regime);
          ledger.note(Property::ban, (banned - free) / (1e-9 + free));
        }
      }
  });
}

/// Chips of a class that reach a region over a path, with its exports open to the end or banned from month 2.
double delivered_over_path(Scenario scenario, std::uint64_t seed, std::size_t rule, double leak_share, bool banned) {
  config::Export& rules = scenario.exports[rule];
  rules.leak_share = leak_share;
  rules.start = "open";
  rules.transition = {};
  rules.schedule.clear();
  if (banned) rules.schedule.push_back({{scenario.start.year, 3}, "ban"});
  const auto p = lower<double>(scenario, seed);
  const auto named = export_class_names(scenario), places = region_names(scenario);
  const ExportClassIndex x(static_cast<int>(std::find(named.begin(), named.end(), rules.export_class) - named.begin()));
  const RegionIndex r(static_cast<int>(std::find(places.begin(), places.end(), rules.region) - places.begin()));
  double sum = 0;
  walk_path<double>(*p, 0, [&](const Walk& walk) { sum += entering(*p, walk.flows, x, r); });
  return sum;
}

void examine_lasting_ban(const Scenario& scenario, std::uint64_t seed, Ledger& ledger) {
  if (scenario.exports.empty()) return;
  const std::size_t rule = seed % scenario.exports.size();
  for (const double leak_share : {0.0, scenario.exports[rule].leak_share}) {
    const double open = delivered_over_path(scenario, seed, rule, leak_share, false);
    const double banned = delivered_over_path(scenario, seed, rule, leak_share, true);
    ledger.note(leak_share > 0 ? Property::leaking_ban : Property::lasting_ban, (banned - open) / (1e-9 + open));
  }
}

bool is_refused(double sigma) {
  const std::string overrides[] = {"market.sigma=" + std::to_string(sigma)};
  try {
    read_scenario(testing_support::config_path("smoke.toml"), overrides);
    return false;
  } catch (const ScenarioError& error) {
    return error.diagnostics().size() == 1 && error.diagnostics().front().key == "market.sigma";
  }
}

void examine_sigma(std::uint64_t seed, Ledger& ledger) {
  constexpr double largest_elasticity = 1.4;  // of configs/smoke.toml
  std::mt19937_64 random(seed);
  const double under = std::uniform_real_distribution<double>(0.1, largest_elasticity)(random);
  ledger.note(Property::sigma_enforced, (is_refused(under) && is_refused(largest_elasticity) ? 0 : 1) +
                                            (is_refused(largest_elasticity + 1e-3) ? 1 : 0));
}

}  // namespace

void examine_pairs(const Scenario& scenario, std::uint64_t seed, Ledger& ledger) {
  examine_starts(*lower<double>(scenario, seed), ledger);
  examine_demand(scenario, seed, ledger);
  examine_capacity(scenario, seed, ledger);
  examine_copies(scenario, seed, ledger);
  examine_ban(scenario, seed, ledger);
  examine_lasting_ban(scenario, seed, ledger);
  if (seed % 16 == 0) examine_sigma(seed, ledger);
}

void examine_scenario(std::uint64_t seed, Ledger& ledger) {
  ledger.begin(seed);
  const Scenario scenario = random_scenario(seed);
  examine_paths(scenario, seed, ledger);
  examine_pairs(scenario, seed, ledger);
}

}  // namespace chokepoint::verification
