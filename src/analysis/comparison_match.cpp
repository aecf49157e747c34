#include "analysis/comparison_match.hpp"

#include <algorithm>
#include <map>

#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

/// The entries of a scenario's rows.
std::vector<ComparedMeasure> entries(const Scenario& scenario) {
  std::vector<ComparedMeasure> out;
  for (const MeasureBlock& block : measure_layout(scenario_sizes(scenario)))
    for (const std::string& element : element_names(scenario, block.dimension)) {
      const std::string name = element.empty() ? block.name : block.name + "[" + element + "]";
      const int index = static_cast<int>(out.size());
      out.push_back({name, element, block.measure, index, index});
    }
  return out;
}

void match_measures(const Scenario& base, const Scenario& other, ScenarioPair& pair) {
  std::map<std::string, int> unmatched;
  for (const ComparedMeasure& entry : entries(other)) unmatched.emplace(entry.name, entry.other);
  for (ComparedMeasure& entry : entries(base)) {
    const auto found = unmatched.find(entry.name);
    if (found == unmatched.end()) {
      pair.only_in_base.push_back(entry.name);
      continue;
    }
    entry.other = found->second;
    unmatched.erase(found);
    pair.measures.push_back(std::move(entry));
  }
  for (const ComparedMeasure& entry : entries(other))
    if (unmatched.contains(entry.name)) pair.only_in_other.push_back(entry.name);
}

config::YearMonth month_of(const Scenario& scenario, int month) {
  const int count = scenario.start.year * 12 + scenario.start.month - 1 + month;
  return {count / 12, count % 12 + 1};
}

std::string span_text(const Scenario& scenario) {
  return "'" + scenario.name + "' runs from " + format(scenario.start) + " to " +
         format(month_of(scenario, scenario.months - 1));
}

}  // namespace

ScenarioPair match_scenarios(const Scenario& base, const Scenario& other, int& months) {
  ScenarioPair pair;
  const int shift = month_index(base, other.start);
  pair.base_month = std::max(shift, 0);
  pair.other_month = pair.base_month - shift;
  months = std::min(base.months - pair.base_month, other.months - pair.other_month);
  if (months <= 0) throw ComparisonError("no month in common: " + span_text(base) + ", " + span_text(other));
  pair.start = month_of(base, pair.base_month);
  match_measures(base, other, pair);
  return pair;
}

}  // namespace chokepoint
