#include "analysis/comparison_statistic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/comparison_tally.hpp"
#include "chokepoint/base/nan.hpp"
#include "chokepoint/market/measure_table.hpp"

namespace chokepoint {
namespace {

constexpr double normal_975 = 1.959963984540054;  // quantile of the standard normal distribution at 97.5 %

std::uint64_t count_of(const Tallies& tallies, int month, int row, Order order) {
  const MeasureTally& tally = tallies.at(month, row);
  return tally.count(bin_of(tally.spec(), static_cast<float>(order)));
}

/// Regimes are numbered, not measured; a ratio needs a zero that means none.
bool has_ratio(Measure measure) {
  return measure != Measure::regime && info_of(measure).scale != Scale::signed_value;
}

/// Ratio of the means of paired values. The covariance of the two is in the variance of their difference.
void set_ratio(Contrast& contrast, double base_variance, double other_variance) {
  const double mean = contrast.base_mean;
  if (!(mean > 0)) return;
  const double ratio = contrast.other_mean / mean;
  const double covariance = 0.5 * (base_variance + other_variance - contrast.difference.variance);
  const double spread = other_variance - 2 * ratio * covariance + ratio * ratio * base_variance;
  const double error = std::sqrt(std::max(0.0, spread) / static_cast<double>(contrast.defined())) / mean;
  contrast.ratio = ratio;
  contrast.ratio_low = ratio - normal_975 * error;
  contrast.ratio_high = ratio + normal_975 * error;
}

double variance_reduction(double unpaired, double paired) {
  if (paired > 0) return unpaired / paired;
  return unpaired > 0 ? std::numeric_limits<double>::infinity() : nan;
}

Contrast contrast_of(const Tallies& tallies, int month, int measure, const PairRow& row, Measure kind) {
  const Statistic base = statistic(tallies, month, row.base(measure));
  const Statistic other = statistic(tallies, month, row.other(measure));
  Contrast out{};
  out.difference = statistic(tallies, month, row.difference(measure));
  out.low = out.difference.mean - normal_975 * out.difference.standard_error;
  out.high = out.difference.mean + normal_975 * out.difference.standard_error;
  out.base_mean = base.mean;
  out.other_mean = other.mean;
  out.ratio = out.ratio_low = out.ratio_high = nan;
  if (has_ratio(kind)) set_ratio(out, base.variance, other.variance);
  out.variance_reduction = variance_reduction(base.variance + other.variance, out.difference.variance);
  const int orders = row.order(measure);
  out.higher = count_of(tallies, month, orders, Order::higher);
  out.lower = count_of(tallies, month, orders, Order::lower);
  out.equal = count_of(tallies, month, orders, Order::equal);
  out.only_base = count_of(tallies, month, orders, Order::only_base);
  out.only_other = count_of(tallies, month, orders, Order::only_other);
  return out;
}

bool differs(const Contrast& contrast) {
  return contrast.higher + contrast.lower + contrast.only_base + contrast.only_other > 0;
}

int first_month_of(const Differences& differences, int measure) {
  for (int month = 0; month < differences.months; ++month)
    if (differs(differences.at(month, measure))) return month;
  return -1;
}

int earliest(const std::vector<int>& months) {
  int first = -1;
  for (const int month : months)
    if (month >= 0 && (first < 0 || month < first)) first = month;
  return first;
}

}  // namespace

Differences differences_of(const ScenarioPair& pair, const Tallies& tallies) {
  Differences out;
  out.months = tallies.layout().months;
  out.measures = static_cast<int>(pair.measures.size());
  out.paths = tallies.totals().paths;
  const PairRow row{out.measures};
  for (int month = 0; month < out.months; ++month)
    for (int measure = 0; measure < out.measures; ++measure)
      out.contrasts.push_back(
          contrast_of(tallies, month, measure, row, pair.measures[static_cast<std::size_t>(measure)].measure));
  out.first_difference = event_result(tallies, 0);
  for (int measure = 0; measure < out.measures; ++measure) out.first_month_of.push_back(first_month_of(out, measure));
  out.first_month = earliest(out.first_month_of);
  out.digest = tallies.digest();
  return out;
}

std::optional<Probability> share_worse(const Contrast& contrast, Measure measure) {
  switch (info_of(measure).worse) {
    case Worse::higher:
      return contrast.share_higher();
    case Worse::lower:
      return contrast.share_lower();
    case Worse::neither:
      break;
  }
  return std::nullopt;
}

int ScenarioPair::find(const std::string& name) const {
  const auto found = std::find_if(measures.begin(), measures.end(),
                                  [&](const ComparedMeasure& measure) { return measure.name == name; });
  return found == measures.end() ? -1 : static_cast<int>(found - measures.begin());
}

}  // namespace chokepoint
