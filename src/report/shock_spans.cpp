#include "report/shock_spans.hpp"

#include <algorithm>
#include <tuple>

namespace chokepoint {
namespace {

/// Capacity and factors last unless they are taken back; all else strikes once (docs/scenario-files.md).
bool lasts(const config::Shock& shock) {
  return shock.kind.ends_with("_added") || shock.kind.ends_with("_factor");
}

ShockSpan span_of(const Scenario& scenario, const config::Shock& shock) {
  ShockSpan span;
  span.name = shock.title.empty() ? shock.name : shock.title;
  span.first = std::max(month_index(scenario, shock.from), 1);
  span.is_open = !shock.until.year && lasts(shock);
  span.end = span.is_open ? scenario.months : span.first + 1;
  if (shock.until.year) span.end = std::min(month_index(scenario, shock.until), scenario.months);
  return span;
}

}  // namespace

std::vector<ShockSpan> shock_spans(std::span<const LabelledResult> results) {
  std::vector<ShockSpan> spans;
  for (const LabelledResult& result : results)
    for (const config::Shock& shock : result.set.scenario.shocks) {
      ShockSpan span = span_of(result.set.scenario, shock);
      if (span.first >= result.set.scenario.months || span.end <= span.first) continue;
      const auto same = std::find_if(spans.begin(), spans.end(), [&](const ShockSpan& known) {
        return std::tie(known.name, known.first, known.end) == std::tie(span.name, span.first, span.end);
      });
      ShockSpan& held = same == spans.end() ? spans.emplace_back(std::move(span)) : *same;
      if (held.labels.empty() || held.labels.back() != result.label) held.labels.push_back(result.label);
    }
  std::stable_sort(spans.begin(), spans.end(),
                   [](const ShockSpan& a, const ShockSpan& b) { return a.first < b.first; });
  return spans;
}

}  // namespace chokepoint
