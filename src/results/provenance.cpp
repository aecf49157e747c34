#include "results/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "chokepoint/version.hpp"
#include "machine/host.hpp"

namespace chokepoint {

Provenance provenance_of(const Scenario& scenario, const RunOptions& options, const RunOutcome& outcome) {
  Provenance out;
  out.version = build_info.version;
  out.commit = build_info.commit;
  out.scenario = scenario.name;
  out.config_hash = scenario.text_hash;
  out.config_text = scenario.text;
  out.precision = precision_of(outcome.engine.kind);
  out.seed = options.seed;
  out.first_path = options.first_path;
  out.paths = options.paths;
  out.run.engine = name_of(outcome.engine.kind);
  out.run.instruction_set = name_of(outcome.engine.instruction_set);
  out.run.compiler = build_info.compiler;
  out.run.flags = build_info.flags;
  out.run.host = host_name();
  out.run.processor = processor_name();
  out.run.created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  out.run.devices = outcome.devices;
  out.run.threads = static_cast<std::uint64_t>(outcome.threads);
  out.run.batch = static_cast<std::uint64_t>(outcome.batch);
  out.run.seconds = outcome.seconds;
  return out;
}

std::vector<std::pair<std::string, std::string>> facts_of(const Provenance& provenance) {
  const Provenance::Run& run = provenance.run;
  return {{"version", provenance.version},
          {"commit", provenance.commit},
          {"scenario", provenance.scenario},
          {"config_hash", provenance.config_hash},
          {"precision", provenance.precision},
          {"engine", run.engine},
          {"instruction_set", run.instruction_set},
          {"compiler", run.compiler},
          {"flags", run.flags},
          {"host", run.host},
          {"processor", run.processor},
          {"devices", run.devices},
          {"created", run.created}};
}

}  // namespace chokepoint
