#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output/summary.hpp"
#include "output/text_table.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

using Row = TableRow;

/// "1.38 +-0.01": the farther end of its interval away; the number alone where the paths do not bound it.
std::string with_interval(const BoundedQuantile& quantile) {
  const std::string value = number_words(quantile.value, std::fabs(quantile.value) >= 100 ? 4 : 3);
  const double reach = std::max(quantile.high - quantile.value, quantile.value - quantile.low);
  return std::isnan(quantile.high - quantile.low) ? value : value + " +-" + number_words(reach, 1);
}

std::string cell(const Spread& spread) {
  if (std::isnan(spread.median.value)) return "-";
  return fmt::format("{} ({} to {})", with_interval(spread.median), with_interval(spread.low),
                     with_interval(spread.high));
}

std::string label(const HeadlineRow& row) {
  std::string name = row.measure + (row.element.empty() ? "" : "[" + row.element + "]");
  if (row.unit != "1") name += " (" + row.unit + ")";
  return name;
}

std::string headline_text(const Summary& summary, const Findings& findings) {
  std::vector<Row> rows = {{"median (5 % to 95 % of paths), +- 95 % interval", summary.dates[0], summary.dates[1], summary.dates[2]}};
  for (const HeadlineRow& row : findings.rows)
    rows.push_back({label(row), cell(row.at[0]), cell(row.at[1]), cell(row.at[2])});
  return table_text(rows);
}

/// Lines for the events that not every path decides.
std::string undefined_text(const Findings& findings) {
  std::string text;
  for (const EventSummary& event : findings.events)
    if (event.undefined > 0)
      text += fmt::format("{} is undefined on {} ({}): {} has no value there in a month that would decide it{}\n",
                          event.name, count_text(event.undefined, "path"), percent_words(event.undefined_share),
                          event.measure,
                          std::isnan(event.occurs.value) ? "" : "; the shares are those of the other paths");
  return text;
}

std::string event_text(const Findings& findings) {
  if (findings.events.empty()) return "";
  std::vector<Row> rows = {
      {"event within the horizon", "probability", "95 % interval", "half of paths by", "ends again"}};
  for (const EventSummary& event : findings.events) {
    const std::string recovery =
        std::isnan(event.mean_recovery)
            ? percent_words(event.recovered)
            : fmt::format("{}, after {:.1f} months", percent_words(event.recovered), event.mean_recovery);
    rows.push_back({event.name, percent_words(event.occurs.value),
                    fmt::format("{} to {}", percent_words(event.occurs.low), percent_words(event.occurs.high)),
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
  const bool has_isa = from.run.engine == "simd";
  const std::string threads = from.run.threads > 0 ? ", " + count_text(from.run.threads, "thread") : "";
  text += fmt::format("speed        {} paths/s, {} on {}{}{}\n", count_text(static_cast<std::uint64_t>(from.rate())),
                      duration_text(from.run.seconds), from.run.engine, has_isa ? " " + from.run.instruction_set : "",
                      from.run.devices.empty() ? threads : ", device " + from.run.devices);
  return text;
}

}  // namespace chokepoint
