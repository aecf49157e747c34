#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "chokepoint/market/measure.hpp"
#include "chokepoint/tally/thread_tallies.hpp"

/// Made-up paths for the tests of the tallies: every value a function of (path, month, measure).
namespace chokepoint::tally_cases {

/// 64 well-mixed bits from three numbers (SplitMix64's finaliser).
inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  std::uint64_t z = a * 0x9e3779b97f4a7c15ULL + b * 0xd1b54a32d192ed03ULL + c * 0x8cb92ba72f3d8dd7ULL + 1;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// In (0, 1).
inline double uniform(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  return (static_cast<double>(mixed(a, b, c) >> 11) + 0.5) / 9007199254740992.0;
}

inline double normal(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  return std::sqrt(-2 * std::log(uniform(a, b, 2 * c))) * std::cos(6.283185307179586 * uniform(a, b, 2 * c + 1));
}

inline constexpr Scale all_scales[] = {Scale::price, Scale::quantity, Scale::share,       Scale::concentration,
                                       Scale::count, Scale::flag,     Scale::signed_value};
inline constexpr int months = 5;
inline constexpr float tolerance = 1e-5F;

/// One measure of every scale; an absolute, a relative and a never-true event.
inline TallyLayout layout() {
  std::vector<BinSpec> specs;
  for (const Scale scale : all_scales) specs.push_back(bin_spec(scale));
  return make_tally_layout(months, specs, {{0, 1, 0, 3.0F}, {1, 0, 1, 0.5F}, {2, 1, 0, 5.0F}}, 20);
}

inline float value(std::uint64_t path, int month, int measure) {
  const std::uint64_t m = static_cast<std::uint64_t>(month), k = static_cast<std::uint64_t>(measure);
  const std::uint64_t kind = mixed(path, m, k + 100) % 64;
  if (kind == 0) return missing_value;
  if (kind == 1) return std::nanf("");
  if (kind == 2) return -INFINITY;
  if (kind == 3) return 1e7F * static_cast<float>(std::exp(40 * (uniform(path, m, k + 200) - 0.5)));
  if (kind == 4) return -0.0F;
  if (kind == 5) return -1e-3F * static_cast<float>(path % 7);
  const double x = normal(path, m, k);
  switch (all_scales[measure]) {
    case Scale::share:
      return static_cast<float>(1 / (1 + std::exp(x)));
    case Scale::concentration:
      return static_cast<float>(2000 * std::exp(0.3 * x));
    case Scale::count:
      return static_cast<float>(std::floor(20 * std::exp(0.3 * x)));
    case Scale::flag:
      return x > 0.5 ? 1.0F : 0.0F;
    case Scale::signed_value:
      return static_cast<float>(x);
    default:
      return static_cast<float>(2 * std::exp(0.5 * x));
  }
}

/// Rows of one month of a chunk, [measures][stride].
inline std::vector<float> rows(const TallyLayout& layout, const std::vector<std::uint64_t>& paths, int month,
                               std::size_t stride) {
  std::vector<float> out(static_cast<std::size_t>(layout.measures()) * stride, 12345.0F);
  for (int k = 0; k < layout.measures(); ++k)
    for (std::size_t i = 0; i < paths.size(); ++i)
      out[static_cast<std::size_t>(k) * stride + i] = value(paths[i], month, k);
  return out;
}

/// Runs one chunk as an engine would. Every 50th path has unsolved months.
inline void run_chunk(ThreadTallies& thread, const TallyLayout& layout, const std::vector<std::uint64_t>& paths) {
  const int count = static_cast<int>(paths.size());
  const std::size_t stride = paths.size() + 5;
  thread.begin_some(paths.data(), count);
  std::vector<std::int32_t> iterations(paths.size());
  std::vector<float> residual(paths.size());
  for (int month = 0; month < layout.months; ++month) {
    accumulate_month(thread.view(), month, rows(layout, paths, month, stride).data(), static_cast<std::int64_t>(stride),
                     count);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      iterations[i] = static_cast<std::int32_t>(mixed(paths[i], static_cast<std::uint64_t>(month), 9) % 25);
      residual[i] = paths[i] % 50 == 7 && month % 2 == 1 ? 1e-3F : 1e-6F * static_cast<float>(iterations[i] % 9);
    }
    accumulate_steps(thread.view(), iterations.data(), residual.data(), tolerance, count);
  }
  thread.end();
}

/// Tallies of some paths, run in chunks of `chunk`.
inline Tallies run(const std::vector<std::uint64_t>& paths, int chunk) {
  Tallies tallies(layout());
  ThreadTallies thread(tallies.layout(), chunk);
  for (std::size_t start = 0; start < paths.size(); start += static_cast<std::size_t>(chunk)) {
    const std::size_t stop = std::min(paths.size(), start + static_cast<std::size_t>(chunk));
    run_chunk(thread, tallies.layout(),
              {paths.begin() + static_cast<std::ptrdiff_t>(start), paths.begin() + static_cast<std::ptrdiff_t>(stop)});
  }
  thread.flush(tallies);
  return tallies;
}

inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t count) {
  std::vector<std::uint64_t> paths;
  for (std::uint64_t i = 0; i < count; ++i) paths.push_back(first + i);
  return paths;
}

/// Tallies of one measure in one month: the values given.
inline Tallies sample(Scale scale, const std::vector<float>& values) {
  Tallies tallies(make_tally_layout(1, {bin_spec(scale)}, {}, 1));
  ThreadTallies thread(tallies.layout(), 60000);
  for (std::size_t start = 0; start < values.size(); start += 60000) {
    const int count = static_cast<int>(std::min<std::size_t>(60000, values.size() - start));
    thread.begin(start, count);
    accumulate_month(thread.view(), 0, values.data() + start, 0, count);
    thread.end();
    thread.flush(tallies);
  }
  return tallies;
}

}  // namespace chokepoint::tally_cases
