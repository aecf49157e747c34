#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chokepoint/engine.hpp"

/// Short runs in memory from which `plan` estimates what a long one would take.
namespace chokepoint {

struct SpeedProbe {
  EngineChoice engine;
  int threads = 0, batch = 0;
  double paths_per_second = 0;
};

/// Starts the run, watches it for half a second (or until a first batch is done) and stops it.
SpeedProbe probe_speed(const Scenario& scenario, RunOptions options);

struct ResultProbe {
  /// Names of the files and about how many bytes each will have. The tallies of result.nc grow with the logarithm of
  /// the number of paths, so two small runs are enough.
  std::vector<std::pair<std::string, std::uint64_t>> files;
  double octaves = 0;  ///< that the tallies of a few hundred paths hold, a measure and month
};

ResultProbe probe_result(const Scenario& scenario, const RunOptions& options);

}  // namespace chokepoint
