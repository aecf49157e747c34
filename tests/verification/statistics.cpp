#include "verification/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/measures.hpp"
#include "chokepoint/numeric/draws.hpp"
#include "chokepoint/path_walk.hpp"
#include "chokepoint/result.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint::verification {
namespace {

Scenario smoke(const std::vector<std::string>& overrides = {}) {
  return read_scenario(std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml", overrides);
}

int index_of(const Scenario& scenario, const std::string& measure) {
  const auto names = measure_names(scenario);
  return static_cast<int>(std::find(names.begin(), names.end(), measure) - names.begin());
}

/// One measure of the last month on every path.
std::vector<double> last_values(const Scenario& scenario, const std::string& measure, std::uint64_t paths) {
  std::vector<double> out(paths);
  const int k = index_of(scenario, measure);
  const Scenario* const all[] = {&scenario};
  RunOptions options;
  options.paths = paths;
  walk_paths(all, options, [&](int, std::uint64_t first, std::span<const PathRows> rows) {
    for (int path = 0; path < rows[0].paths; ++path)
      out[first + static_cast<std::uint64_t>(path)] = static_cast<double>(rows[0].at(rows[0].months - 1, k, path));
  });
  return out;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

/// Quantile of a sorted sample as Statistic defines it, and the error that Statistic allows: that of the larger of the
/// two values it lies between.
double exact_quantile(const std::vector<double>& sorted, double level, double& allowed) {
  const double rank = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  allowed = quantile_error_bound * std::max(std::abs(sorted[below]), std::abs(sorted[above]));
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// A correlation and a chi-square test of pairs of uniforms, both as standard normal deviates.
class PairTest {
 public:
  void add(double u, double v) {
    sum_ += (u - 0.5) * (v - 0.5) * 12;
    ++counts_[static_cast<std::size_t>(u * grid) * grid + static_cast<std::size_t>(v * grid)];
    ++pairs_;
  }
  Independence::Pair result(const char* differ) const {
    const double expected = static_cast<double>(pairs_) / (grid * grid), freedom = grid * grid - 1;
    double chi_square = 0;
    for (const std::uint64_t count : counts_)
      chi_square += std::pow(static_cast<double>(count) - expected, 2) / expected;
    return {differ, sum_ / std::sqrt(static_cast<double>(pairs_)), (chi_square - freedom) / std::sqrt(2 * freedom)};
  }

 private:
  static constexpr int grid = 16;
  double sum_ = 0;
  std::uint64_t pairs_ = 0;
  std::array<std::uint64_t, grid * grid> counts_{};
};

}  // namespace

MeanErrors mean_errors(int batches) {
  constexpr int sizes[] = {64, 256, 1024};
  const auto values = last_values(smoke(), "world_price", static_cast<std::uint64_t>(batches) * 1024);
  double log_spread[3];
  for (int k = 0; k < 3; ++k) {
    std::vector<double> means;
    for (int b = 0; b < batches; ++b) {
      const auto begin = values.begin() + b * 1024;
      means.push_back(mean_of({begin, begin + sizes[k]}));
    }
    log_spread[k] = std::log(variance_of(means)) / 2;
  }
  const double reach = std::log(16.0);
  // A spread over b batches has the relative standard error 1 / sqrt(2 (b - 1)).
  return {batches, (log_spread[2] - log_spread[0]) / reach, std::sqrt(1.0 / (batches - 1)) / reach};
}

QuantileErrors quantile_errors(std::uint64_t paths) {
  const Scenario scenario = smoke();
  RunOptions options;
  options.paths = paths;
  const auto outcome = run_paths(scenario, options);
  const TallyLayout& layout = outcome.all->layout();
  std::vector<std::vector<double>> values(static_cast<std::size_t>(layout.months) * layout.specs.size());
  std::mutex mutex;
  const Scenario* const all[] = {&scenario};
  walk_paths(all, options, [&](int, std::uint64_t, std::span<const PathRows> rows) {
    const std::lock_guard lock(mutex);
    for (std::size_t cell = 0; cell < values.size(); ++cell)
      for (const float value :
           rows[0].row(static_cast<int>(cell / layout.specs.size()), static_cast<int>(cell % layout.specs.size())))
        if (value != missing_value) values[cell].push_back(static_cast<double>(value));
  });
  QuantileErrors out;
  for (std::size_t cell = 0; cell < values.size(); ++cell) {
    if (values[cell].empty()) continue;
    std::sort(values[cell].begin(), values[cell].end());
    const int month = static_cast<int>(cell / layout.specs.size()),
              measure = static_cast<int>(cell % layout.specs.size());
    const Statistic reported = statistic(*outcome.all, month, measure);
    for (std::size_t q = 0; q < quantile_levels.size(); ++q) {
      double allowed;
      const double exact = exact_quantile(values[cell], quantile_levels[q], allowed);
      const double error = std::abs(reported.quantile[q] - exact);
      if (error > 0) out.worst = std::max(out.worst, error / allowed);
      ++out.quantiles;
    }
  }
  return out;
}

Coverage coverage(int seeds) {
  Coverage out;
  out.seeds = seeds;
  out.paths = 200;
  Scenario scenario = smoke({"scenario.months=4"});
  scenario.events = {{"likely", "", "world_price", 2.45, {}, false}, {"rare", "", "world_price", 2.85, {}, false}};
  const int month = 3, measure = index_of(scenario, "world_price");
  std::vector<Statistic> means;
  std::array<std::vector<Probability>, 2> events;
  std::array<double, 2> hits{};
  for (int seed = 1; seed <= seeds; ++seed) {
    RunOptions options;
    options.paths = static_cast<std::uint64_t>(out.paths);
    options.seed = static_cast<std::uint64_t>(seed);
    options.threads = 1;
    const auto outcome = run_paths(scenario, options);
    means.push_back(statistic(*outcome.all, month, measure));
    for (std::size_t k = 0; k < 2; ++k) {
      const EventResult event = event_result(*outcome.all, static_cast<int>(k));
      events[k].push_back(event.occurs);
      hits[k] += static_cast<double>(event.passed);
    }
  }
  double mean = 0;
  for (const Statistic& one : means) mean += one.mean / seeds;
  for (const Statistic& one : means) out.mean_covered += std::abs(one.mean - mean) <= 1.959964 * one.standard_error;
  out.likely = hits[0] / (seeds * out.paths);
  out.rare = hits[1] / (seeds * out.paths);
  for (const Probability& p : events[0]) out.likely_covered += p.low <= out.likely && out.likely <= p.high;
  for (const Probability& p : events[1]) out.rare_covered += p.low <= out.rare && out.rare <= p.high;
  return out;
}

Independence independence(std::uint64_t draws) {
  SourceSeeds seeds{}, others{};
  std::fill(std::begin(seeds.seed), std::end(seeds.seed), 1);
  std::fill(std::begin(others.seed), std::end(others.seed), 2);
  PairTest path, step, source, entity, seed;
  for (std::uint64_t k = 0; k < draws; ++k) {
    const std::uint64_t number = k / 16;
    const auto month = static_cast<std::uint32_t>(k % 16);
    const auto draw = [&](const SourceSeeds& from, std::uint64_t p, std::uint32_t t, Source s, std::uint32_t e) {
      return uniform<double>(Draws<double>(from, p, t).word(s, e));
    };
    const double base = draw(seeds, number, month, Source::demand, 3);
    path.add(base, draw(seeds, number + 1, month, Source::demand, 3));
    step.add(base, draw(seeds, number, month + 1, Source::demand, 3));
    source.add(base, draw(seeds, number, month, Source::efficiency, 3));
    entity.add(base, draw(seeds, number, month, Source::demand, 4));
    seed.add(base, draw(others, number, month, Source::demand, 3));
  }
  return {draws,
          {path.result("path"), step.result("step"), source.result("source"), entity.result("entity"),
           seed.result("seed")}};
}

CommonDraws common_draws(std::uint64_t paths) {
  const Scenario base = smoke(), changed = smoke({"policy.voucher.value=0.4"});
  const int price = index_of(base, "regional_price[cn]");
  std::vector<int> exogenous = {index_of(base, "efficiency"), index_of(base, "sentiment_reversal"),
                                index_of(base, "regime[frontier,cn]")};
  std::vector<double> a(paths), b(paths), difference(paths);
  CommonDraws out;
  out.paths = paths;
  std::mutex mutex;
  const Scenario* const both[] = {&base, &changed};
  RunOptions options;
  options.paths = paths;
  walk_paths(both, options, [&](int, std::uint64_t first, std::span<const PathRows> rows) {
    const std::lock_guard lock(mutex);
    const int last = rows[0].months - 1;
    for (int path = 0; path < rows[0].paths; ++path) {
      const auto at = first + static_cast<std::uint64_t>(path);
      a[at] = static_cast<double>(rows[0].at(last, price, path));
      b[at] = static_cast<double>(rows[1].at(last, price, path));
      difference[at] = b[at] - a[at];
      for (int month = 0; month <= last; ++month)
        for (const int k : exogenous) {
          ++out.exogenous;
          out.shared += rows[0].at(month, k, path) == rows[1].at(month, k, path);
        }
    }
  });
  const double n = static_cast<double>(paths), unpaired = variance_of(a) + variance_of(b),
               paired = variance_of(difference);
  out.difference = mean_of(difference);
  out.paired_error = std::sqrt(paired / n);
  out.unpaired_error = std::sqrt(unpaired / n);
  out.variance_reduction = unpaired / paired;
  return out;
}

Json MeanErrors::to_json() const {
  return {{"batches", batches}, {"slope", slope}, {"slope_error", slope_error}};
}

Json QuantileErrors::to_json() const {
  return {{"quantiles", quantiles}, {"worst", worst}};
}

Json Coverage::to_json() const {
  return {{"seeds", seeds},           {"paths", paths},       {"mean", mean_covered},
          {"likely", likely_covered}, {"rare", rare_covered}, {"likely_probability", likely},
          {"rare_probability", rare}};
}

Json Independence::to_json() const {
  Json all = Json::array();
  for (const Pair& pair : pairs)
    all.push_back({{"differ", pair.differ}, {"correlation", pair.correlation}, {"chi_square", pair.chi_square}});
  return {{"draws", draws}, {"pairs", all}};
}

Json CommonDraws::to_json() const {
  return {{"paths", paths},
          {"exogenous", exogenous},
          {"shared", shared},
          {"difference", difference},
          {"paired_error", paired_error},
          {"unpaired_error", unpaired_error},
          {"variance_reduction", variance_reduction}};
}

}  // namespace chokepoint::verification
