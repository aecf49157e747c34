#include "output/write_results.hpp"

#include "output/csv_files.hpp"
#include "output/result_netcdf.hpp"

namespace chokepoint {

const std::vector<std::string>& result_file_names() {
  static const std::vector<std::string> names = {result_file, summary_file, price_file, concentration_file, exact_file,
                                                 "report.html"};
  return names;
}

void write_results(const ResultSet& set, const Summary& summary, const OutputFolder& folder) {
  write_result_netcdf(set, folder);
  folder.write(summary_file, json_text(to_json(summary)));
  folder.write(price_file, prices_csv(set));
  folder.write(concentration_file, concentration_csv(set));
  if (set.exact) folder.write(exact_file, exact_quantiles_csv(set));
}

}  // namespace chokepoint
