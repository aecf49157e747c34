#include "results/result_set.hpp"

#include "chokepoint/tally/tallies.hpp"
#include "machine/memory_limit.hpp"

namespace chokepoint {

ResultSet make_result_set(Scenario scenario, Provenance provenance, TalliesPointer tallies,
                          TalliesPointer unsolved_tallies) {
  ResultSet set;
  set.no_shock = replay_path(scenario, provenance.seed, 0, with_precision({}, provenance.precision), false);
  set.result = std::make_unique<Result>(*tallies);
  if (unsolved_tallies) set.solved = std::make_unique<Result>(tallies->minus(*unsolved_tallies));
  set.scenario = std::move(scenario);
  set.provenance = std::move(provenance);
  set.tallies = tallies->serialise();
  if (unsolved_tallies) set.unsolved_tallies = unsolved_tallies->serialise();
  tallies.reset();
  unsolved_tallies.reset();
  return_free_memory();
  return set;
}

}  // namespace chokepoint
