#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>

#include "chokepoint/engine.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "chokepoint/version.hpp"
#include "verification/hostile_markets.hpp"
#include "verification/ledger.hpp"
#include "verification/rounding.hpp"
#include "verification/statistics.hpp"

/// Prints as JSON what docs/verification.md is made of: verification TASK FIRST COUNT. Answers for successive ranges of
/// cases add up, so that a long task can be done in parts (tests/verification/report.py).
namespace chokepoint::verification {
namespace {

Scenario baseline() {
  return read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/baseline.toml");
}

Json rounding(std::uint64_t first, std::uint64_t count) {
  return compare_precisions(baseline(), 1, first, count).to_json();
}

/// How the solver fared on paths of the baseline.
Json baseline_solver(std::uint64_t first, std::uint64_t count) {
  RunOptions options;
  options.first_path = first;
  options.paths = count;
  options.threads = 1;
  const auto outcome = run_paths(baseline(), options);
  const RunTotals& totals = outcome.all->totals();
  return {{"paths", totals.paths},
          {"unsolved_paths", totals.unsolved_paths},
          {"unsolved_steps", totals.unsolved_steps},
          {"largest", static_cast<double>(totals.max_residual)},
          {"iterations", totals.iterations}};
}

/// `count` seeds of the smallest runs; other samples in proportion. These do not add up: one range from 0.
Json statistics(std::uint64_t, std::uint64_t count) {
  return {{"means", mean_errors(static_cast<int>(std::max<std::uint64_t>(count / 4, 20))).to_json()},
          {"quantiles", quantile_errors(5 * count).to_json()},
          {"coverage", coverage(static_cast<int>(count)).to_json()},
          {"independence", independence(1000 * count).to_json()},
          {"common", common_draws(10 * count).to_json()}};
}

Json examined(void (*examine)(std::uint64_t, Ledger&), std::uint64_t first, std::uint64_t count) {
  Ledger ledger;
  for (std::uint64_t seed = first; seed < first + count; ++seed) examine(seed, ledger);
  return ledger.to_json();
}

const std::map<std::string, std::function<Json(std::uint64_t, std::uint64_t)>>& tasks() {
  static const std::map<std::string, std::function<Json(std::uint64_t, std::uint64_t)>> all = {
      {"baseline", baseline_solver},
      {"hostile", [](auto first, auto count) { return solve_hostile_markets(first, count).to_json(); }},
      {"markets", [](auto first, auto count) { return examined(examine_market, first, count); }},
      {"rounding", rounding},
      {"statistics", statistics},
      {"scenarios", [](auto first, auto count) { return examined(examine_scenario, first, count); }},
  };
  return all;
}

int run(int count, char** words) {
  const auto task = count == 4 ? tasks().find(words[1]) : tasks().end();
  if (task == tasks().end()) {
    std::cerr << "usage: verification TASK FIRST COUNT, where TASK is one of:";
    for (const auto& [name, function] : tasks()) std::cerr << " " << name;
    std::cerr << "\n";
    return 2;
  }
  const std::uint64_t first = std::strtoull(words[2], nullptr, 10), cases = std::strtoull(words[3], nullptr, 10);
  std::cout << json_text({{"commit", build_info.commit}, {"answer", task->second(first, cases)}});
  return 0;
}

}  // namespace
}  // namespace chokepoint::verification

int main(int count, char** words) {
  return chokepoint::verification::run(count, words);
}
