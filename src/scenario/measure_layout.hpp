#pragma once

#include <string>
#include <vector>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure.hpp"

/// The place of each measure in a row. A row holds every measure of one path and month: the blocks of measure_table, in
/// its order, each as many elements long as its dimension has.
namespace chokepoint {

struct Scenario;

/// One measure's place in a row.
struct MeasureBlock {
  Measure measure;
  std::string name;  ///< as in measure_table
  Dimension dimension;
  int offset;  ///< flat index of its first element
  int size;    ///< number of elements; 0 where the dimension is empty
};

/// Number of elements of a dimension: regions for `region`, regions * classes for `market` and so on.
int dimension_size(Dimension dimension, const Sizes& sizes);

/// The blocks of a row in order, one a measure. Uses only the index sizes of `sizes`, not `sizes.measures`.
std::vector<MeasureBlock> measure_layout(const Sizes& sizes);

/// Length of a row: the sum of the block sizes. This is `Sizes::measures`.
int measure_row_size(const Sizes& sizes);

/// Names of the elements of a dimension in flat order: {""} for `world`, "cn,h200" for `market`, "frontier,cn" for
/// `export_region`. (market index = region * classes + class; export index = export class * regions + region.)
std::vector<std::string> element_names(const Scenario& scenario, Dimension dimension);

/// The measure that a name is an entry of: "utilisation[us]" of utilisation. Measure::count where there is none.
Measure measure_of(const std::string& name);

}  // namespace chokepoint
