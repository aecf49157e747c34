#include "verification/rounding.hpp"

#include <algorithm>
#include <cmath>

#include "chokepoint/market/limits.hpp"
#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/tally/histogram.hpp"
#include "engine/block_memory.hpp"
#include "engine/runners.hpp"
#include "scenario/measure_layout.hpp"

namespace chokepoint::verification {
namespace {

constexpr int batch = 64;

/// What differences are measured against where the reference is under it: small prices and shares are nearly nothing,
/// and quantities and values with a sign pass through zero.
double least_yardstick(Scale scale) {
  switch (scale) {
    case Scale::price:
      return std::ldexp(1.0, -8);
    case Scale::share:
      return std::ldexp(1.0, -12);
    case Scale::concentration:
      return 4;
    default:
      return 1;
  }
}

/// All months of a batch of paths on one engine.
class Engine {
 public:
  Engine(const Scenario& scenario, std::uint64_t seed, EngineKind kind)
      : runner_(cpu_runner(resolve_engine({kind, InstructionSet::automatic}))),
        lowered_(scenario, seed, runner_.is_double),
        memory_(runner_, lowered_, batch) {}

  void start(std::uint64_t first, int paths) {
    block_ = memory_.block(first, paths);
    runner_.start(block_);
  }
  void advance(int month) { runner_.advance(block_, month); }
  float at(int measure, int path) const { return block_.rows[measure * block_.stride + path]; }
  const Sizes& sizes() const { return lowered_.sizes(); }

 private:
  BlockRunner runner_;
  LoweredScenario lowered_;
  BlockMemory memory_;
  Block block_{};
};

class Comparison {
 public:
  Comparison(const Scenario& scenario, std::uint64_t seed)
      : float_(scenario, seed, EngineKind::simd),
        double_(scenario, seed, EngineKind::reference),
        layout_(measure_layout(float_.sizes())) {
    for (const MeasureBlock& block : layout_) {
      const auto size = static_cast<std::size_t>(block.size);
      const std::vector<double> none(size);
      report_.measures.push_back({block.name, {}, {}, 0, none, none, none, none});
      floors_.push_back(least_yardstick(info_of(block.measure).scale));
    }
    report_.branched_in.resize(static_cast<std::size_t>(months()));
  }

  void compare(std::uint64_t first, int paths) {
    float_.start(first, paths);
    double_.start(first, paths);
    bool branched[batch] = {};
    for (int month = 0; month < months(); ++month) {
      float_.advance(month);
      double_.advance(month);
      for (int path = 0; path < paths; ++path) {
        if (!branched[path]) branched[path] = branches(month, path);
        for (std::size_t k = 0; k < layout_.size(); ++k) compare_measure(k, month, path, branched[path]);
      }
    }
    report_.paths += static_cast<std::uint64_t>(paths);
  }

  RoundingReport take() { return std::move(report_); }

 private:
  int months() const { return float_.sizes().months; }

  bool differs(Measure measure, int path) const {
    const MeasureBlock& block = layout_[static_cast<std::size_t>(measure)];
    for (int e = block.offset; e < block.offset + block.size; ++e)
      if (float_.at(e, path) != double_.at(e, path)) return true;
    return false;
  }

  bool branches(int month, int path) {
    const bool exit = differs(Measure::exits, path), war = differs(Measure::price_war, path);
    const bool other = differs(Measure::regime, path) || differs(Measure::sentiment_reversal, path);
    if (!exit && !war && !other) return false;
    ++report_.branched;
    ++(exit ? report_.by_exit : war ? report_.by_war : report_.by_other);
    ++report_.branched_in[static_cast<std::size_t>(month)];
    return true;
  }

  void compare_measure(std::size_t k, int month, int path, bool branched) {
    const MeasureBlock& block = layout_[k];
    MeasureRounding& out = report_.measures[k];
    const double floor = floors_[k];
    for (int e = 0; e < block.size; ++e) {
      const float rounded = float_.at(block.offset + e, path), exact = double_.at(block.offset + e, path);
      if (rounded == missing_value || exact == missing_value) {
        if (rounded != exact && !branched) ++out.defined_in_one;
        continue;
      }
      const double a = static_cast<double>(rounded), b = static_cast<double>(exact);
      (branched ? out.apart : out.together).add(std::abs(a - b) / std::max(std::abs(b), floor));
      if (month == months() - 1) add_to_means(out, static_cast<std::size_t>(e), a, b);
    }
  }

  static void add_to_means(MeasureRounding& out, std::size_t element, double a, double b) {
    out.sum_float[element] += a;
    out.sum_double[element] += b;
    out.sum_square[element] += b * b;
    out.count[element] += 1;
  }

  Engine float_, double_;
  std::vector<MeasureBlock> layout_;
  std::vector<double> floors_;
  RoundingReport report_;
};

}  // namespace

void DifferenceCounts::add(double difference) {
  ++compared_;
  largest_ = std::max(largest_, difference);
  if (difference == 0) {
    ++equal_;
    return;
  }
  const int bin = static_cast<int>(std::floor(std::log2(difference))) - lowest;
  ++counts_[static_cast<std::size_t>(std::clamp(bin, 0, bins - 1))];
}

double DifferenceCounts::share_above(double difference) const {
  std::uint64_t above = 0;
  for (int k = 0; k < bins; ++k)
    if (std::ldexp(1.0, lowest + k) >= difference) above += counts_[static_cast<std::size_t>(k)];
  return compared_ ? static_cast<double>(above) / static_cast<double>(compared_) : 0;
}

Json DifferenceCounts::to_json() const {
  return {{"compared", compared_}, {"equal", equal_}, {"counts", counts_}, {"largest", largest_}};
}

Json RoundingReport::to_json() const {
  Json by_measure = Json::object();
  for (const MeasureRounding& m : measures) {
    by_measure[m.name] = {{"together", m.together.to_json()},
                          {"apart", m.apart.to_json()},
                          {"defined_in_one", m.defined_in_one},
                          {"sum_float", m.sum_float},
                          {"sum_double", m.sum_double},
                          {"sum_square", m.sum_square},
                          {"count", m.count}};
  }
  return {{"paths", paths},       {"branched", branched},   {"by_exit", by_exit},        {"by_war", by_war},
          {"by_other", by_other}, {"measures", by_measure}, {"branched_in", branched_in}};
}

RoundingReport compare_precisions(const Scenario& scenario, std::uint64_t seed, std::uint64_t first,
                                  std::uint64_t paths) {
  Comparison comparison(scenario, seed);
  for (std::uint64_t done = 0; done < paths; done += batch)
    comparison.compare(first + done, static_cast<int>(std::min<std::uint64_t>(batch, paths - done)));
  return comparison.take();
}

}  // namespace chokepoint::verification
