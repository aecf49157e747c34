#pragma once

#include <string>
#include <vector>

namespace chokepoint {

inline constexpr char result_file[] = "result.nc", summary_file[] = "summary.json", price_file[] = "prices.csv",
                      concentration_file[] = "concentration.csv", exact_file[] = "exact_quantiles.csv",
                      page_file[] = "report.html";

/// Names of the files that a result may consist of, the page of `report` included; the manifest comes with the folder.
inline const std::vector<std::string>& result_file_names() {
  static const std::vector<std::string> names = {result_file,        summary_file, price_file,
                                                 concentration_file, exact_file,   page_file};
  return names;
}

}  // namespace chokepoint
