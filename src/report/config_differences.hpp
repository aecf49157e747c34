#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/figures.hpp"

/// How the configs of the results of a report differ: the keys that were swept, or that a scenario changes.
namespace chokepoint {

/// A key that not all configs give the same value; or an element of a list that not all of them have.
struct ConfigDifference {
  std::string key;                  ///< as --set names it: "region.cn.power_mw"
  std::vector<std::string> values;  ///< one a result, short; "not given" where the config leaves the key out
};

/// In the order of the keys. Names, titles, descriptions and claims are left out: the page shows them separately.
std::vector<ConfigDifference> config_differences(std::span<const LabelledResult> results);

/// "market.sigma = 5": the values of one result where there are few enough to name it by; empty otherwise.
std::string variant_text(const std::vector<ConfigDifference>& differences, std::size_t result);

}  // namespace chokepoint
