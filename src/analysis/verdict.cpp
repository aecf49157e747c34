#include "chokepoint/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/claim.hpp"
#include "analysis/claim_walk.hpp"
#include "scenario/keys.hpp"
#include "scenario/names.hpp"

namespace chokepoint {
namespace {

/// Names of all sources, and "" for none: each is one walk over the paths.
std::vector<std::string> sources_to_freeze(const VerdictOptions& options) {
  std::vector<std::string> sources = {""};
  if (options.attribution) sources.insert(sources.end(), source_words().begin(), source_words().end());
  return sources;
}

PathCounts counts_of(const Outcomes& outcomes) {
  PathCounts counts;
  for (const Outcome outcome : outcomes) {
    counts.holds += outcome == Outcome::holds;
    counts.fails += outcome == Outcome::fails;
    counts.not_given += outcome == Outcome::not_given;
    counts.undefined += outcome == Outcome::undefined;
    counts.unsolved += outcome == Outcome::unsolved;
  }
  return counts;
}

Answer answer_of(const Question& question, const Outcomes& outcomes) {
  Answer answer{question.name, question.given_text, question.predicate_text, counts_of(outcomes), {}};
  answer.probability = probability(answer.paths.holds, answer.paths.decided());
  return answer;
}

/// Difference of two paired shares with the adjusted Wald interval of Bonett and Price (2012), which stays a proper
/// interval where no pair differs.
SourceEffect effect_of(const std::string& source, const Outcomes& as_is, const Outcomes& frozen) {
  constexpr double z = 1.959963984540054;
  double lost = 0, gained = 0, paths = 0;
  for (std::size_t k = 0; k < as_is.size(); ++k) {
    if (!is_decided(as_is[k]) || !is_decided(frozen[k])) continue;
    ++paths;
    lost += as_is[k] == Outcome::holds && frozen[k] == Outcome::fails;
    gained += as_is[k] == Outcome::fails && frozen[k] == Outcome::holds;
  }
  if (paths == 0) return {source, std::nan(""), std::nan(""), std::nan(""), 0};
  const double a = (lost + 1) / (paths + 2), b = (gained + 1) / (paths + 2);
  const double half = z * std::sqrt((a + b - (a - b) * (a - b)) / (paths + 2));
  return {source, (lost - gained) / paths, a - b - half, a - b + half, static_cast<std::uint64_t>(paths)};
}

/// Largest change first; what is not defined comes last.
bool is_larger(const SourceEffect& a, const SourceEffect& b) {
  const auto size = [](const SourceEffect& effect) { return std::isnan(effect.change) ? -1 : std::abs(effect.change); };
  return size(a) > size(b);
}

Verdict described(const Scenario& scenario, const VerdictOptions& options) {
  Verdict verdict;
  verdict.number = scenario.claim.number;
  verdict.sentence = scenario.claim.sentence;
  verdict.source = scenario.claim.source;
  verdict.limits = scenario.claim.limits;
  verdict.scenario = scenario.name;
  verdict.title = scenario.title;
  verdict.file = scenario.source_path;
  for (const config::ClaimTwin& twin : scenario.claim.twins) verdict.twins.push_back(twin.file.text);
  verdict.seed = options.run.seed;
  verdict.first_path = options.run.first_path;
  verdict.paths = options.run.paths;
  return verdict;
}

/// Counts the paths of one walk on top of those of the walks before it.
RunControl continued(const RunControl& control, std::uint64_t paths_before) {
  RunControl next = control;
  if (control.report)
    next.report = [&control, paths_before](std::uint64_t done) { control.report(paths_before + done); };
  return next;
}

void add_effects(Verdict& verdict, const Scenario& scenario, const std::vector<std::string>& sources,
                 std::span<const ClaimOutcomes* const> walks) {
  for (std::size_t k = 1; k < sources.size(); ++k)
    if (index_of(scenario.frozen, sources[k]) < 0)
      verdict.effects.push_back(effect_of(sources[k], walks[0]->front(), walks[k]->front()));
  std::stable_sort(verdict.effects.begin(), verdict.effects.end(), is_larger);
}

}  // namespace

std::optional<std::vector<Verdict>> evaluate_claims(std::span<const Scenario> scenarios, const VerdictOptions& options,
                                                    const RunControl& control) {
  std::vector<PreparedClaim> claims;
  for (const Scenario& scenario : scenarios) claims.push_back(prepare_claim(scenario));
  const std::vector<std::string> sources = sources_to_freeze(options);
  std::vector<std::vector<ClaimOutcomes>> walks;  // [source][claim]
  for (const std::string& source : sources) {
    auto outcomes = walk_claims(claims, source, options.run, continued(control, walks.size() * options.run.paths));
    if (!outcomes) return std::nullopt;
    if (!source.empty())
      for (ClaimOutcomes& claim : *outcomes) claim.resize(1);  // effects are those of the claim, not of its parts
    walks.push_back(std::move(*outcomes));
  }
  std::vector<Verdict> verdicts;
  for (std::size_t k = 0; k < claims.size(); ++k) {
    const ClaimOutcomes& outcomes = walks[0][k];
    Verdict verdict = described(scenarios[k], options);
    verdict.answer = answer_of(claims[k].questions[0], outcomes[0]);
    for (std::size_t part = 1; part < outcomes.size(); ++part)
      verdict.parts.push_back(answer_of(claims[k].questions[part], outcomes[part]));
    std::vector<const ClaimOutcomes*> of_claim;
    for (const std::vector<ClaimOutcomes>& walk : walks) of_claim.push_back(&walk[k]);
    add_effects(verdict, scenarios[k], sources, of_claim);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

std::optional<Verdict> evaluate_claim(const Scenario& scenario, const VerdictOptions& options,
                                      const RunControl& control) {
  auto verdicts = evaluate_claims({&scenario, 1}, options, control);
  if (!verdicts) return std::nullopt;
  return std::move(verdicts->front());
}

std::uint64_t verdict_paths(const VerdictOptions& options) {
  return options.run.paths * sources_to_freeze(options).size();
}

}  // namespace chokepoint
