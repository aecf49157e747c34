#include "results/write_results.hpp"

#include "output/result_names.hpp"
#include "results/csv_files.hpp"
#include "results/result_netcdf.hpp"

namespace chokepoint {

void write_results(const ResultSet& set, const Summary& summary, const OutputFolder& folder) {
  write_result_netcdf(set, folder);
  folder.write(summary_file, json_text(to_json(summary)));
  folder.write(price_file, prices_csv(set));
  folder.write(concentration_file, concentration_csv(set));
  if (set.exact) folder.write(exact_file, exact_quantiles_csv(set));
}

}  // namespace chokepoint
