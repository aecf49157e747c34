#include <stdexcept>
#include <string>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/tally/layout.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint {

namespace {

void require(bool holds, const char* what, long long value) {
  if (!holds) throw std::invalid_argument("tally layout: " + std::string(what) + ", not " + std::to_string(value));
}

void check(const BinSpec& spec) {
  require(spec.mantissa_bits >= 0 && spec.mantissa_bits <= histogram_mantissa_bits, "mantissa bits must be 0 to 8",
          spec.mantissa_bits);
  require(spec.is_discrete == 0 || spec.is_discrete == 1, "the flag for whole numbers must be 0 or 1",
          spec.is_discrete);
}

void check(const EventRule& rule, std::size_t measures) {
  require(rule.measure >= 0 && static_cast<std::size_t>(rule.measure) < measures, "an event's measure must exist",
          rule.measure);
  require(rule.above == 0 || rule.above == 1, "an event's direction must be 0 or 1", rule.above);
  require(rule.relative == 0 || rule.relative == 1, "an event's reference must be 0 or 1", rule.relative);
  require(rule.first_month == 0 || rule.first_month == 1, "an event's first month must be 0 or 1", rule.first_month);
}

bool same(const BinSpec& a, const BinSpec& b) {
  return a.mantissa_bits == b.mantissa_bits && a.is_discrete == b.is_discrete;
}

bool same(const EventRule& a, const EventRule& b) {
  return a.measure == b.measure && a.above == b.above && a.relative == b.relative && a.first_month == b.first_month &&
         bits_of(a.threshold) == bits_of(b.threshold);
}

}  // namespace

bool operator==(const TallyLayout& a, const TallyLayout& b) {
  if (a.months != b.months || a.measures() != b.measures() || a.events() != b.events() ||
      a.iteration_limit != b.iteration_limit)
    return false;
  for (std::size_t i = 0; i < a.specs.size(); ++i)
    if (!same(a.specs[i], b.specs[i])) return false;
  for (std::size_t i = 0; i < a.rules.size(); ++i)
    if (!same(a.rules[i], b.rules[i])) return false;
  return true;
}

TallyLayout make_tally_layout(int months, const std::vector<BinSpec>& specs, const std::vector<EventRule>& rules,
                              int iteration_limit) {
  require(months >= 1 && months <= max_months, "months must be 1 to 240", months);
  require(!specs.empty() && specs.size() <= 65535, "measures must be 1 to 65535", static_cast<long long>(specs.size()));
  require(rules.size() <= max_events, "events must be at most 64", static_cast<long long>(rules.size()));
  require(iteration_limit >= 0 && iteration_limit <= 65535, "the iteration limit must be 0 to 65535", iteration_limit);
  for (const EventRule& rule : rules) check(rule, specs.size());
  for (const BinSpec& spec : specs) check(spec);
  return {months, specs, rules, iteration_limit};
}

BinSpec bin_spec(Scale scale) {
  return {histogram_mantissa_bits, scale == Scale::count || scale == Scale::flag ? 1 : 0};
}

TallyLayout make_tally_layout(const Sizes& sizes, const std::vector<EventRule>& rules) {
  std::vector<BinSpec> specs;
  for (const MeasureBlock& block : measure_layout(sizes)) {
    const BinSpec spec = bin_spec(info_of(block.measure).scale);
    specs.insert(specs.end(), static_cast<std::size_t>(block.size), spec);
  }
  return make_tally_layout(sizes.months, specs, rules);
}

}  // namespace chokepoint
