#pragma once

#include <string>
#include <vector>

#include "chokepoint/comparison.hpp"

/// Selects the contrasts that the table on the terminal shows.
namespace chokepoint {

/// Measures by name, "utilisation[cn]", or all elements of one, "utilisation". Without names: the main measures.
/// @returns indices into pair.measures @throws UsageError for a name that the two scenarios do not share
std::vector<int> shown_measures(const ScenarioPair& pair, const std::vector<std::string>& names);

/// Index of a month, "2027-06", among `months` common ones; the last one without a date.
/// @throws UsageError for no date, and for one that is not in common
int shown_month(const ScenarioPair& pair, int months, const std::string& date);

/// "2027-06" of a common month.
std::string month_text(const ScenarioPair& pair, int month);

}  // namespace chokepoint
