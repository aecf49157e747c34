#include <stdexcept>
#include <string>

#include "chokepoint/measure_layout.hpp"
#include "chokepoint/tally/layout.hpp"

namespace chokepoint {

namespace {

void require(bool holds, const char* what, long long value) {
  if (!holds) throw std::invalid_argument("tally layout: " + std::string(what) + ", not " + std::to_string(value));
}

void check(const HistogramRange& range) {
  require(range.octaves >= 1 && range.octaves <= 60, "octaves must be 1 to 60", range.octaves);
  // So that scale, squares of it and every edge are normal floats.
  require(range.min_exponent >= -80 && range.min_exponent <= 80 - range.octaves, "exponents must lie within -80 to 80",
          range.min_exponent);
  require(range.mantissa_bits >= 0 && range.mantissa_bits <= 10, "mantissa bits must be 0 to 10", range.mantissa_bits);
  require(range.has_sign == 0 || range.has_sign == 1, "the sign flag must be 0 or 1", range.has_sign);
  require(range.is_discrete == 0 || range.is_discrete == 1, "the flag for whole numbers must be 0 or 1",
          range.is_discrete);
}

void check(const EventRule& rule, std::size_t measures) {
  require(rule.measure >= 0 && static_cast<std::size_t>(rule.measure) < measures, "an event's measure must exist",
          rule.measure);
  require(rule.above == 0 || rule.above == 1, "an event's direction must be 0 or 1", rule.above);
  require(rule.relative == 0 || rule.relative == 1, "an event's reference must be 0 or 1", rule.relative);
}

bool same(const HistogramRange& a, const HistogramRange& b) {
  return a.min_exponent == b.min_exponent && a.octaves == b.octaves && a.mantissa_bits == b.mantissa_bits &&
         a.has_sign == b.has_sign && a.is_discrete == b.is_discrete;
}

bool same(const EventRule& a, const EventRule& b) {
  return a.measure == b.measure && a.above == b.above && a.relative == b.relative &&
         bits_of(a.threshold) == bits_of(b.threshold);
}

}  // namespace

bool operator==(const TallyLayout& a, const TallyLayout& b) {
  if (a.months != b.months || a.measures() != b.measures() || a.events() != b.events() ||
      a.iteration_limit != b.iteration_limit)
    return false;
  for (std::size_t i = 0; i < a.specs.size(); ++i)
    if (!same(a.specs[i].range, b.specs[i].range)) return false;
  for (std::size_t i = 0; i < a.rules.size(); ++i)
    if (!same(a.rules[i], b.rules[i])) return false;
  return true;
}

TallyLayout make_tally_layout(int months, const std::vector<HistogramRange>& ranges,
                              const std::vector<EventRule>& rules, int iteration_limit) {
  require(months >= 1 && months <= max_months, "months must be 1 to 240", months);
  require(!ranges.empty() && ranges.size() <= 65535, "measures must be 1 to 65535",
          static_cast<long long>(ranges.size()));
  require(rules.size() <= max_events, "events must be at most 64", static_cast<long long>(rules.size()));
  require(iteration_limit >= 0 && iteration_limit <= 65535, "the iteration limit must be 0 to 65535", iteration_limit);
  for (const EventRule& rule : rules) check(rule, ranges.size());
  TallyLayout layout;
  layout.months = months;
  layout.rules = rules;
  layout.iteration_limit = iteration_limit;
  for (const HistogramRange& range : ranges) {
    check(range);
    layout.specs.push_back(histogram_spec(range, layout.bins));
    require(layout.specs.back().bins < 0xffffffffU - layout.bins, "bins of a month must be under 2^32", layout.bins);
    layout.bins += layout.specs.back().bins;
  }
  return layout;
}

TallyLayout make_tally_layout(const Sizes& sizes, const std::vector<EventRule>& rules) {
  std::vector<HistogramRange> ranges;
  for (const MeasureBlock& block : measure_layout(sizes)) {
    const Scale scale = measure_table[static_cast<int>(block.measure)].scale;
    ranges.insert(ranges.end(), static_cast<std::size_t>(block.size), histogram_range(scale));
  }
  return make_tally_layout(sizes.months, ranges, rules);
}

}  // namespace chokepoint
