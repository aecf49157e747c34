#include "commands/exact_measures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/measures.hpp"
#include "config/spelling.hpp"
#include "output/errors.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

constexpr char option[] = "--exact-quantiles";

/// Places of all elements of a measure that is named without one; none where there is no such measure.
std::vector<int> whole_measure(const std::string& name, const Scenario& scenario) {
  std::vector<int> places;
  for (const MeasureBlock& block : measure_layout(scenario_sizes(scenario)))
    for (int element = 0; block.name == name && element < block.size; ++element)
      places.push_back(block.offset + element);
  return places;
}

[[noreturn]] void refuse(const std::string& name, std::vector<std::string> known) {
  for (const MeasureInfo& info : measure_table) known.emplace_back(info.name);
  throw UsageError(fmt::format("{}: there is no measure '{}'; {}", option, shown(name), suggestion(name, known)));
}

std::vector<int> places_of(const std::string& name, const Scenario& scenario) {
  const std::vector<std::string> names = measure_names(scenario);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return {static_cast<int>(found - names.begin())};
  std::vector<int> places = whole_measure(name, scenario);
  if (places.empty()) refuse(name, names);
  return places;
}

}  // namespace

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names(1);
  bool in_brackets = false;
  for (const char letter : text) {
    if (letter == '[' || letter == ']') in_brackets = letter == '[';
    if (letter == ',' && !in_brackets)
      names.emplace_back();
    else
      names.back() += letter;
  }
  return names;
}

void ExactArguments::add_to(Command& command) {
  command.option(
      option, measures, "MEASURE[,MEASURE]",
      "Measures whose quantiles are taken from all values rather than from histograms; names as in the first "
      "line of replay; one without [..] means all its elements. Takes memory: see plan");
}

void ExactArguments::fill(RunOptions& options, const Scenario& scenario) const {
  if (!measures) return;
  const std::vector<std::string> names = measure_names(scenario);
  std::vector<int>& places = options.exact_measures;
  for (const std::string& name : split_names(*measures))
    for (const int place : places_of(name, scenario)) places.push_back(place);
  std::sort(places.begin(), places.end());
  const auto twice = std::adjacent_find(places.begin(), places.end());
  if (twice != places.end())
    throw UsageError(
        fmt::format("{}: '{}' is given twice; leave one of them out", option, names[static_cast<std::size_t>(*twice)]));
}

}  // namespace chokepoint
