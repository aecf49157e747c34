#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Where a result comes from. The entries under `run` may differ between runs with the same digest.
struct Provenance {
  std::string version, commit;
  std::string scenario, config_hash, config_text;
  std::string precision;  ///< "float" or "double": results of the one are never mixed with those of the other
  std::uint64_t seed = 0, first_path = 0, paths = 0;
  struct Run {
    std::string engine, instruction_set, compiler, flags, host, processor, created;
    std::string devices;  ///< GPUs, by index and name; empty on the CPU
    std::uint64_t threads = 0, batch = 0;
    double seconds = 0;
  } run;

  double rate() const { return run.seconds > 0 ? static_cast<double>(paths) / run.seconds : 0; }
};

/// Of a run on this machine that has just ended.
Provenance provenance_of(const Scenario& scenario, const RunOptions& options, const RunOutcome& outcome);

/// The short facts as name and value, for headers and attributes; the text of the config is not among them.
std::vector<std::pair<std::string, std::string>> facts_of(const Provenance& provenance);

}  // namespace chokepoint
