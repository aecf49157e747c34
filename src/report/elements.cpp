#include "report/elements.hpp"

#include <algorithm>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/measures.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

template <class Items>
std::string title_of(const Items& items, const std::string& name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? "" : found->title;
}

/// Panels of the world stand beside each other, named by what they measure.
Element world_element(Measure measure) {
  using enum Measure;
  switch (measure) {
    case hhi_fleet:
    case cr4_fleet:
      return {"", "By fleet", ""};
    case hhi_revenue:
    case cr4_revenue:
      return {"", "By rental revenue", ""};
    case exits:
      return {"", "Firms that have left", ""};
    case firms:
      return {"", "Firms in the market", ""};
    default:
      return {"", "World", ""};
  }
}

Element named_element(const Scenario& scenario, Dimension dimension, const std::string& name) {
  if (dimension == Dimension::region) return {name, name, title_of(scenario.regions, name)};
  if (dimension == Dimension::chip_class) return {name, name, title_of(scenario.chips, name)};
  if (dimension == Dimension::market) {
    const std::size_t comma = name.find(',');
    return {name, name.substr(0, comma) + " \u00b7 " + name.substr(comma + 1), ""};
  }
  return {name, name, ""};
}

MeasureBlock block_of(const Scenario& scenario, Measure measure) {
  return measure_layout(scenario_sizes(scenario))[static_cast<std::size_t>(measure)];
}

}  // namespace

std::vector<Element> elements_of(std::span<const LabelledResult> results, Measure measure) {
  const Dimension dimension = info_of(measure).dimension;
  if (dimension == Dimension::world) return {world_element(measure)};
  std::vector<Element> elements;
  for (const LabelledResult& result : results)
    for (const std::string& name : element_names(result.set.scenario, dimension))
      if (std::none_of(elements.begin(), elements.end(), [&](const Element& known) { return known.name == name; }))
        elements.push_back(named_element(result.set.scenario, dimension, name));
  return elements;
}

std::optional<int> measure_index(const Scenario& scenario, Measure measure, const std::string& element) {
  const MeasureBlock block = block_of(scenario, measure);
  const std::vector<std::string> names = element_names(scenario, block.dimension);
  const auto found = std::find(names.begin(), names.end(), element);
  if (found == names.end()) return {};
  return block.offset + static_cast<int>(found - names.begin());
}

}  // namespace chokepoint
