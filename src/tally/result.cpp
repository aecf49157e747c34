#include "chokepoint/result.hpp"
#include "chokepoint/base/nan.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "chokepoint/tally/tallies.hpp"

namespace chokepoint {

namespace {

constexpr double normal_975 = 1.959963984540054;  // quantile of the standard normal distribution at 97.5 %

std::vector<double> cumulative_shares(const std::uint64_t* counts, std::size_t months, std::uint64_t paths) {
  std::vector<double> shares;
  std::uint64_t sum = 0;
  for (std::size_t month = 0; month < months; ++month) {
    sum += counts[month];
    shares.push_back(paths == 0 ? nan : static_cast<double>(sum) / static_cast<double>(paths));
  }
  return shares;
}

int first_month_reaching(const std::vector<double>& shares, double level) {
  const auto found = std::find_if(shares.begin(), shares.end(), [&](double share) { return share >= level; });
  return found == shares.end() ? -1 : static_cast<int>(found - shares.begin());
}

/// Weighted mean of 1, 2 ... months - 1.
double mean_months(const std::uint64_t* counts, std::size_t months, std::uint64_t sum) {
  double total = 0;
  for (std::size_t month = 1; month < months; ++month)
    total += static_cast<double>(month) * static_cast<double>(counts[month]);
  return sum == 0 ? nan : total / static_cast<double>(sum);
}

}  // namespace

Probability probability(std::uint64_t hits, std::uint64_t paths) {
  if (paths == 0) return {nan, nan, nan};
  const double n = static_cast<double>(paths), share = static_cast<double>(hits) / n;
  const double z2 = normal_975 * normal_975;
  const double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = normal_975 / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  // At the ends the interval touches them, which rounding would miss.
  return {share, hits == 0 ? 0.0 : centre - half, hits == paths ? 1.0 : centre + half};
}

double EventResult::recovered_share() const {
  return probability(recovered, passed - recovery_undefined).value;
}

EventResult event_result(const Tallies& tallies, int event) {
  const std::size_t months = static_cast<std::size_t>(tallies.layout().months);
  const RunTotals& totals = tallies.totals();
  const std::size_t row =
      static_cast<std::size_t>(event) * static_cast<std::size_t>(event_slots(tallies.layout().months));
  const std::uint64_t* first = &totals.first_passage[row];
  const std::uint64_t* recovery = &totals.recovery[row];
  EventResult out;
  out.undefined = first[months + 1];
  const std::uint64_t defined = totals.paths - out.undefined;
  out.passed = defined - first[months];
  out.occurs = probability(out.passed, defined);
  out.recovery_undefined = recovery[months + 1];
  out.recovered = out.passed - recovery[months] - out.recovery_undefined;
  out.mean_recovery = mean_months(recovery, months, out.recovered);
  out.cumulative = cumulative_shares(first, months, defined);
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    out.quantile_month[i] = first_month_reaching(out.cumulative, quantile_levels[i]);
  return out;
}

Result::Result(const Tallies& tallies)
    : months_(tallies.layout().months),
      measures_(tallies.layout().measures()),
      totals_(std::make_shared<const RunTotals>(tallies.totals())),
      digest_(tallies.digest()) {
  statistics_.reserve(tallies.layout().rows());
  std::map<std::uint64_t, QuantileRanks> ranks;
  for (int month = 0; month < months_; ++month)
    for (int measure = 0; measure < measures_; ++measure) {
      const std::uint64_t size = tallies.at(month, measure).defined();
      const QuantileRanks& of_size = ranks.try_emplace(size, size).first->second;
      statistics_.push_back(chokepoint::statistic(tallies, month, measure, of_size));
    }
  for (int event = 0; event < tallies.layout().events(); ++event) events_.push_back(event_result(tallies, event));
}

Result::Result(int months, std::vector<Statistic> statistics, std::vector<EventResult> events, const RunTotals& totals,
               std::string digest)
    : months_(months),
      measures_(static_cast<int>(statistics.size()) / months),
      statistics_(std::move(statistics)),
      events_(std::move(events)),
      totals_(std::make_shared<const RunTotals>(totals)),
      digest_(std::move(digest)) {}

std::uint64_t Result::paths() const {
  return totals_->paths;
}

std::uint64_t Result::unsolved_paths() const {
  return totals_->unsolved_paths;
}

std::uint64_t Result::unsolved_months() const {
  return totals_->unsolved_steps;
}

double Result::largest_residual() const {
  return static_cast<double>(totals_->max_residual);
}

double Result::mean_iterations() const {
  double steps = 0, total = 0;
  for (std::size_t i = 0; i < totals_->iterations.size(); ++i) {
    steps += static_cast<double>(totals_->iterations[i]);
    total += static_cast<double>(i) * static_cast<double>(totals_->iterations[i]);
  }
  return steps > 0 ? total / steps : nan;
}

}  // namespace chokepoint
