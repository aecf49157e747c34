#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/measures.hpp"
#include "report/figures.hpp"

namespace chokepoint {

/// The element to which a measure refers: a region, a market, the world.
struct Element {
  std::string name;           ///< as in results: "cn,hopper"; empty for the world
  std::string title, detail;  ///< as shown to people; the detail may be empty
};

/// The elements of a measure in the order of the first result that has them.
std::vector<Element> elements_of(std::span<const LabelledResult> results, Measure measure);

/// Index of a measure in a row of the scenario; nothing where the scenario has no such element.
std::optional<int> measure_index(const Scenario& scenario, Measure measure, const std::string& element);

}  // namespace chokepoint
