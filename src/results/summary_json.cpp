#include <fmt/format.h>

#include <cmath>

#include "results/summary.hpp"

namespace chokepoint {
namespace {

Json to_json(const Spread& spread) {
  Json out = {{"mean", spread.mean}, {"standard_error", spread.standard_error}};
  for (const auto& [name, quantile] : {std::pair{"q05", spread.low}, {"median", spread.median}, {"q95", spread.high}}) {
    out[name] = quantile.value;
    out[std::string(name) + "_interval_95"] = {quantile.low, quantile.high};
  }
  out["no_shock"] = spread.no_shock;
  return out;
}

Json to_json(const HeadlineRow& row) {
  return {{"measure", row.measure},      {"element", row.element},    {"unit", row.unit},
          {"start", to_json(row.at[0])}, {"mid", to_json(row.at[1])}, {"end", to_json(row.at[2])}};
}

Json to_json(const ExactStatistic& statistic) {
  Json out = {{"minimum", statistic.smallest}};
  for (std::size_t k = 0; k < quantile_levels.size(); ++k)
    out[fmt::format("q{:02}", std::lround(quantile_levels[k] * 100))] = statistic.quantile[k];
  out["maximum"] = statistic.largest;
  out["defined"] = statistic.defined;
  return out;
}

Json to_json(const ExactRow& row) {
  return {{"measure", row.measure},
          {"unit", row.unit},
          {"start", to_json(row.at[0])},
          {"mid", to_json(row.at[1])},
          {"end", to_json(row.at[2])}};
}

Json to_json(const EventSummary& event) {
  Json by_year = Json::object();
  for (const auto& [month, share] : event.by_year) by_year[month] = share;
  return {{"name", event.name},
          {"title", event.title},
          {"condition", event.condition},
          {"probability", event.occurs.value},
          {"interval_95", {event.occurs.low, event.occurs.high}},
          {"undefined_paths", event.undefined},
          {"undefined_share", event.undefined_share},
          {"share_of_all_paths", {event.at_least, event.at_most}},
          {"median_first_month", event.median_date.empty() ? Json(nullptr) : Json(event.median_date)},
          {"probability_by", by_year},
          {"recovered_share", event.recovered},
          {"mean_months_to_recover", event.mean_recovery}};
}

template <class Element>
Json list_of(const std::vector<Element>& elements) {
  Json list = Json::array();
  for (const Element& element : elements) list.push_back(to_json(element));
  return list;
}

Json to_json(const Provenance& from) {
  const Provenance::Run& run = from.run;
  return {{"version", from.version},
          {"commit", from.commit},
          {"scenario", from.scenario},
          {"config_hash", from.config_hash},
          {"config_text", from.config_text},
          {"seed", from.seed},
          {"first_path", from.first_path},
          {"paths", from.paths},
          {"precision", from.precision},
          {"engine", run.engine},
          {"instruction_set", run.instruction_set},
          {"threads", run.threads},
          {"batch", run.batch},
          {"compiler", run.compiler},
          {"flags", run.flags},
          {"host", run.host},
          {"processor", run.processor},
          {"devices", run.devices},
          {"created", run.created},
          {"seconds", run.seconds},
          {"paths_per_second", from.rate()}};
}

}  // namespace

Json to_json(const Summary& summary) {
  Json out = {{"digest", summary.digest},
              {"paths", summary.paths},
              {"unsolved", summary.unsolved},
              {"unsolved_paths", summary.unsolved_paths},
              {"max_residual", summary.max_residual},
              {"mean_iterations", summary.mean_iterations},
              {"months", summary.months},
              {"title", summary.title},
              {"dates", {{"start", summary.dates[0]}, {"mid", summary.dates[1]}, {"end", summary.dates[2]}}},
              {"headline", list_of(summary.all.rows)},
              {"events", list_of(summary.all.events)}};
  if (!summary.all.exact.empty()) out["exact_quantiles"] = list_of(summary.all.exact);
  if (summary.solved)
    out["without_unsolved"] = {{"paths", summary.paths - summary.unsolved_paths},
                               {"headline", list_of(summary.solved->rows)},
                               {"events", list_of(summary.solved->events)}};
  if (summary.solved && !summary.solved->exact.empty())
    out["without_unsolved"]["exact_quantiles"] = list_of(summary.solved->exact);
  out["provenance"] = to_json(summary.provenance);
  return out;
}

}  // namespace chokepoint
