#include "scenario/validate.hpp"

namespace chokepoint {

void validate(Scenario& scenario, Diagnostics& diagnostics) {
  check_references(scenario, diagnostics);
  check_shocks(scenario, diagnostics);
  check_supply(scenario, diagnostics);
  check_calendar(scenario, diagnostics);
  check_providers(scenario, diagnostics);
  check_demand(scenario, diagnostics);
  check_regions(scenario, diagnostics);
  check_events(scenario, diagnostics);
  check_claim_keys(scenario, diagnostics);
}

}  // namespace chokepoint
