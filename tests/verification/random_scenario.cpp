#include "verification/random_scenario.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "chokepoint/market/limits.hpp"
#include "scenario/keys.hpp"
#include "scenario/validate.hpp"

namespace chokepoint::verification {
namespace {

class RandomScenario {
 public:
  RandomScenario(std::uint64_t seed, bool hostile) : random_(seed), hostile_(hostile) {}

  Scenario make() {
    s_.name = "random";
    s_.months = whole(6, 30);
    for (int k = whole(1, 4); k > 0; --k) s_.regions.push_back(region(name("region", s_.regions.size())));
    for (int k = whole(0, 2); k > 0; --k) s_.export_classes.push_back({name("class", s_.export_classes.size()), ""});
    for (int k = whole(1, 3); k > 0; --k) s_.fab_pools.push_back(fab_pool(name("pool", s_.fab_pools.size())));
    for (int k = whole(1, 4); k > 0; --k) s_.chips.push_back(chip(name("chip", s_.chips.size())));
    for (int k = whole(0, 2); k > 0; --k) s_.outages.push_back(outage(name("outage", s_.outages.size())));
    for (int k = whole(0, 2); k > 0; --k) s_.component_pools.push_back(parts(name("parts", s_.component_pools.size())));
    for (int k = whole(1, 5); k > 0; --k) s_.segments.push_back(segment(name("segment", s_.segments.size())));
    for (const config::Region& region : s_.regions)
      for (int k = whole(1, 4); k > 0; --k) s_.providers.push_back(provider(region.name));
    for (const auto& x : s_.export_classes)
      for (const auto& r : s_.regions)
        if (chance(0.6)) s_.exports.push_back(rules(x.name, r.name));
    for (int k = whole(0, 3); k > 0; --k) add_policy();
    world();
    return s_;
  }

 private:
  double real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  double spread(double low, double high) { return std::exp(real(std::log(low), std::log(high))); }
  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(double share) { return real(0, 1) < share; }
  /// A size: within a decade of the usual, or in a hostile scenario four decades either way.
  double size(double usual) { return hostile_ ? usual * spread(1e-4, 1e4) : usual * spread(0.3, 3); }
  config::Interval interval(double low, double high) {
    const double a = real(low, high);
    return {a, real(a, high)};
  }
  static std::string name(const char* kind, std::size_t number) { return kind + std::to_string(number); }
  template <class T>
  const std::string& any(const std::vector<T>& of) {
    return of[static_cast<std::size_t>(whole(0, static_cast<int>(of.size()) - 1))].name;
  }

  config::Region region(const std::string& name) {
    config::Region r;
    r.name = name;
    r.electricity_usd_per_kwh = spread(0.02, 0.3);
    r.power_mw = size(500);
    if (chance(0.3)) r.power_in_build_mw = size(100);
    r.power_growth.per_year = real(0, 0.8);
    r.power_growth.half_life_months = chance(0.5) ? real(6, 60) : 0;
    r.build_delay_months = real(1, 36);
    r.power_volatility = chance(0.5) ? real(0, 0.4) : 0;
    r.grid_shock = {real(0, 2), interval(0, 1), spread(1, 20), real(0, 1), real(0, 1), real(0, 3)};
    r.conduct = chance(0.2) ? 0 : real(0, 0.35);
    r.capital_share = real(0, 1);
    r.war = {real(0, 0.95), real(0, 1), real(0, 1), real(0, 0.1), real(0, 0.5)};
    if (chance(0.2)) r.share_cap = real(0.1, 0.9);
    if (chance(0.15)) r.price_ceiling_usd = spread(0.5, 5);
    if (chance(0.2)) r.subsidy = real(0, 0.5);
    return r;
  }

  config::FabPool fab_pool(const std::string& name) {
    config::FabPool f;
    f.name = name;
    f.capacity_thousand_per_month = std::clamp(size(30), 1e-3, 1e6);
    f.growth.per_year = real(-0.3, 1);
    f.growth.half_life_months = chance(0.5) ? real(6, 60) : 0;
    f.yield_volatility = chance(0.6) ? real(0, 0.15) : 0;
    return f;
  }

  config::Chip chip(const std::string& name) {
    config::Chip c;
    c.name = name;
    c.perf_h100e = spread(0.2, 5);
    c.power_kw = spread(0.3, 4);
    c.list_price_usd = spread(3e3, 1e5);
    c.list_price_decline_per_year = real(-0.1, 0.4);
    c.system_multiple = real(1, 3);
    c.life_months = real(12, 96);
    c.failure_per_year = real(0, 0.3);
    c.lead_time_months = real(3, 18);
    c.fab_pool = any(s_.fab_pools);
    if (!s_.export_classes.empty() && chance(0.7)) c.export_class = any(s_.export_classes);
    if (chance(0.4)) c.home_region = any(s_.regions);
    c.price_floor = real(0.3, 1);
    c.price_cap = real(1, 4);
    c.order_elasticity = real(0, 3);
    c.wafers_per_chip = spread(0.3, 3);
    c.stock_limit_months = real(0, 12);
    if (chance(0.4)) c.stock_thousand = size(20);
    return c;
  }

  config::Outage outage(const std::string& name) {
    config::Outage o;
    o.name = name;
    o.hazard.per_year = real(0, 3);
    o.hazard.severity = interval(0, 1);
    o.hazard.recovery_months = spread(1, 20);
    for (const auto& pool : s_.fab_pools)
      if (chance(0.7)) o.exposure[pool.name] = real(0, 1);
    return o;
  }

  config::ComponentPool parts(const std::string& name) {
    config::ComponentPool b;
    b.name = name;
    b.mw_per_month = size(60);
    b.growth.per_year = real(-0.3, 1);
    b.hazard.per_year = real(0, 3);
    b.hazard.severity = interval(0, 1);
    b.hazard.recovery_months = spread(1, 20);
    return b;
  }

  config::Segment segment(const std::string& name) {
    config::Segment s;
    s.name = name;
    s.home = any(s_.regions);
    s.demand_kh100e = size(200);
    s.reference_price_usd = spread(1, 5);
    s.elasticity = real(0.4, 2.5);
    s.growth.per_year = real(-0.5, 1.5);
    s.growth.half_life_months = chance(0.5) ? real(6, 60) : 0;
    s.volatility = chance(0.7) ? real(0, 0.2) : 0;
    s.common_share = real(0, 1);
    for (const auto& chip : s_.chips)
      if (chance(0.5)) s.taste[chip.name] = chance(0.15) ? 0 : spread(0.2, 3);
    for (const auto& region : s_.regions)
      if (region.name != s.home && chance(0.7)) s.trade_cost[region.name] = real(1, 3);
    s.tokens_per_h100e_hour = spread(1e5, 1e7);
    s.discount = real(0, 0.5);
    s.cloud_conduct = real(0, 0.35);
    s.application_conduct = real(0, 0.35);
    s.tightness = real(0, 2);
    s.fixed_cost_share = real(0, 0.9);
    s.tokens_per_user_million = spread(0.1, 100);
    s.allowance_million = chance(0.5) ? spread(0.01, 1) : 0;
    s.allowance_response = real(0, 3);
    s.base_fee_usd = spread(1, 100);  // a bill of nothing counts as 1e-6 USD in the user's price change
    s.willingness_multiple = spread(0.5, 20);
    s.willingness_slope = real(0, 5);
    return s;
  }

  config::Provider provider(const std::string& region) {
    config::Provider p;
    p.name = name("provider", s_.providers.size());
    p.region = region;
    p.kind = chance(0.6) ? "commercial" : provider_kind_words()[static_cast<std::size_t>(whole(0, 3))];
    if (chance(0.2)) p.count = whole(2, 50);
    for (const auto& chip : s_.chips) {
      if (chance(0.7)) p.fleet_thousand[chip.name] = size(50);
      if (chance(0.5)) p.pipeline_thousand[chip.name] = size(10);
    }
    p.old_share = real(0, 1);
    p.capex_usd_per_year = chance(0.1) ? 0 : size(2e9);
    p.cost_multiple = real(0.7, 2);
    p.leverage = real(0, 1);
    p.deep_pockets = chance(0.4);
    p.priority = spread(0.2, 10);
    p.conduct_weight = real(0, 1);
    p.runway_months = real(0, 30);
    p.frictional_vacancy = real(0, 0.4);
    p.cost_dispersion = spread(0.01, 0.3);
    p.operations_usd_per_h100e_hour = real(0.01, 0.6);
    if (p.kind == "captive" || p.kind == "public") {
      p.serves.push_back(any(s_.segments));
      p.reserved_share = real(0.05, 0.95);
    }
    return p;
  }

  config::Export rules(const std::string& export_class, const std::string& region) {
    config::Export e;
    e.export_class = export_class;
    e.region = region;
    e.start = regime_words()[static_cast<std::size_t>(whole(0, 3))];
    for (std::size_t from = 0; from < e.transition.from.size(); ++from)
      e.transition.from[from] = chance(0.7) ? regime_row() : staying_row(from);
    e.quota_thousand_per_month = chance(0.1) ? 0 : size(3);
    e.surcharge = {real(0, 0.2), real(0, 0.4), real(0, 0.4)};
    e.leak_share = chance(0.2) ? 0 : real(0, 1);
    e.grey_premium = real(0, 1);
    e.stockpile = real(1, 3);
    if (chance(0.3))
      e.schedule.push_back({month(whole(1, s_.months)), regime_words()[static_cast<std::size_t>(whole(0, 3))]});
    return e;
  }

  config::RegimeRow regime_row() {
    config::RegimeRow row{};
    double sum = 0;
    for (double& p : row) sum += p = spread(0.02, 1);
    for (double& p : row) p /= sum;
    return row;
  }

  static config::RegimeRow staying_row(std::size_t regime) {
    config::RegimeRow row{};
    row[regime] = 1;
    return row;
  }

  config::YearMonth month(int number) const { return {s_.start.year + number / 12, number % 12 + 1}; }

  void add_policy() {
    config::Policy p;
    p.name = name("policy", s_.policies.size());
    const int from = whole(0, s_.months);
    p.from = month(from);
    if (chance(0.5)) p.until = month(from + whole(1, 12));
    p.region = any(s_.regions);
    const int kind = whole(0, s_.export_classes.empty() ? 3 : 4);
    const char* const keys[] = {"price_ceiling_usd", "subsidy", "share_cap", "power_mw_added",
                                "quota_thousand_per_month"};
    p.key = keys[kind];
    p.value = kind == 0 ? spread(0.5, 5) : kind < 3 ? real(0.05, 0.9) : size(kind == 3 ? 300 : 3);
    if (kind == 4) p.export_class = any(s_.export_classes);
    s_.policies.push_back(p);
  }

  void world() {
    double least = 1e9, largest = 0;
    for (const auto& segment : s_.segments) {
      least = std::min(least, segment.elasticity);
      largest = std::max(largest, segment.elasticity);
    }
    s_.market.sigma = std::min(20.0, largest + spread(0.1, 12));
    s_.market.kink = spread(0.01, 0.2);
    s_.market.pool_steer = real(0, 3);
    s_.market.newton_limit = max_iterations;
    s_.market.sweep_limit = 0;  // slow, and the solver has a test of its own
    s_.sentiment = {chance(0.8) ? "boom" : "reversal", real(0, 1), real(0, 2), real(-1, 0), real(0, 1)};
    s_.efficiency.growth.per_year = real(-0.3, 2);
    s_.efficiency.volatility = chance(0.5) ? real(0, 0.1) : 0;
    s_.efficiency.jumps_per_year = real(0, 1);
    s_.efficiency.jump_factor = interval(0.5, 4);
    config::Finance& f = s_.finance;
    f.fixed_capital_share = real(0, 1);
    f.transfer_share = real(0, 1);
    f.expected_decline = real(0.3, 1.2);
    f.class_choice = real(0, 6);
    f.q_exponent = real(0, 2);
    f.q_min = spread(0.01, 1);
    f.q_max = spread(1, 5);
    f.demand_exponent = real(0, 1.5);
    f.arms_race = real(0, 2);
    f.arms_race_max = real(1, 4);
  }

  std::mt19937_64 random_;
  bool hostile_;
  Scenario s_;
};

bool is_valid(Scenario& scenario) {
  Diagnostics diagnostics("random");
  validate(scenario, diagnostics);
  try {
    diagnostics.throw_if_any();
    return true;
  } catch (const ScenarioError&) {
    return false;
  }
}

}  // namespace

Scenario random_scenario(std::uint64_t seed) {
  for (std::uint64_t attempt = 0;; ++attempt) {
    Scenario scenario = RandomScenario(seed * 1000003 + attempt, seed % 4 == 3).make();
    if (is_valid(scenario)) return scenario;
  }
}

}  // namespace chokepoint::verification
