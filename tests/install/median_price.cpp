#include <chokepoint/engine.hpp>
#include <chokepoint/measures.hpp>
#include <cstdio>

int main(int, char** argv) {
  const chokepoint::Scenario scenario = chokepoint::read_scenario(argv[1]);
  const chokepoint::RunOutcome run = chokepoint::run_paths(scenario, {.paths = 256, .seed = scenario.seed});
  const chokepoint::Result result(*run.all);
  const int price = chokepoint::measure_index(scenario, "world_price");
  std::printf("%.17g %s\n", result.statistic(scenario.months - 1, price).quantile[4], result.digest().c_str());
}
