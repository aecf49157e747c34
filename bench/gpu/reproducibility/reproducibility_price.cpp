#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "approximate_kernel.hpp"
#include "chokepoint/engine.hpp"
#include "chokepoint/gpu/gpu.hpp"
#include "chokepoint/market/parameters.hpp"
#include "engine/tally_layout.hpp"
#include "kernel_pair.hpp"
#include "output/json_text.hpp"
#include "scenario/lower/lower.hpp"

/// The price of the same bits by the clock: the path kernel as it is, and with the GPU's approximate functions, in
/// turns over the same paths. Prints JSON. docs/gpu.md says what it is worth.
namespace chokepoint::gpu {
namespace {

struct Options {
  std::string scenario;
  std::vector<int> batches;  ///< paths; empty: those of a run of 1e6 paths, and a quarter
  int repeats = 7;
  bool dry_run = false;
};

struct KernelPair {
  const ExactKernelRow* exact = nullptr;
  const ExactKernelRow* approximate = nullptr;
};

KernelPair kernels_for(const Sizes& sizes) {
  for (const KernelPair& pair : {KernelPair{&baseline_kernel, &approximate_baseline_kernel},
                                 KernelPair{&smoke_kernel, &approximate_smoke_kernel}}) {
    if (pair.exact->fits(sizes) && pair.approximate->fits(sizes)) return pair;
  }
  throw CLI::ValidationError("SCENARIO",
                             "has other sizes than configs/baseline.toml and configs/smoke.toml, for which alone "
                             "there are kernels to compare");
}

const char* const compared_measures[] = {"world_price", "world_fleet", "world_utilisation", "hhi_fleet"};

std::vector<int> rows_compared(const Sizes& sizes) {
  std::vector<int> rows;
  for (const char* const name : compared_measures) {
    for (const MeasureBlock& block : measure_layout(sizes)) {
      if (block.name == name) rows.push_back(block.offset);
    }
  }
  return rows;
}

Json rate_json(double path_months, std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return {{"median", path_months / seconds[seconds.size() / 2]},
          {"lowest", path_months / seconds.back()},
          {"highest", path_months / seconds.front()}};
}

Json ending_json(const Ending& ending) {
  return {{"newton_steps", ending.newton_steps}, {"unsolved_months_of_paths", ending.unsolved}};
}

Json differences_json(const Ending& exact, const Ending& approximate) {
  Json out;
  for (std::size_t k = 0; k < exact.measures.size(); ++k) {
    const Difference d = difference(exact.measures[k], approximate.measures[k]);
    out[compared_measures[k]] = {{"largest", d.largest}, {"mean", d.mean}, {"of_means", d.of_means}};
  }
  return out;
}

/// One batch size: a run of each to warm up and to compare, then `repeats` of each in turns.
Json compared(const Parameters<float>& p, const PathKernel& exact, const PathKernel& approximate, const Batch& batch,
              int paths, int repeats) {
  const std::vector<int> rows = rows_compared(p.sizes);
  batch.run(exact);
  const Ending exact_ending = batch.ending(rows);
  batch.run(approximate);
  const Ending approximate_ending = batch.ending(rows);
  std::vector<double> exact_seconds, approximate_seconds;
  for (int k = 0; k < repeats; ++k) {
    exact_seconds.push_back(batch.run(exact));
    approximate_seconds.push_back(batch.run(approximate));
  }
  const double path_months = static_cast<double>(paths) * p.sizes.months;
  const Json of_exact = rate_json(path_months, exact_seconds),
             of_approximate = rate_json(path_months, approximate_seconds);
  return {{"paths", paths},
          {"exact_path_months_per_second", of_exact},
          {"approximate_path_months_per_second", of_approximate},
          {"approximate_over_exact", of_approximate["median"].get<double>() / of_exact["median"].get<double>()},
          {"last_round", {{"exact", ending_json(exact_ending)}, {"approximate", ending_json(approximate_ending)}}},
          {"relative_differences_in_the_last_month", differences_json(exact_ending, approximate_ending)}};
}

std::vector<int> batches_of(const Options& options, const MemoryPlan& plan) {
  if (!options.batches.empty()) return options.batches;
  const int paths = static_cast<int>(plan.batch);
  return {paths, std::max(paths / 4, 1)};
}

Json device_json(const Device& device) {
  int driver = 0, runtime = 0;
  CHOKEPOINT_CUDA_CHECK(cudaDriverGetVersion(&driver));
  CHOKEPOINT_CUDA_CHECK(cudaRuntimeGetVersion(&runtime));
  return {{"name", device.name},
          {"compute_capability", std::to_string(device.major) + "." + std::to_string(device.minor)},
          {"multiprocessors", device.multiprocessors},
          {"driver_supports_cuda", driver},
          {"cuda_runtime", runtime}};
}

Json measured(const Options& options, const Scenario& scenario, const Parameters<float>& parameters,
              const KernelPair& rows) {
  const Device device = choose(probe(), {}).front();
  CHOKEPOINT_CUDA_CHECK(cudaSetDevice(device.index));
  const TallyLayout layout = tally_layout(scenario);
  Work work;
  work.parameters = &parameters;
  work.layout = &layout;
  work.paths = 1000000;
  const MemoryPlan plan = gpu::plan(work, device);
  if (plan.batch == 0) throw Failure(no_room_text(device, plan));
  const auto exact = rows.exact->make(parameters), approximate = rows.approximate->make(parameters);
  Json batches = Json::array();
  for (const int paths : batches_of(options, plan)) {
    const Batch batch(parameters, exact->state_words(), paths, plan.months);
    batches.push_back(compared(parameters, *exact, *approximate, batch, paths, options.repeats));
  }
  return {{"device", device_json(device)},
          {"months_per_round", plan.months},
          {"repeats", options.repeats},
          {"batches", batches}};
}

int print_price(const Options& options) {
  const Scenario scenario = read_scenario(options.scenario);
  const auto parameters = lower<float>(scenario, scenario.seed);
  const KernelPair rows = kernels_for(parameters->sizes);
  Json out = {{"what", options.dry_run ? "dry run, nothing measured" : "path kernels alone, measured"},
              {"scenario", options.scenario},
              {"months", parameters->sizes.months}};
  if (!options.dry_run) out.update(measured(options, scenario, *parameters, rows));
  std::fputs(json_text(out).c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace chokepoint::gpu

int main(int argc, char** argv) {
  chokepoint::gpu::Options options;
  CLI::App app("The path kernel as it is, and with approximate functions, in turns on the first GPU. Prints JSON.");
  app.add_option("SCENARIO", options.scenario, "a scenario of the sizes of configs/baseline.toml or configs/smoke.toml")
      ->required();
  app.add_option("--batch", options.batches, "paths at once; several for several comparisons")
      ->delimiter(',')
      ->check(CLI::Range(1, 100000000));
  app.add_option("--repeat", options.repeats, "timed runs of each kernel")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  app.add_flag("--dry-run", options.dry_run, "all but the device calls");
  try {
    app.parse(argc, argv);
    return chokepoint::gpu::print_price(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const chokepoint::ScenarioError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const chokepoint::gpu::Failure& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
