#pragma once

#include <cmath>

#include "chokepoint/result.hpp"

/// Which numbers of a Statistic make which variables of a measure.
namespace chokepoint {

struct StatisticField {
  const char* suffix;
  const char* meaning;
  double (*value)(const Statistic&);
  void (*put)(Statistic&, double);
};

inline constexpr StatisticField statistic_fields[] = {
    {"_mean", "mean over the paths", [](const Statistic& s) { return s.mean; },
     [](Statistic& s, double value) { s.mean = value; }},
    {"_standard_error", "standard error of the mean", [](const Statistic& s) { return s.standard_error; },
     [](Statistic& s, double value) { s.standard_error = value; }},
    {"_standard_deviation", "standard deviation over the paths",
     [](const Statistic& s) { return std::sqrt(s.variance); },
     [](Statistic& s, double value) { s.variance = value * value; }},
    {"_shortfall_low5", "expected shortfall: mean of the lowest 5 % of the paths",
     [](const Statistic& s) { return s.shortfall_low5; }, [](Statistic& s, double value) { s.shortfall_low5 = value; }},
    {"_shortfall_high5", "expected shortfall: mean of the highest 5 % of the paths",
     [](const Statistic& s) { return s.shortfall_high5; },
     [](Statistic& s, double value) { s.shortfall_high5 = value; }},
    {"_minimum", "least value on any path", [](const Statistic& s) { return s.smallest; },
     [](Statistic& s, double value) { s.smallest = value; }},
    {"_maximum", "greatest value on any path", [](const Statistic& s) { return s.largest; },
     [](Statistic& s, double value) { s.largest = value; }},
};

struct CountField {
  const char* suffix;
  const char* meaning;
  std::uint64_t Statistic::*member;
};

inline constexpr CountField count_fields[] = {
    {"_defined", "paths on which it is defined", &Statistic::defined},
    {"_invalid", "paths on which it is not a number: a defect", &Statistic::invalid},
};

/// Numbers for every quantile level.
struct LevelsField {
  const char* suffix;
  const char* meaning;
  std::array<double, quantile_levels.size()> Statistic::*member;
};

inline constexpr LevelsField levels_fields[] = {
    {"_quantile", "quantiles over the paths", &Statistic::quantile},
    {"_quantile_low", "lower end of the 95 % confidence interval of the quantile (order statistics of the paths)",
     &Statistic::quantile_low},
    {"_quantile_high", "upper end of the 95 % confidence interval of the quantile (order statistics of the paths)",
     &Statistic::quantile_high},
};

}  // namespace chokepoint
