#include <limits>

#include "results/result_netcdf_statistics.hpp"

namespace chokepoint {
namespace {

/// The values of one measure, missing until they are put in.
struct ExactVariable {
  std::vector<double> quantiles, defined;

  ExactVariable(int months, int elements)
      : quantiles(static_cast<std::size_t>(months * elements) * quantile_levels.size(), missing),
        defined(static_cast<std::size_t>(months * elements), missing) {}
  void put(std::size_t cell, const ExactStatistic& statistic) {
    defined[cell] = static_cast<double>(statistic.defined);
    for (std::size_t k = 0; k < quantile_levels.size(); ++k)
      quantiles[cell * quantile_levels.size() + k] = statistic.quantile[k];
  }

  static constexpr double missing = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace

void add_exact_quantiles(NetcdfWriter& file, const ResultDimensions& dimensions, const Scenario& scenario,
                         const ExactQuantiles& exact) {
  for (const MeasureBlock& block : blocks_of(scenario)) {
    ExactVariable values(exact.months(), block.size);
    bool has_any = false;
    for (std::size_t k = 0; k < exact.measures.size(); ++k) {
      const int element = exact.measures[k] - block.offset;
      if (element < 0 || element >= block.size) continue;
      has_any = true;
      for (int month = 0; month < exact.months(); ++month)
        values.put(static_cast<std::size_t>(month * block.size + element), exact.at(month, k));
    }
    if (!has_any) continue;
    NetcdfWriter::Dimensions shape = dimensions_of(block, dimensions);
    NetcdfWriter::Attributes counts = attributes_of(block, "paths on which it is defined, where all values were kept");
    counts[1].second = "1";
    counts[2].second = "paths";
    file.add(block.name + exact_defined_suffix, shape, values.defined, counts);
    shape.push_back(dimensions.quantile);
    file.add(block.name + exact_quantile_suffix, shape, values.quantiles,
             attributes_of(block, "quantiles over the paths, from all values: Hyndman and Fan's seventh definition"));
  }
}

}  // namespace chokepoint
