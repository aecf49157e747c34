#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output/result_names.hpp"
#include "output/text_table.hpp"
#include "output/words.hpp"
#include "results/summary.hpp"
#include "results/write_results.hpp"

namespace chokepoint {
namespace {

using Row = TableRow;

std::string value_words(const BoundedQuantile& quantile) {
  return number_words(quantile.value, std::fabs(quantile.value) >= 100 ? 4 : 3);
}

/// "1.38 (0.91 to 2.59)", and the median alone where all paths agree.
std::string cell(const Spread& spread) {
  if (std::isnan(spread.median.value)) return "-";
  const std::string median = value_words(spread.median);
  if (spread.low.value == spread.high.value) return median;
  return fmt::format("{} ({} to {})", median, value_words(spread.low), value_words(spread.high));
}

/// How far the farther end of a quantile's interval is away, as a share of the quantile; nothing where the paths do not
/// bound it, or it is 0.
double relative_reach(const BoundedQuantile& quantile) {
  const double reach = std::max(quantile.high - quantile.value, quantile.value - quantile.low);
  return std::isnan(quantile.high - quantile.low) || quantile.value == 0 ? 0 : reach / std::fabs(quantile.value);
}

std::string name_of(const HeadlineRow& row) {
  return row.measure + (row.element.empty() ? "" : "[" + row.element + "]");
}

std::string label(const HeadlineRow& row) {
  return name_of(row) + (row.unit == "1" ? "" : " (" + row.unit + ")");
}

/// How sharply so many paths say the figures of the table: the widest of the intervals stands for all.
std::string precision_text(const Summary& summary, const Findings& findings) {
  double widest = 0;
  std::string where;
  for (const HeadlineRow& row : findings.rows)
    for (std::size_t month = 0; month < row.at.size(); ++month)
      for (const BoundedQuantile& quantile : {row.at[month].low, row.at[month].median, row.at[month].high})
        if (const double reach = relative_reach(quantile); reach > widest) {
          widest = reach;
          where = name_of(row) + ", " + summary.dates[month];
        }
  if (where.empty()) return "";
  return fmt::format("95 % intervals reach up to {} from these ({}); see {}\n", percent_words(widest), where,
                     summary_file);
}

std::string headline_text(const Summary& summary, const Findings& findings) {
  std::vector<Row> rows = {{"median (5 % to 95 % of paths)", summary.dates[0], summary.dates[1], summary.dates[2]}};
  for (const HeadlineRow& row : findings.rows)
    rows.push_back({label(row), cell(row.at[0]), cell(row.at[1]), cell(row.at[2])});
  return table_text(rows) + precision_text(summary, findings);
}

/// What shares of the other paths say of all.
std::string of_the_others(const EventSummary& event) {
  if (std::isnan(event.occurs.value)) return "";
  return fmt::format("; shares refer to the other paths; of all paths it occurs on {} to {}",
                     percent_words(event.at_least), percent_words(event.at_most));
}

/// Lines for the events that not every path decides.
std::string undefined_text(const Findings& findings) {
  std::string text;
  for (const EventSummary& event : findings.events)
    if (event.undefined > 0)
      text += fmt::format("{} is undefined on {} ({}): {} has no value there in a month that would decide it{}\n",
                          event.name, count_text(event.undefined, "path"), percent_words(event.undefined_share),
                          event.measure, of_the_others(event));
  return text;
}

std::string event_text(const Findings& findings) {
  if (findings.events.empty()) return "";
  std::vector<Row> rows = {{"event within the horizon", "probability", "95 % interval", "half by", "ends again"}};
  for (const EventSummary& event : findings.events) {
    const std::string recovery =
        std::isnan(event.mean_recovery)
            ? percent_words(event.recovered)
            : fmt::format("{}, after {:.1f} months", percent_words(event.recovered), event.mean_recovery);
    const std::string interval =
        std::isnan(event.occurs.value)
            ? "-"
            : fmt::format("{} to {}", percent_words(event.occurs.low), percent_words(event.occurs.high));
    rows.push_back({event.name, percent_words(event.occurs.value), interval,
                    event.median_date.empty() ? "-" : event.median_date, recovery});
  }
  return "\n" + table_text(rows) + undefined_text(findings);
}

std::string solver_text(const Summary& summary) {
  const std::uint64_t steps = summary.paths * static_cast<std::uint64_t>(summary.months);
  const std::string residual =
      fmt::format("largest residual {:.2g}, {:.2f} iterations a month", summary.max_residual, summary.mean_iterations);
  if (summary.unsolved == 0) return fmt::format("solved       all {} path-months; {}\n", count_text(steps), residual);
  return fmt::format("UNSOLVED     {} of {} path-months, on {}; {}\n", count_text(summary.unsolved), count_text(steps),
                     count_text(summary.unsolved_paths, "path"), residual);
}

}  // namespace

std::string summary_text(const Summary& summary) {
  const Provenance& from = summary.provenance;
  std::string text = fmt::format(
      "{}: {} from path {}, {} from {}, seed {}\n\n", from.scenario, count_text(summary.paths, "path"), from.first_path,
      count_text(static_cast<std::uint64_t>(summary.months), "month"), summary.dates[0], from.seed);
  text += headline_text(summary, summary.all) + event_text(summary.all) + "\n";
  if (summary.solved)
    text += fmt::format("Without the {}:\n", count_text(summary.unsolved_paths, "unsolved path")) +
            headline_text(summary, *summary.solved) + event_text(*summary.solved) + "\n";
  text += solver_text(summary);
  text += fmt::format("digest       {}\n", summary.digest);
  const std::string threads = from.run.threads > 0 ? ", " + count_text(from.run.threads, "thread") : "";
  text += fmt::format("speed        {} paths/s, {} on {}{}{}\n", count_text(static_cast<std::uint64_t>(from.rate())),
                      duration_text(from.run.seconds), from.run.engine,
                      from.run.devices.empty() ? " " + from.run.instruction_set : "",
                      from.run.devices.empty() ? threads : ", device " + from.run.devices);
  return text;
}

}  // namespace chokepoint
