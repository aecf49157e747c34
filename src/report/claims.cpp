#include "report/claims.hpp"

#include <algorithm>

#include "analysis/verdict_text.hpp"
#include "chokepoint/verdict.hpp"
#include "machine/stop.hpp"

namespace chokepoint {
namespace {

VerdictOptions options_of(const Provenance& from, const RunOptions& run) {
  VerdictOptions options{run};
  options.attribution = false;
  options.run.seed = from.seed;
  options.run.first_path = from.first_path;
  options.run.paths = std::min(from.paths, most_claim_paths);
  options.run.engine = with_precision(options.run.engine, from.precision);
  return options;
}

}  // namespace

Json claim_of(const LabelledResult& result, const std::filesystem::path& twins, const RunOptions& options) {
  Scenario scenario = result.set.scenario;
  if (!has_claim(scenario)) return nullptr;
  if (!twins.empty())
    for (config::ClaimTwin& twin : scenario.claim.twins) twin.file.file = (twins / "claim").string();
  Json out = {{"label", result.label},
              {"sentence", scenario.claim.sentence},
              {"source", scenario.claim.source},
              {"limits", scenario.claim.limits}};
  try {
    RunControl control;
    control.stop = stop_flag();
    const std::optional<Verdict> verdict =
        evaluate_claim(scenario, options_of(result.set.provenance, options), control);
    stop_if_asked();
    out["verdict"] = verdict_json({&*verdict, 1})["claims"][0];
  } catch (const ScenarioError& error) {
    if (scenario.claim.twins.empty()) throw;
    out["missing"] = error.diagnostics().front().message;
  }
  return out;
}

}  // namespace chokepoint
