#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "output/summary.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

using Row = std::vector<std::string>;

/// Columns as wide as they need to be, the first to the left, the others to the right.
std::string table_text(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k)
      line += k == 0 ? fmt::format("{:<{}}", row[k], widths[k]) : fmt::format("  {:>{}}", row[k], widths[k]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string cell(const Spread& spread) {
  if (std::isnan(spread.median)) return "-";
  const auto number = [](double value) { return number_words(value, std::fabs(value) >= 100 ? 4 : 3); };
  return fmt::format("{} ({} to {})", number(spread.median), number(spread.low), number(spread.high));
}

std::string label(const HeadlineRow& row) {
  std::string name = row.measure + (row.element.empty() ? "" : "[" + row.element + "]");
  if (row.unit != "1") name += " (" + row.unit + ")";
  return name;
}

std::string headline_text(const Summary& summary, const Findings& findings) {
  std::vector<Row> rows = {{"median (5 % to 95 % of paths)", summary.dates[0], summary.dates[1], summary.dates[2]}};
  for (const HeadlineRow& row : findings.rows)
    rows.push_back({label(row), cell(row.at[0]), cell(row.at[1]), cell(row.at[2])});
  return table_text(rows);
}

std::string percent(double share) {
  if (std::isnan(share)) return "-";
  const bool is_rare = share > 0 && share < 0.01;  // then one decimal would hide it
  return is_rare ? number_words(100 * share, 2) + " %" : fmt::format("{:.1f} %", 100 * share);
}

std::string event_text(const Findings& findings) {
  if (findings.events.empty()) return "";
  std::vector<Row> rows = {
      {"event within the horizon", "probability", "95 % interval", "half of paths by", "ends again"}};
  for (const EventSummary& event : findings.events) {
    const std::string recovery =
        std::isnan(event.mean_recovery)
            ? percent(event.recovered)
            : fmt::format("{}, after {:.1f} months", percent(event.recovered), event.mean_recovery);
    rows.push_back({event.name, percent(event.occurs.value),
                    fmt::format("{} to {}", percent(event.occurs.low), percent(event.occurs.high)),
                    event.median_date.empty() ? "-" : event.median_date, recovery});
  }
  return "\n" + table_text(rows);
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
