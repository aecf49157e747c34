#pragma once

#include <string>
#include <vector>

#include "commands/compare_inputs.hpp"
#include "output/json_text.hpp"

/// A comparison as text, JSON and CSV.
namespace chokepoint {

inline constexpr char comparison_json_file[] = "comparison.json", comparison_csv_file[] = "comparison.csv";

/// Everything that is printed or written about a comparison.
struct ComparisonReport {
  const std::vector<CompareInput>& inputs;
  const RunOptions& options;
  const Comparison& comparison;

  const CompareInput& base() const { return inputs.front(); }
  const CompareInput& other(const ScenarioPair& pair) const { return inputs[pair.other]; }
  Provenance provenance() const;  ///< of the comparison: what stands under `run`, seed and paths
};

/// A statistic by its name in files.
struct ContrastColumn {
  std::string name;
  double (*value)(const Contrast&);
};
const std::vector<ContrastColumn>& contrast_columns();

std::string comparison_json(const ComparisonReport& report);
std::string comparison_csv(const ComparisonReport& report);

/// A page for the terminal: some measures in one month.
std::string comparison_table(const ComparisonReport& report, const std::vector<std::string>& measures,
                             const std::string& date);

/// "higher", "lower" or nothing.
std::string worse_text(Measure measure);

}  // namespace chokepoint
