#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/result.hpp"

/// Verdicts on claims: the share of paths on which the [claim] of a scenario holds, and which source of shocks that
/// share depends on. The language of claims is described in docs/claims.md.
namespace chokepoint {

struct VerdictOptions {
  RunOptions run;           ///< one seed for all scenarios, twins included: path k shares its draws everywhere
  bool attribution = true;  ///< also run with each source of shocks frozen
};

/// How many paths ended in each way. Each path is counted once.
struct PathCounts {
  std::uint64_t holds = 0, fails = 0;
  std::uint64_t not_given = 0;  ///< paths that do not meet `given`, the condition of the claim
  std::uint64_t undefined = 0;  ///< the answer depends on a value that is not defined on the path
  std::uint64_t unsolved = 0;   ///< a month of the scenario or of a twin missed the solver's tolerance

  std::uint64_t decided() const { return holds + fails; }
};

/// One condition: the claim itself, or a part that is reported in addition.
struct Answer {
  std::string name, given, predicate;
  PathCounts paths;
  Probability probability;  ///< holds / decided with Wilson's 95 % interval; NaN where no path decides
};

/// The effect of freezing one source of shocks on the probability of the claim.
struct SourceEffect {
  std::string source;
  double change, low, high;  ///< probability as it is less that with the source frozen, on the paths that decide in
                             ///< both; paired 95 % interval of Bonett and Price (2012); NaN where there is no such path
  std::uint64_t paths;       ///< that decide in both

  bool is_clear() const { return low > 0 || high < 0; }  ///< the interval excludes 0
};

struct Verdict {
  int number = 0;  ///< of the claim; 0 where it has none
  std::string sentence, source, limits;
  std::string scenario, title, file;
  std::vector<std::string> twins;  ///< files
  std::uint64_t seed = 0, first_path = 0, paths = 0;
  Answer answer;
  std::vector<Answer> parts;
  std::vector<SourceEffect> effects;  ///< by size of the change, largest first; empty without attribution
};

/// Whether a scenario makes a claim.
bool has_claim(const Scenario& scenario);

/// Reads the claim, its twins and predicates, to find faults.
/// @throws ScenarioError with file and line, for a predicate that is not valid, names something that does not exist
///   or a month outside the horizon; for a twin that does not exist or is incompatible
void check_claim(const Scenario& scenario);

/// The verdict on the claim of a scenario that has one; nothing where `control` stopped it. `control.report` counts to
/// verdict_paths().
/// @throws ScenarioError as check_claim; EngineError
std::optional<Verdict> evaluate_claim(const Scenario& scenario, const VerdictOptions& options,
                                      const RunControl& control = {});

/// The same for several claims at once, in their order: scenarios that several claims share are run once.
std::optional<std::vector<Verdict>> evaluate_claims(std::span<const Scenario> scenarios, const VerdictOptions& options,
                                                    const RunControl& control = {});

/// Number of paths that an evaluation walks, including those with a source frozen.
std::uint64_t verdict_paths(const VerdictOptions& options);

}  // namespace chokepoint
