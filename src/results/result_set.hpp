#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/result.hpp"
#include "chokepoint/scenario.hpp"
#include "results/provenance.hpp"

namespace chokepoint {

/// The data from which output files and reports are made: those of one run, of the merged parts of one, or read from a
/// file.
struct ResultSet {
  Scenario scenario;
  Provenance provenance;
  /// Tallies::serialise(), for merge; empty where the statistics were read from a file. In bytes, because tallies as
  /// such take several times as much and nothing else needs them any more.
  std::vector<std::byte> tallies;
  std::vector<std::byte> unsolved_tallies;  ///< of the paths with an unsolved month alone; empty where there are none
  std::unique_ptr<Result> result;
  std::unique_ptr<Result> solved;              ///< without those paths; null where there are none
  std::optional<ExactQuantiles> exact;         ///< of the measures for which a run was asked to keep all values
  std::optional<ExactQuantiles> exact_solved;  ///< without the unsolved paths, where there are any
  ReplayedPath no_shock;                       ///< the twin path without noise
};

/// Statistics and the twin path from what has been tallied. The tallies are freed, before the files take memory of
/// their own. @throws TallyMismatch, std::bad_alloc
ResultSet make_result_set(Scenario scenario, Provenance provenance, TalliesPointer tallies,
                          TalliesPointer unsolved_tallies);

}  // namespace chokepoint
