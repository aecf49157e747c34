#include "scenario/measure_layout.hpp"

#include <algorithm>
#include <stdexcept>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/scenario.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {

int dimension_size(Dimension dimension, const Sizes& sizes) {
  switch (dimension) {
    case Dimension::world:
      return 1;
    case Dimension::region:
      return sizes.regions;
    case Dimension::market:
      return sizes.regions * sizes.classes;
    case Dimension::chip_class:
      return sizes.classes;
    case Dimension::segment:
      return sizes.segments;
    case Dimension::owner:
      return sizes.owners;
    case Dimension::export_region:
      return sizes.export_classes * sizes.regions;
    case Dimension::layer:
      return layer_count;
    case Dimension::link:
      return link_count;
  }
  return 0;
}

std::vector<MeasureBlock> measure_layout(const Sizes& sizes) {
  std::vector<MeasureBlock> blocks;
  int offset = 0;
  for (int i = 0; i < measure_count; ++i) {
    const MeasureInfo& info = measure_table[i];
    const int size = dimension_size(info.dimension, sizes);
    blocks.push_back({static_cast<Measure>(i), info.name, info.dimension, offset, size});
    offset += size;
  }
  return blocks;
}

int measure_row_size(const Sizes& sizes) {
  int total = 0;
  for (const MeasureInfo& info : measure_table) total += dimension_size(info.dimension, sizes);
  return total;
}

namespace {

std::vector<std::string> pairs(const std::vector<std::string>& outer, const std::vector<std::string>& inner) {
  std::vector<std::string> names;
  for (const std::string& a : outer)
    for (const std::string& b : inner) names.push_back(a + "," + b);
  return names;
}

}  // namespace

std::vector<std::string> element_names(const Scenario& scenario, Dimension dimension) {
  switch (dimension) {
    case Dimension::world:
      return {""};
    case Dimension::region:
      return region_names(scenario);
    case Dimension::market:
      return pairs(region_names(scenario), chip_names(scenario));
    case Dimension::chip_class:
      return chip_names(scenario);
    case Dimension::segment:
      return segment_names(scenario);
    case Dimension::owner:
      return owner_names(scenario);
    case Dimension::export_region:
      return pairs(export_class_names(scenario), region_names(scenario));
    case Dimension::layer:
      return {"chip", "cloud", "application", "user"};
    case Dimension::link:
      return {"chip-cloud", "cloud-application", "application-user"};
  }
  return {};
}

std::vector<std::string> measure_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const MeasureInfo& info : measure_table)
    for (const std::string& element : element_names(scenario, info.dimension))
      names.push_back(element.empty() ? info.name : info.name + ("[" + element + "]"));
  return names;
}

int measure_index(const Scenario& scenario, const std::string& name) {
  const std::vector<std::string> names = measure_names(scenario);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::invalid_argument("there is no measure '" + name + "'");
  return static_cast<int>(found - names.begin());
}

Measure measure_of(const std::string& name) {
  const std::string base = name.substr(0, name.find('['));
  for (int i = 0; i < measure_count; ++i)
    if (base == measure_table[i].name) return static_cast<Measure>(i);
  return Measure::count;
}

std::vector<std::string> measure_units(const Scenario& scenario) {
  std::vector<std::string> units;
  for (const MeasureBlock& block : measure_layout(scenario_sizes(scenario)))
    units.insert(units.end(), static_cast<std::size_t>(block.size), info_of(block.measure).unit);
  return units;
}

}  // namespace chokepoint
