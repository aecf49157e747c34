#include "commands/plan_probe.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "chokepoint/tally/tallies.hpp"
#include "machine/stop.hpp"
#include "output/json_text.hpp"
#include "output/result_names.hpp"
#include "results/csv_files.hpp"
#include "results/result_netcdf.hpp"
#include "results/summary.hpp"
#include "results/write_results.hpp"

namespace chokepoint {
namespace {

constexpr double probe_seconds = 0.5;
constexpr std::uint64_t few_paths = 64, more_paths = 512;

/// Watches a run and stops it once it has been seen for long enough.
class Stopwatch {
 public:
  void see(std::uint64_t done) {
    const double now = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (done > done_) done_ = done, seconds_ = now;
    if ((now > probe_seconds && done_ > 0) || *stop_flag()) stop_ = true;
  }
  const std::atomic<bool>* stop() const { return &stop_; }
  double rate() const { return seconds_ > 0 ? static_cast<double>(done_) / seconds_ : 0; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<bool> stop_ = false;
  std::uint64_t done_ = 0;
  double seconds_ = 0;
};

struct SmallRun {
  ResultSet set;
  double octaves;  ///< a measure and month
};

SmallRun small_run(const Scenario& scenario, RunOptions options, std::uint64_t paths) {
  options.engine = resolve_walk_engine({});  // the sizes are those of every engine
  options.paths = paths;
  RunControl control;
  control.stop = stop_flag();
  RunOutcome outcome = run_paths(scenario, options, control);
  stop_if_asked();
  const Provenance provenance = provenance_of(scenario, options, outcome);
  const double octaves =
      static_cast<double>(outcome.all->octaves()) / static_cast<double>(outcome.all->layout().rows());
  ResultSet set = make_result_set(scenario, provenance, std::move(outcome.all), std::move(outcome.unsolved));
  set.exact = std::move(outcome.exact);
  return {std::move(set), octaves};
}

/// Size at `paths` on the line through two sizes over the logarithm of the number of paths.
std::uint64_t extrapolate(std::uint64_t few, std::uint64_t more, std::uint64_t paths) {
  const double slope = (static_cast<double>(more) - static_cast<double>(few)) /
                       std::log(static_cast<double>(more_paths) / static_cast<double>(few_paths));
  const double steps = std::log(static_cast<double>(paths) / static_cast<double>(more_paths));
  return more + static_cast<std::uint64_t>(std::max(0.0, slope * steps));
}

}  // namespace

SpeedProbe probe_speed(const Scenario& scenario, RunOptions options) {
  options.exact_measures.clear();  // memory for all paths, which half a second of them does not need
  Stopwatch watch;
  RunControl control;
  control.report = [&watch](std::uint64_t done) { watch.see(done); };
  control.stop = watch.stop();
  const RunOutcome outcome = run_paths(scenario, options, control);
  stop_if_asked();
  const bool is_whole = !outcome.interrupted && outcome.seconds > 0;
  return {outcome.engine, outcome.threads, outcome.batch,
          is_whole ? static_cast<double>(options.paths) / outcome.seconds : watch.rate()};
}

ResultProbe probe_result(const Scenario& scenario, const RunOptions& options) {
  const auto [set, octaves] = small_run(scenario, options, std::min(options.paths, more_paths));
  std::uint64_t result_bytes = result_netcdf_bytes(set).size();
  if (options.paths > more_paths)
    result_bytes = extrapolate(result_netcdf_bytes(small_run(scenario, options, few_paths).set).size(), result_bytes,
                               options.paths);
  std::vector<std::pair<std::string, std::uint64_t>> files = {
      {result_file, result_bytes},
      {summary_file, json_text(to_json(make_summary(set))).size()},
      {price_file, prices_csv(set).size()},
      {concentration_file, concentration_csv(set).size()}};
  if (set.exact) files.emplace_back(exact_file, exact_quantiles_csv(set).size());
  return {std::move(files), octaves};
}

}  // namespace chokepoint
