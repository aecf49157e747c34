#include <cmath>

#include "config/field.hpp"
#include "scenario/cholesky.hpp"
#include "scenario/keys.hpp"
#include "scenario/validate.hpp"

namespace chokepoint {

namespace {

/// First fault of the shape of a correlation matrix, or nothing.
std::string matrix_fault(const config::FactorMatrix& matrix) {
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    const std::string row = "[" + std::to_string(i) + "]";
    if (matrix[i][i] != 1) return "has " + number_text(matrix[i][i]) + " on its diagonal, in row " + row;
    for (std::size_t j = 0; j < i; ++j)
      if (matrix[i][j] != matrix[j][i])
        return "is not symmetric: " + row + "[" + std::to_string(j) + "] is " + number_text(matrix[i][j]) +
               " against " + number_text(matrix[j][i]);
  }
  config::FactorMatrix factor;
  return cholesky_factor(matrix, factor) ? "" : "is not positive definite";
}

bool is_made_in(const Scenario& scenario, const std::string& region) {
  for (const config::Chip& chip : scenario.chips)
    if (chip.home_region == region) return true;
  return false;
}

void check_floor(const Scenario& scenario, const std::string& region, const std::string& key,
                 Diagnostics& diagnostics) {
  if (!is_made_in(scenario, region))
    diagnostics.fault(key, "asks for domestic chips where there are none",
                      "give a chip home_region = \"" + region + "\"");
}

}  // namespace

void check_shocks(const Scenario& scenario, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"correlation"})) return;
  const std::string fault = matrix_fault(scenario.correlation);
  if (!fault.empty())
    diagnostics.fault("correlation.matrix", fault, "allowed: a correlation matrix, symmetric and positive definite");
}

void check_supply(const Scenario& scenario, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"chip"})) return;
  double weights = 0;
  for (const config::Chip& chip : scenario.chips) weights += chip.index_weight;
  if (!scenario.chips.empty() && !(weights > 0))
    diagnostics.fault("chip." + scenario.chips.front().name + ".index_weight", "is 0, as for every chip",
                      "one has to be above 0");
  for (const config::Region& region : scenario.regions)
    if (region.domestic_floor > 0)
      check_floor(scenario, region.name, "region." + region.name + ".domestic_floor", diagnostics);
  for (const config::Policy& policy : scenario.policies)
    if (policy.key == "domestic_floor" && policy.value > 0)
      check_floor(scenario, policy.region, "policy." + policy.name + ".value", diagnostics);
}

}  // namespace chokepoint
