#include <fmt/format.h>

#include <cmath>

#include "chokepoint/market/measure_table.hpp"
#include "commands/compare_print.hpp"
#include "commands/compare_view.hpp"
#include "output/text_table.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

constexpr std::size_t low_level = 1, high_level = 7;
static_assert(quantile_levels[low_level] == 0.05 && quantile_levels[high_level] == 0.95);

std::string level_words(double value) {
  return number_words(value, std::fabs(value) >= 100 ? 4 : 3);
}

/// A difference with its sign; "0" where there is none at all.
std::string signed_words(double value) {
  if (value == 0) return "0";
  return (value > 0 ? "+" : "") + number_words(value, std::fabs(value) >= 100 ? 4 : 3);
}

std::string range_words(double low, double high) {
  if (std::isnan(low) || std::isnan(high)) return "-";
  return fmt::format("{} to {}", signed_words(low), signed_words(high));
}

std::string mean_words(const Contrast& contrast) {
  if (std::isnan(contrast.difference.mean)) return "-";
  return fmt::format("{} ({})", signed_words(contrast.difference.mean), range_words(contrast.low, contrast.high));
}

std::string shares_words(const Contrast& contrast, Measure measure) {
  if (contrast.defined() == 0) return "-";
  const Worse worse = info_of(measure).worse;
  return fmt::format("{}{} / {}{}", percent_words(contrast.share_higher().value), worse == Worse::higher ? "!" : "",
                     percent_words(contrast.share_lower().value), worse == Worse::lower ? "!" : "");
}

std::string reduction_words(double reduction) {
  if (std::isnan(reduction)) return "-";
  return std::isinf(reduction) ? "exact" : number_words(reduction, reduction >= 100 ? 4 : 3);
}

std::string label(const ComparedMeasure& measure) {
  const std::string unit = info_of(measure.measure).unit;
  return measure.name + (unit == "1" ? "" : " (" + unit + ")");
}

std::string first_words(const ScenarioPair& pair, int month) {
  return month < 0 ? "never" : month_text(pair, month);
}

TableRow row_of(const ScenarioPair& pair, const Differences& differences, int measure, int month) {
  const ComparedMeasure& compared = pair.measures[static_cast<std::size_t>(measure)];
  const Contrast& contrast = differences.at(month, measure);
  const Statistic& difference = contrast.difference;
  return {label(compared),
          level_words(contrast.base_mean),
          level_words(contrast.other_mean),
          mean_words(contrast),
          number_words(contrast.ratio, 4),
          range_words(difference.quantile[low_level], difference.quantile[high_level]),
          shares_words(contrast, compared.measure),
          first_words(pair, differences.first_month_of[static_cast<std::size_t>(measure)]),
          reduction_words(contrast.variance_reduction)};
}

std::string differences_text(const ScenarioPair& pair, const Differences& differences, const std::vector<int>& measures,
                             int month) {
  std::vector<TableRow> rows = {{month_text(pair, month), "base", "other", "mean difference (95 % interval)", "ratio",
                                 "5 to 95 % of paths", "higher / lower on", "differs from", "times fewer paths"}};
  for (const int measure : measures) rows.push_back(row_of(pair, differences, measure, month));
  return table_text(rows);
}

std::string first_text(const ScenarioPair& pair, const Differences& differences) {
  const EventResult& first = differences.first_difference;
  if (differences.first_month < 0) return "nothing differs, on any path, in any month\n";
  const int median = first.quantile_month[4];
  return fmt::format("first difference in {}; {} of the paths differ at some point; half of all paths by {}\n",
                     month_text(pair, differences.first_month), percent_words(first.occurs.value),
                     median < 0 ? "-" : month_text(pair, median));
}

std::string left_out_text(const std::vector<std::string>& names, const std::string& where) {
  if (names.empty()) return "";
  std::string text = fmt::format("left out, in {} alone:", where);
  constexpr std::size_t most = 6;
  for (std::size_t k = 0; k < std::min(names.size(), most); ++k) text += " " + names[k];
  if (names.size() > most) text += fmt::format(" and {} more (--json names all)", names.size() - most);
  return text + "\n";
}

std::string pair_text(const ComparisonReport& report, const ScenarioPair& pair, const std::vector<std::string>& names,
                      const std::string& date) {
  const std::vector<int> measures = shown_measures(pair, names);
  const int month = shown_month(pair, pair.months(), date);
  const std::string& base = report.base().label;
  const std::string& other = report.other(pair).label;
  std::string text = fmt::format("\n{} (other) less {} (base)\n", other, base);
  text += first_text(pair, pair.all) + differences_text(pair, pair.all, measures, month);
  if (pair.solved)
    text += fmt::format("Without the {}:\n", count_text(pair.unsolved_paths, "unsolved path")) +
            differences_text(pair, *pair.solved, measures, month);
  return text + left_out_text(pair.only_in_base, base) + left_out_text(pair.only_in_other, other);
}

std::string result_text(const ComparisonReport& report) {
  std::string text;
  for (const CompareInput& input : report.inputs) {
    if (!input.result) continue;
    text += is_walked_again(input, report.options)
                ? fmt::format("walked again {}: every value of every path is that of digest {}\n", input.place,
                              input.result->digest)
                : fmt::format("these are not the paths of {}, so its digest was not checked\n", input.place);
  }
  return text;
}

}  // namespace

std::string comparison_table(const ComparisonReport& report, const std::vector<std::string>& measures,
                             const std::string& date) {
  const Comparison& comparison = report.comparison;
  std::string text = fmt::format("{} from path {}, seed {}, the same draws in each scenario\n",
                                 count_text(comparison.paths, "path"), report.options.first_path, report.options.seed);
  for (const ScenarioPair& pair : comparison.pairs) text += pair_text(report, pair, measures, date);
  text += "\n!            the worse direction, for those who buy compute; see docs/analysis.md\n";
  text += result_text(report);
  return text + fmt::format("took         {} on {}, {}\n", duration_text(comparison.seconds),
                            name_of(comparison.engine.kind),
                            count_text(static_cast<std::uint64_t>(comparison.threads), "thread"));
}

}  // namespace chokepoint
