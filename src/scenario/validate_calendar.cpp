#include "scenario/field.hpp"
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

/// What the key that a policy sets would itself accept.
Rule rule_of(const std::string& key) {
  if (key == "power_mw_added") return {.max = 1e7};
  const Field* field = region_table().find(key);
  return field ? field->rule : export_table().find("quota_thousand_per_month")->rule;
}

void check_policy(const Scenario& scenario, const config::Policy& policy, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"policy." + policy.name})) return;
  const std::string path = "policy." + policy.name + ".";
  const bool dated = check_date(scenario, policy.from, path + "from", diagnostics);
  if (dated && policy.until.year && month_index(scenario, policy.until) <= month_index(scenario, policy.from))
    diagnostics.fault(path + "until", "is not after `from` (" + format(policy.until) + ")",
                      "it is the first month without the policy");
  const bool is_quota = policy.key == "quota_thousand_per_month";
  if (is_quota && policy.export_class.empty())
    diagnostics.fault(path + "class", "is missing", "a quota is one of an export class");
  if (!is_quota && !policy.key.empty() && !policy.export_class.empty())
    diagnostics.fault(path + "class", "has no meaning for '" + policy.key + "'", "leave it out");
  if (policy.key.empty()) return;
  const Rule rule = rule_of(policy.key);
  if (!in_range(rule, policy.value))
    diagnostics.fault(path + "value", "is out of range for '" + policy.key + "' (" + number_text(policy.value) + ")",
                      "allowed: " + range_text(rule));
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
}

}  // namespace chokepoint
