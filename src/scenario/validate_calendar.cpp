#include "chokepoint/market/limits.hpp"
#include "config/field.hpp"
#include "config/spelling.hpp"
#include "scenario/keys.hpp"
#include "scenario/names.hpp"
#include "scenario/validate.hpp"

namespace chokepoint {

namespace {

config::YearMonth month_after_start(const Scenario& scenario, int months) {
  const int month = 12 * scenario.start.year + scenario.start.month - 1 + months;
  return {month / 12, month % 12 + 1};
}

/// Whether a date was given and lies within the longest scenario that could follow; says so where it does not. Dates
/// after the last month are allowed, so that a scenario may be cut short; they have no effect.
bool check_date(const Scenario& scenario, config::YearMonth date, const std::string& key, Diagnostics& diagnostics) {
  if (!date.year) return false;  // malformed, and reported as such
  const int month = month_index(scenario, date);
  if (month >= 0 && month < max_months) return true;
  const std::string first = format(scenario.start), last = format(month_after_start(scenario, max_months - 1));
  diagnostics.fault(key, "lies outside the scenario (" + format(date) + ")", "allowed: " + first + " to " + last);
  return false;
}

void check_span(const Scenario& scenario, config::YearMonth from, config::YearMonth until, const std::string& path,
                const char* what, Diagnostics& diagnostics) {
  const bool dated = check_date(scenario, from, path + "from", diagnostics);
  if (dated && until.year && month_index(scenario, until) <= month_index(scenario, from))
    diagnostics.fault(path + "until", "is " + format(until) + ", not after `from`, " + format(from),
                      std::string("give the first month without the ") + what + ", or leave it out");
}

/// What the key that a policy sets would itself accept.
Rule rule_of(const std::string& key) {
  if (key == "power_mw_added") return {.max = 1e7};
  const Field* field = region_table().find(key);
  return field ? field->rule : export_table().find("quota_thousand_per_month")->rule;
}

void check_policy(const Scenario& scenario, const config::Policy& policy, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"policy." + policy.name})) return;
  const std::string path = "policy." + policy.name + ".";
  check_span(scenario, policy.from, policy.until, path, "policy", diagnostics);
  const bool is_quota = policy.key == "quota_thousand_per_month";
  if (is_quota && policy.export_class.empty())
    diagnostics.fault(path + "class", "is missing",
                      "a quota is one of an export class; allowed: " + list_text(export_class_names(scenario)));
  if (!is_quota && !policy.key.empty() && !policy.export_class.empty())
    diagnostics.fault(path + "class", "has no meaning for '" + policy.key + "'", "leave it out");
  if (policy.key.empty()) return;
  const Rule rule = rule_of(policy.key);
  if (!in_range(rule, policy.value))
    diagnostics.fault(path + "value", "is out of range for '" + policy.key + "' (" + number_text(policy.value) + ")",
                      "allowed: " + range_text(rule));
}

void check_shock_target(const Scenario& scenario, const config::Shock& shock, const ShockKind& kind,
                        const std::string& path, Diagnostics& diagnostics) {
  const char* what = words_for(kind.target);
  if (kind.target == Refers::nothing) {
    if (!shock.target.empty())
      diagnostics.fault(path + "target", "has no meaning for '" + kind.word + "'", "leave it out");
    return;
  }
  const config::Names known = names_referred_to(scenario, kind.target);
  if (!diagnostics.sound({what})) return;
  if (known.empty())
    diagnostics.fault(path + "kind", std::string("hits a ") + what + ", and there is none",
                      std::string("add a [[") + what + "]] or leave the shock out");
  if (!shock.target.empty() && index_of(known, shock.target) < 0)
    diagnostics.fault(path + "target", std::string("there is no ") + what + " '" + shown(shock.target) + "'",
                      suggestion(shock.target, known));
}

void check_shock_value(const config::Shock& shock, const ShockKind& kind, const std::string& path,
                       Diagnostics& diagnostics) {
  const bool takes_one = kind.value.max > 0;
  const std::string allowed = "allowed: " + range_text(kind.value, kind.value_unit);
  if (!takes_one && shock.value)
    diagnostics.fault(path + "value", "has no meaning for '" + kind.word + "'", "leave it out");
  if (takes_one && !shock.value) diagnostics.fault(path + "value", "is missing for '" + kind.word + "'", allowed);
  if (takes_one && shock.value && !in_range(kind.value, *shock.value))
    diagnostics.fault(path + "value", "is out of range for '" + kind.word + "' (" + number_text(*shock.value) + ")",
                      allowed);
}

void check_dated_shock(const Scenario& scenario, const config::Shock& shock, Diagnostics& diagnostics) {
  const ShockKind* kind = find_shock_kind(shock.kind);
  if (!kind || !diagnostics.sound({"shock." + shock.name})) return;
  const std::string path = "shock." + shock.name + ".";
  check_span(scenario, shock.from, shock.until, path, "shock", diagnostics);
  check_shock_target(scenario, shock, *kind, path, diagnostics);
  check_shock_value(shock, *kind, path, diagnostics);
}

}  // namespace

void check_calendar(const Scenario& scenario, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"scenario.start"})) return;
  for (const config::Export& rules : scenario.exports)
    for (const config::ScheduledRegime& entry : rules.schedule)
      check_date(scenario, entry.date,
                 "export." + rules.export_class + "." + rules.region + ".schedule." + format(entry.date) + ".date",
                 diagnostics);
  for (const config::Policy& policy : scenario.policies) check_policy(scenario, policy, diagnostics);
  for (const config::Shock& shock : scenario.shocks) check_dated_shock(scenario, shock, diagnostics);
}

}  // namespace chokepoint
