#pragma once

#include <string>

#include "results/result_set.hpp"

namespace chokepoint {

/// Tidy tables, one line for each month, measure and element, with the provenance in `#` lines above.
std::string prices_csv(const ResultSet& set);           ///< every price: rental, chip, compute, token, bill
std::string concentration_csv(const ResultSet& set);    ///< HHI, concentration ratios, shares, firms
std::string exact_quantiles_csv(const ResultSet& set);  ///< of ResultSet::exact, which must be there; digits in full

}  // namespace chokepoint
