#pragma once

#include <memory>

#include "chokepoint/engine.hpp"
#include "chokepoint/result.hpp"
#include "chokepoint/scenario.hpp"
#include "output/provenance.hpp"

namespace chokepoint {

/// All that the output files are made from: of one run, or of the parts of one merged.
struct ResultSet {
  Scenario scenario;
  Provenance provenance;
  std::unique_ptr<Tallies> tallies;
  std::unique_ptr<Tallies> unsolved_tallies;  ///< of the paths with an unsolved month alone; null where there are none
  std::unique_ptr<Result> result;
  std::unique_ptr<Result> solved;  ///< without those paths; null where there are none
  ReplayedPath no_shock;           ///< the twin path without noise
};

/// Statistics and the twin path from what has been tallied. @throws TallyMismatch, std::bad_alloc
ResultSet make_result_set(Scenario scenario, Provenance provenance, std::unique_ptr<Tallies> tallies,
                          std::unique_ptr<Tallies> unsolved_tallies);

}  // namespace chokepoint
