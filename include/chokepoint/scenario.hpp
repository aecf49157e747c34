#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The scenario: everything that a config file says, by name and in the units of the file. Each member is one key. The
/// key tables (src/scenario/keys_*.cpp) give meaning, unit and range of a key; the JSON Schema and the key reference
/// (src/scenario/schema.hpp) are made from them. Members left out of a file keep the initial values below.
namespace chokepoint {

namespace config {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

struct Interval {
  double low = 0, high = 0;
};

/// A calendar month; year 0 stands for "not given".
struct YearMonth {
  int year = 0, month = 1;
};

using NumberByName = std::map<std::string, double>;
using SeedByName = std::map<std::string, std::uint64_t>;
using Names = std::vector<std::string>;
using FactorMatrix = std::array<std::array<double, 4>, 4>;
using RegimeRow = std::array<double, 4>;

/// A shock that arrives at random with a severity and fades.
struct Hazard {
  double per_year = 0;
  Interval severity = {0.1, 0.3};
  double recovery_months = 6;
};

/// A yearly rate of growth that decays from its start value to its long-run value.
struct Growth {
  double per_year = 0, half_life_months = 0, long_run_per_year = 0;
};

struct GridShock {
  Hazard hazard;
  double cut = 1, moratorium = 0, price_spike = 0;
};

struct War {
  double trigger = 0, start_probability = 0, end_probability = 0.25, conduct = 0.02, capital_share = 0.1;
};

struct Region {
  std::string name, title;
  double electricity_usd_per_kwh = 0.08, power_mw = 0;
  std::optional<double> power_in_build_mw;
  Growth power_growth;
  double build_delay_months = 18, power_volatility = 0;
  GridShock grid_shock;
  double conduct = 0.3, capital_share = 1;
  War war;
  double share_cap = 1, domestic_floor = 0;
  std::optional<double> price_ceiling_usd;
  double subsidy = 0;
};

struct Chip {
  std::string name, title;
  double perf_h100e = 1, power_kw = 1.4, list_price_usd = 30000, list_price_decline_per_year = 0, system_multiple = 1.6;
  double life_months = 60, failure_per_year = 0.03, lead_time_months = 6;
  std::string fab_pool, export_class, home_region;
  double price_floor = 0.7, price_cap = 1.5, order_elasticity = 1, wafers_per_chip = 1;
  double stock_limit_months = 6, stock_thousand = 0, index_weight = 1;
};

struct FabPool {
  std::string name;
  double capacity_thousand_per_month = 0;
  Growth growth;
  double yield_volatility = 0;
};

struct Outage {
  std::string name;
  Hazard hazard;
  NumberByName exposure;
};

struct ComponentPool {
  std::string name;
  double mw_per_month = 0;
  Growth growth;
  Hazard hazard;
};

struct ExportClass {
  std::string name, title;
};

/// One month in which a schedule sets the export regime; the Markov chain continues from there.
struct ScheduledRegime {
  YearMonth date;
  std::string regime;
};

/// Rows of monthly probabilities by the regime they start from. A regime whose row is not given is never left.
struct Transition {
  std::array<std::optional<RegimeRow>, 4> from;
};

struct Surcharge {
  double open = 0, window = 0, quota = 0;
};

/// The rules for one export class at the border of one region.
struct Export {
  std::string export_class, region, start = "open";
  Transition transition;
  double quota_thousand_per_month = 0;
  Surcharge surcharge;
  double leak_share = 0, grey_premium = 0, stockpile = 1;
  std::vector<ScheduledRegime> schedule;
};

/// A dated change of one calendar value: from `from` up to, not including, `until`.
struct Policy {
  std::string name, title;
  YearMonth from, until;
  std::string region, export_class, key;
  double value = 0;
};

/// A shock that happens on every path at a date, in addition to random ones: from `from` up to, not including, `until`.
/// shock_kinds() (src/scenario/keys.hpp) lists the possible values of `kind`, and the meaning of `target` and `value`
/// for each.
struct Shock {
  std::string name, title, kind, target;
  YearMonth from, until;
  std::optional<double> value;
};

struct Sentiment {
  std::string start = "boom";
  double to_reversal_per_year = 0, to_boom_per_year = 0, reversal_demand_drift_per_year = 0, reversal_capex = 1;
};

struct Efficiency {
  Growth growth;
  double volatility = 0, jumps_per_year = 0;
  Interval jump_factor = {1, 1};
};

struct Market {
  double sigma = 6, kink = 0.05, tolerance = 3e-5, start_price_usd = 2.5, empty_capacity_kh100e = 0.001;
  int newton_limit = 40, sweep_limit = 40;
  double pool_steer = 1;
};

struct Provider {
  std::string name, title, owner, region, kind = "commercial";
  int count = 1;
  NumberByName fleet_thousand;
  double old_share = 0.3;
  NumberByName pipeline_thousand;
  double capex_usd_per_year = 0, cost_multiple = 1, leverage = 0;
  bool deep_pockets = false;
  double priority = 1, conduct_weight = 1, runway_months = 12, frictional_vacancy = 0.1, cost_dispersion = 0.05;
  double operations_usd_per_h100e_hour = 0.3;
  Names serves;
  double reserved_share = 0;
};

struct Segment {
  std::string name, title, kind, home;
  double demand_kh100e = 0, reference_price_usd = 2.5, elasticity = 1.2;
  Growth growth;
  double volatility = 0, common_share = 0.5;
  NumberByName taste, trade_cost;
  double tokens_per_h100e_hour = 1e6, discount = 0, cloud_conduct = 0, application_conduct = 0, tightness = 0;
  double fixed_cost_share = 0, tokens_per_user_million = 1, allowance_million = 0, allowance_response = 0;
  double base_fee_usd = 0, willingness_multiple = 5, willingness_slope = 2;
};

struct Finance {
  double fixed_capital_share = 0.7, transfer_share = 0.5, expected_decline = 0.7, class_choice = 2;
  double q_exponent = 1, q_min = 0.2, q_max = 2, demand_exponent = 0.5, arms_race = 0, arms_race_max = 1.5;
};

/// One AI application, whose margin per user is a result. An empty segment stands for the first one.
struct Application {
  std::string segment;
  double paid_share = 0.1, arpu_usd = 30, tokens_per_user_million = 1, token_price_usd_per_million = 5;
};

/// A condition on one measure, such as "utilisation[us]" below 0.3, whose first month on a path is a result.
struct Event {
  std::string name, title, measure;
  std::optional<double> above, below;
  bool relative = false;
};

/// A text and its place in the file, for messages about parts of it.
struct PlacedText {
  std::string text, file;
  int line = 0, column = 0, last_line = 0;
};

/// A scenario to compare with; `file` is relative to that of the claim.
struct ClaimTwin {
  std::string name;
  PlacedText file;
};

/// A further condition whose probability is reported in addition to that of the claim.
struct ClaimPart {
  std::string name;
  PlacedText given, predicate;
};

/// A published claim, as a condition on paths. There is no claim if `sentence` is empty.
struct Claim {
  int number = 0;
  std::string sentence, source;
  PlacedText given, predicate;
  std::string limits;
  std::vector<ClaimTwin> twins;
  std::vector<ClaimPart> parts;
};

}  // namespace config

struct Scenario {
  std::string source_path;  ///< file it was read from
  std::string text;         ///< TOML that gives this scenario again: the file, or all that was merged into it
  std::string text_hash;    ///< XXH3-128 of `text`, 32 hex digits

  std::string name, title, description;
  config::YearMonth start = {2026, 1};  ///< month 0 of the calendar
  int months = 72;
  std::uint64_t seed = 1;  ///< for callers; `lower` takes the seed it is given

  config::SeedByName seeds;  ///< seeds of single sources of shocks
  config::Names frozen;      ///< sources of shocks held at their mean or start
  config::FactorMatrix correlation = {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}};
  std::vector<config::Region> regions;
  std::vector<config::Chip> chips;
  std::vector<config::FabPool> fab_pools;
  std::vector<config::Outage> outages;
  std::vector<config::ComponentPool> component_pools;
  std::vector<config::ExportClass> export_classes;
  std::vector<config::Export> exports;
  std::vector<config::Policy> policies;
  std::vector<config::Shock> shocks;
  config::Sentiment sentiment;
  config::Efficiency efficiency;
  config::Market market;
  std::vector<config::Provider> providers;  ///< in the order of the file; see `unit_order`
  std::vector<config::Segment> segments;
  config::Finance finance;
  config::Application application;
  std::vector<config::Event> events;
  config::Claim claim;
};

/// One thing wrong with a config. `file` is the path, or "--set key=value" with line 0 for an override.
struct Diagnostic {
  std::string file;
  int line = 0, column = 0;
  std::string key;      ///< "region.cn.power_mw"; empty where the file itself is at fault
  std::string message;  ///< what is wrong, with the value
  std::string help;     ///< what is allowed, and the nearest name if there is one; may be empty
};

/// `file:line:column: key: message; help`.
std::string format(const Diagnostic& diagnostic);

/// Thrown when a config can't be used; carries everything found wrong, in the order of the file.
class ScenarioError : public std::exception {
 public:
  explicit ScenarioError(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  const char* what() const noexcept override { return text_.c_str(); }  ///< one formatted diagnostic a line

 private:
  std::vector<Diagnostic> diagnostics_;
  std::string text_;
};

/// Largest config accepted, in bytes; checked before anything is read.
inline constexpr std::uintmax_t max_config_bytes = 1u << 20;

/// Reads and checks a config file, merged with the files that it `extends`. An override `key.path=value` replaces or
/// adds one value: elements of an array of tables are addressed by name (`region.cn.power_mw=1e5`,
/// `export.frontier.cn.leak_share=0`); the value is TOML, or else taken as a string. Throws ScenarioError with every
/// fault of files and overrides.
Scenario read_scenario(const std::filesystem::path& path, std::span<const std::string> overrides = {});

/// The same for text; `source` names it in messages.
Scenario read_scenario_text(std::string_view text, std::string_view source = "<text>",
                            std::span<const std::string> overrides = {});

// Names in the order of the block. Owners come in the order in which the file first names them.
config::Names region_names(const Scenario& scenario);
config::Names chip_names(const Scenario& scenario);
config::Names fab_pool_names(const Scenario& scenario);
config::Names outage_names(const Scenario& scenario);
config::Names component_pool_names(const Scenario& scenario);
config::Names export_class_names(const Scenario& scenario);
config::Names unit_names(const Scenario& scenario);
config::Names owner_names(const Scenario& scenario);
config::Names segment_names(const Scenario& scenario);
config::Names event_names(const Scenario& scenario);

/// Months from the scenario's start to a date; negative before the start.
int month_index(const Scenario& scenario, config::YearMonth date);

/// "2026-07".
std::string format(config::YearMonth date);

}  // namespace chokepoint
