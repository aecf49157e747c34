#include <algorithm>
#include <numeric>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/scenario.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {

namespace {

template <class Items>
config::Names names_of(const Items& items) {
  config::Names names;
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

}  // namespace

config::Names region_names(const Scenario& scenario) {
  return names_of(scenario.regions);
}
config::Names chip_names(const Scenario& scenario) {
  return names_of(scenario.chips);
}
config::Names fab_pool_names(const Scenario& scenario) {
  return names_of(scenario.fab_pools);
}
config::Names outage_names(const Scenario& scenario) {
  return names_of(scenario.outages);
}
config::Names component_pool_names(const Scenario& scenario) {
  return names_of(scenario.component_pools);
}
config::Names export_class_names(const Scenario& scenario) {
  return names_of(scenario.export_classes);
}
config::Names segment_names(const Scenario& scenario) {
  return names_of(scenario.segments);
}
config::Names event_names(const Scenario& scenario) {
  return names_of(scenario.events);
}

config::Names unit_names(const Scenario& scenario) {
  config::Names names;
  for (const std::size_t i : unit_order(scenario)) names.push_back(scenario.providers[i].name);
  return names;
}

const std::string& owner_of(const config::Provider& provider) {
  return provider.owner.empty() ? provider.name : provider.owner;
}

config::Names owner_names(const Scenario& scenario) {
  config::Names names;
  for (const config::Provider& provider : scenario.providers)
    if (index_of(names, owner_of(provider)) < 0) names.push_back(owner_of(provider));
  return names;
}

int index_of(const config::Names& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

config::Names names_referred_to(const Scenario& scenario, Refers what) {
  switch (what) {
    case Refers::nothing:
      return {};
    case Refers::region:
      return region_names(scenario);
    case Refers::chip:
      return chip_names(scenario);
    case Refers::fab_pool:
      return fab_pool_names(scenario);
    case Refers::segment:
      return segment_names(scenario);
    case Refers::export_class:
      return export_class_names(scenario);
    case Refers::outage:
      return outage_names(scenario);
    case Refers::component_pool:
      return component_pool_names(scenario);
    case Refers::measure:
      return measure_names(scenario);
  }
  return {};
}

const char* words_for(Refers what) {
  switch (what) {
    case Refers::nothing:
      return "";
    case Refers::region:
      return "region";
    case Refers::chip:
      return "chip";
    case Refers::fab_pool:
      return "fab_pool";
    case Refers::segment:
      return "segment";
    case Refers::export_class:
      return "export_class";
    case Refers::outage:
      return "outage";
    case Refers::component_pool:
      return "component_pool";
    case Refers::measure:
      return "measure";
  }
  return "";
}

std::vector<std::size_t> unit_order(const Scenario& scenario) {
  const config::Names regions = region_names(scenario);
  std::vector<std::size_t> order(scenario.providers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return index_of(regions, scenario.providers[a].region) < index_of(regions, scenario.providers[b].region);
  });
  return order;
}

Sizes scenario_sizes(const Scenario& scenario) {
  const auto size = [](const auto& items) { return static_cast<std::int32_t>(items.size()); };
  Sizes sizes{};
  sizes.months = scenario.months;
  sizes.regions = size(scenario.regions);
  sizes.classes = size(scenario.chips);
  sizes.pools = size(scenario.fab_pools);
  sizes.units = size(scenario.providers);
  sizes.segments = size(scenario.segments);
  sizes.owners = size(owner_names(scenario));
  sizes.export_classes = size(scenario.export_classes);
  sizes.outages = size(scenario.outages);
  sizes.component_pools = size(scenario.component_pools);
  sizes.events = size(scenario.events);
  sizes.measures = measure_row_size(sizes);
  return sizes;
}

int month_index(const Scenario& scenario, config::YearMonth date) {
  return 12 * (date.year - scenario.start.year) + date.month - scenario.start.month;
}

std::string format(config::YearMonth date) {
  const std::string month = std::to_string(date.month);
  return std::to_string(date.year) + (month.size() < 2 ? "-0" : "-") + month;
}

}  // namespace chokepoint
