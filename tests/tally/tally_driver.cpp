// The tallies for tests in Python.
//
//     tally_driver sets                    reads sets of floats, tallies each and prints what comes out
//     tally_driver figures PATHS FILE...   runs scenarios and compares the figures of their tallies with all values
//
// A set on stdin: how many values, whether they are whole numbers, how many parts (words of 32 bits), the values.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "chokepoint/path_walk.hpp"
#include "chokepoint/tally/thread_tallies.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/sizes.hpp"

using namespace chokepoint;

namespace {

// sets

Tallies tallies_of(const TallyLayout& layout, const std::vector<float>& values, std::uint64_t first) {
  Tallies tallies(layout);
  ThreadTallies thread(layout, 65535);
  thread.begin(first, static_cast<int>(values.size()));
  accumulate_month(thread.view(), 0, values.data(), 0, static_cast<int>(values.size()));
  thread.end();
  thread.flush(tallies);
  return tallies;
}

/// Whether parts of the paths, merged in some order, have the bytes of the whole.
bool parts_give_the_whole(const TallyLayout& layout, const std::vector<float>& values, std::uint32_t count,
                          const std::vector<std::byte>& whole) {
  std::mt19937 random(count);
  std::vector<Tallies> parts;
  for (std::uint32_t part = 0; part < count; ++part) {
    const std::size_t begin = values.size() * part / count, end = values.size() * (part + 1) / count;
    parts.push_back(tallies_of(
        layout,
        {values.begin() + static_cast<std::ptrdiff_t>(begin), values.begin() + static_cast<std::ptrdiff_t>(end)},
        begin));
  }
  while (parts.size() > 1) {
    std::shuffle(parts.begin(), parts.end(), random);
    parts.front().merge(parts.back());
    parts.pop_back();
  }
  return parts.front().serialise() == whole;
}

void print_set(const std::vector<float>& values, bool are_whole_numbers, std::uint32_t parts) {
  const TallyLayout layout = make_tally_layout(1, {{histogram_mantissa_bits, are_whole_numbers ? 1 : 0}}, {}, 1);
  const Tallies tallies = tallies_of(layout, values, 0);
  const std::vector<std::byte> bytes = tallies.serialise();
  const bool is_same = parts_give_the_whole(layout, values, parts, bytes) &&
                       Tallies::deserialise(bytes.data(), bytes.size()).serialise() == bytes;
  const Statistic s = statistic(tallies, 0, 0);
  std::string line =
      fmt::format("{} {} {} {} {}", is_same ? 1 : 0, s.defined, s.missing, s.invalid, tallies.at(0, 0).count(zero_bin));
  for (const double figure : {s.mean, s.variance, s.smallest, s.largest, s.shortfall_low5, s.shortfall_high5})
    line += fmt::format(" {}", figure);  // the shortest text that gives the same number again
  for (const double quantile : s.quantile) line += fmt::format(" {}", quantile);
  std::puts(line.c_str());
  std::fflush(stdout);
}

template <class Word>
bool read_words(Word* words, std::size_t count) {
  return std::fread(words, sizeof(Word), count, stdin) == count;
}

int print_sets() {
  std::uint32_t head[3];
  while (read_words(head, 3)) {
    std::vector<float> values(head[0]);
    if (!read_words(values.data(), values.size())) return 1;
    print_set(values, head[1] != 0, head[2]);
  }
  return 0;
}

// figures

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Errors of the figures of a run, each over what is allowed.
struct Errors {
  double mean = 0, deviation = 0, extremes = 0, quantiles = 0, shortfalls = 0;
  std::uint64_t rows = 0;
};

/// A value within a bin may be anywhere in it; values under 2^-126 count as 0.
double allowed(double size) {
  return quantile_error_bound * size * (1 + 1e-9) + 0x1p-126;
}

void take(double& worst, double reported, double exact, double limit) {
  worst = std::isnan(reported) ? infinity : std::max(worst, std::abs(reported - exact) / limit);
}

/// Mean of the first 5 % of values, the last in part, and of their sizes.
std::pair<double, double> tail_of(const std::vector<double>& ordered) {
  const double all = 0.05 * static_cast<double>(ordered.size());
  double wanted = all, sum = 0, sizes = 0;
  for (std::size_t i = 0; wanted > 0; ++i, wanted -= 1) {
    sum += std::min(wanted, 1.0) * ordered[i];
    sizes += std::min(wanted, 1.0) * std::abs(ordered[i]);
  }
  return {sum / all, sizes / all};
}

void compare_moments(Errors& errors, const Statistic& reported, const std::vector<double>& values) {
  long double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const long double n = static_cast<long double>(values.size()), mean = sum / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = values.size() < 2 ? 0 : static_cast<double>(std::sqrt(squares / (n - 1)));
  const double limit = 1e-6 * std::max(std::abs(static_cast<double>(mean)), deviation) + 0x1p-126;
  take(errors.mean, reported.mean, static_cast<double>(mean), limit);
  if (values.size() > 1) take(errors.deviation, std::sqrt(reported.variance), deviation, limit);
}

void compare_quantiles(Errors& errors, const Statistic& reported, const ExactStatistic& exact,
                       const std::vector<double>& sorted) {
  take(errors.extremes, reported.smallest, exact.smallest, 0x1p-149);  // not one float apart
  take(errors.extremes, reported.largest, exact.largest, 0x1p-149);
  for (std::size_t k = 0; k < quantile_levels.size(); ++k) {
    const double rank = quantile_levels[k] * static_cast<double>(sorted.size() - 1), part = rank - std::floor(rank);
    const auto below = static_cast<std::size_t>(rank);
    const double next = sorted[std::min(below + 1, sorted.size() - 1)];
    take(errors.quantiles, reported.quantile[k], exact.quantile[k],
         allowed((1 - part) * std::abs(sorted[below]) + part * std::abs(next)));
  }
}

void compare(Errors& errors, const Statistic& reported, const ExactStatistic& exact, std::vector<double>& values) {
  ++errors.rows;
  if (reported.defined != exact.defined || reported.defined != values.size()) errors.extremes = infinity;
  if (values.empty()) return;
  compare_moments(errors, reported, values);
  std::sort(values.begin(), values.end());
  compare_quantiles(errors, reported, exact, values);
  const auto [low, low_size] = tail_of(values);
  std::reverse(values.begin(), values.end());
  const auto [high, high_size] = tail_of(values);
  take(errors.shortfalls, reported.shortfall_low5, low, allowed(low_size));
  take(errors.shortfalls, reported.shortfall_high5, high, allowed(high_size));
}

Errors errors_of(const Scenario& scenario, std::uint64_t paths) {
  RunOptions options;
  options.paths = paths;
  for (int k = 0; k < scenario_sizes(scenario).measures; ++k) options.exact_measures.push_back(k);
  const RunOutcome outcome = run_paths(scenario, options);
  const std::size_t measures = options.exact_measures.size();
  std::vector<std::vector<double>> values(static_cast<std::size_t>(scenario.months) * measures);
  std::mutex mutex;
  const Scenario* const walked[] = {&scenario};
  walk_paths(walked, options, [&](int, std::uint64_t, std::span<const PathRows> rows) {
    const std::lock_guard lock(mutex);
    for (std::size_t row = 0; row < values.size(); ++row)
      for (const float value : rows[0].row(static_cast<int>(row / measures), static_cast<int>(row % measures)))
        if (unusable_mask(bits_of(value)) == 0) values[row].push_back(static_cast<double>(value));
  });
  Errors errors;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const int month = static_cast<int>(row / measures), measure = static_cast<int>(row % measures);
    compare(errors, statistic(*outcome.all, month, measure), outcome.exact->at(month, row % measures), values[row]);
  }
  return errors;
}

int print_figures(std::uint64_t paths, int files, char** names) {
  for (int k = 0; k < files; ++k) {
    const Errors e = errors_of(read_scenario(names[k]), paths);
    std::puts(fmt::format("{} {:.3g} {:.3g} {:.3g} {:.3g} {:.3g}", e.rows, e.mean, e.deviation, e.extremes, e.quantiles,
                          e.shortfalls)
                  .c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string task = count > 1 ? words[1] : "";
  if (task == "sets") return print_sets();
  if (task == "figures" && count > 3) return print_figures(std::strtoull(words[2], nullptr, 10), count - 3, words + 3);
  std::fputs("usage: tally_driver sets | tally_driver figures PATHS FILE...\n", stderr);
  return 2;
}
