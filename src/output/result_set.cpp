#include "output/result_set.hpp"

namespace chokepoint {

ResultSet make_result_set(Scenario scenario, Provenance provenance, std::unique_ptr<Tallies> tallies,
                          std::unique_ptr<Tallies> unsolved_tallies) {
  ResultSet set;
  set.no_shock = replay_path(scenario, provenance.seed, 0, with_precision({}, provenance.precision), false);
  set.result = std::make_unique<Result>(*tallies);
  if (unsolved_tallies) set.solved = std::make_unique<Result>(tallies->minus(*unsolved_tallies));
  set.scenario = std::move(scenario);
  set.provenance = std::move(provenance);
  set.tallies = std::move(tallies);
  set.unsolved_tallies = std::move(unsolved_tallies);
  return set;
}

}  // namespace chokepoint
