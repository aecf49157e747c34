#include "scenario/keys.hpp"

#include "chokepoint/market/limits.hpp"

namespace chokepoint {

using namespace config;

namespace {

Field row_field(std::string name, std::size_t regime) {
  const std::string help = "monthly probabilities of open, window, quota, ban, from " + name +
                           "; may be left out where no other row leads there: stays";
  return {std::move(name), "1", {.max = 1}, help, [regime](void* object) {
            return Slot{&static_cast<Transition*>(object)->from[regime]};
          }};
}

const Table& transition_table() {
  static const Table table = describe<Transition>("the monthly chain of the export regime", {},
                                                  {
                                                      row_field("open", regime_open),
                                                      row_field("window", regime_window),
                                                      row_field("quota", regime_quota),
                                                      row_field("ban", regime_ban),
                                                  });
  return table;
}

const Table& surcharge_table() {
  static const Rule rule = {.max = 10};
  static const Table table =
      describe<Surcharge>("levy on exported chips by regime, as a share of the chip price", {},
                          {
                              field("open", &Surcharge::open, "1", rule, "while open"),
                              field("window", &Surcharge::window, "1", rule, "in a licensed window"),
                              field("quota", &Surcharge::quota, "1", rule, "under a quota"),
                          });
  return table;
}

const Table& schedule_table() {
  static const Table table =
      describe<ScheduledRegime>("a month in which the regime is set; the chain goes on from there", {"date"},
                                {
                                    field("date", &ScheduledRegime::date, "", {.required = true}, "month"),
                                    field("regime", &ScheduledRegime::regime, "",
                                          {.required = true, .choices = regime_words()}, "regime from then on"),
                                });
  return table;
}

}  // namespace

const Table& export_class_table() {
  static const Table table =
      describe<ExportClass>("chips that export rules treat alike", {"name"},
                            {
                                field("name", &ExportClass::name, "", name_rule, "how other tables refer to it"),
                                field("title", &ExportClass::title, "", {}, "one line for people"),
                            });
  return table;
}

const Table& export_table() {
  static const Table table = describe<Export>(
      "export rules of one class towards one region; a pair left out is open for ever", {"class", "region"},
      {
          field("class", &Export::export_class, "", {.required = true, .refers = Refers::export_class}, "export class"),
          field("region", &Export::region, "", {.required = true, .refers = Refers::region}, "destination"),
          field("start", &Export::start, "", {.choices = regime_words()}, "regime at the start"),
          table_field("transition", &Export::transition, transition_table()),
          field("quota_thousand_per_month", &Export::quota_thousand_per_month, "thousand chips/month", {.max = 1e6},
                "what a quota lets through"),
          table_field("surcharge", &Export::surcharge, surcharge_table()),
          field("leak_share", &Export::leak_share, "1", share_rule,
                "share of the stopped chips that arrives through grey channels"),
          field("grey_premium", &Export::grey_premium, "1", {.max = 10},
                "premium of grey channels, as a share of the chip price"),
          field("stockpile", &Export::stockpile, "1", {.min = 1, .max = 20},
                "multiple of orders while a window is open"),
          list_field("schedule", &Export::schedule, schedule_table(), max_months),
      });
  return table;
}

}  // namespace chokepoint
