#pragma once

#include <cstdint>
#include <vector>

#include "output/json_text.hpp"

/// Whether the statistics that a run tells are what their names say, on configs/smoke.toml.
namespace chokepoint::verification {

/// The spread of means over batches of N paths, for N = 64, 256 and 1024: its logarithm falls by `slope` a log N.
struct MeanErrors {
  int batches = 0;
  double slope = 0, slope_error = 0;  ///< expected: -1/2; standard error of the slope from the number of batches
  Json to_json() const;
};
MeanErrors mean_errors(int batches);

/// Quantiles of a run against those of its paths themselves.
struct QuantileErrors {
  std::uint64_t quantiles = 0;
  double worst = 0;  ///< error over the stated bound: at most 1
  Json to_json() const;
};
QuantileErrors quantile_errors(std::uint64_t paths);

/// How often the intervals of runs with different seeds hold what all seeds together say.
struct Coverage {
  int seeds = 0, paths = 0, mean_covered = 0;
  int likely_covered = 0, rare_covered = 0;  ///< intervals of two event probabilities, next to 1/2 and small
  double likely = 0, rare = 0;               ///< the probabilities
  Json to_json() const;
};
Coverage coverage(int seeds);

/// Draws that differ in one part of their key alone. Both figures are standard normal for independent draws.
struct Independence {
  struct Pair {
    const char* differ;              ///< "path", "step", "source", "entity", "seed"
    double correlation, chi_square;  ///< in standard deviations; chi-square of pairs over a 16 by 16 grid
  };
  std::uint64_t draws = 0;
  std::vector<Pair> pairs;
  Json to_json() const;
};
Independence independence(std::uint64_t draws);

/// A scenario and the same with one policy changed, on the same paths.
struct CommonDraws {
  std::uint64_t paths = 0, exogenous = 0, shared = 0;  ///< values of exogenous processes, and those equal in every bit
  double difference = 0, paired_error = 0, unpaired_error = 0;
  double variance_reduction = 0;  ///< variance of the difference of unpaired runs over that of paired ones
  Json to_json() const;
};
CommonDraws common_draws(std::uint64_t paths);

}  // namespace chokepoint::verification
