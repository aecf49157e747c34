#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/figures.hpp"

namespace chokepoint {

/// A dated shock as figures over time show it: the months that it holds.
struct ShockSpan {
  std::string name;                 ///< its title, or else its name
  int first, end;                   ///< `end` is the first month without it
  bool is_open;                     ///< it lasts from `first` to the end of the scenario: a line rather than a shade
  std::vector<std::string> labels;  ///< results that have it
};

/// All dated shocks of all results within their months, by date; one that several results have, once.
std::vector<ShockSpan> shock_spans(std::span<const LabelledResult> results);

}  // namespace chokepoint
