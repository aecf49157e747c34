#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>

#include "chokepoint/engine.hpp"
#include "chokepoint/version.hpp"
#include "verification/rounding.hpp"

/// Prints as JSON what docs/verification.md is made of: verification TASK FIRST COUNT. Answers for successive ranges of
/// cases add up, so that a long task can be done in parts (tests/verification/report.py).
namespace chokepoint::verification {
namespace {

Scenario baseline() { return read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/baseline.toml"); }

Json rounding(std::uint64_t first, std::uint64_t count) { return compare_precisions(baseline(), 1, first, count).to_json(); }

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

const std::map<std::string, std::function<Json(std::uint64_t, std::uint64_t)>>& tasks() {
  static const std::map<std::string, std::function<Json(std::uint64_t, std::uint64_t)>> all = {
      {"baseline", baseline_solver},
      {"rounding", rounding},
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

int main(int count, char** words) { return chokepoint::verification::run(count, words); }
