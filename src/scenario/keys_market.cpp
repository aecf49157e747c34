#include "scenario/keys.hpp"

#include "chokepoint/market/limits.hpp"

namespace chokepoint {

using namespace config;

const Table& sentiment_table() {
  static const Table table = describe<Sentiment>(
      "the two-state chain of sentiment about AI: boom and reversal", {},
      {
          field("start", &Sentiment::start, "", {.choices = {"boom", "reversal"}}, "state at the start"),
          field("to_reversal_per_year", &Sentiment::to_reversal_per_year, "1/year", arrival_rule,
                "rate of turning to reversal"),
          field("to_boom_per_year", &Sentiment::to_boom_per_year, "1/year", arrival_rule,
                "rate of turning back to boom"),
          field("reversal_demand_drift_per_year", &Sentiment::reversal_demand_drift_per_year, "log/year",
                {.min = -5, .max = 0}, "added to the growth of the logarithm of demand in a reversal"),
          field("reversal_capex", &Sentiment::reversal_capex, "1", share_rule,
                "factor on capital spending in a reversal, times 1 - leverage of the provider"),
      });
  return table;
}

const Table& efficiency_table() {
  static const Table table = describe<Efficiency>(
      "tokens per H100e-hour, as a multiple of the start", {},
      {
          field("growth_per_year", &Efficiency::growth, &Growth::per_year, "1/year", {.min = -0.9, .max = 50},
                "growth a year as a share: 1 doubles the tokens of an hour"),
          field("growth_half_life_months", &Efficiency::growth, &Growth::half_life_months, "months", half_life_rule,
                "half-life of the growth's excess over its long-run rate; 0: no decay"),
          field("growth_long_run_per_year", &Efficiency::growth, &Growth::long_run_per_year, "1/year", growth_rule,
                "growth in the long run"),
          field("volatility", &Efficiency::volatility, "1", volatility_rule,
                "standard deviation of the monthly log change"),
          field("jumps_per_year", &Efficiency::jumps_per_year, "1/year", arrival_rule, "arrivals of a jump"),
          field("jump_factor", &Efficiency::jump_factor, "1", {.max = 1000, .above_min = true},
                "[least, largest] factor of a jump; its logarithm is uniform in between"),
      });
  return table;
}

const Table& market_table() {
  static const Table table = describe<Market>(
      "the rental market and its solver", {},
      {
          field("sigma", &Market::sigma, "1", {.max = 20, .above_min = true},
                "elasticity of substitution between rental markets; above every segment's elasticity"),
          field("kink", &Market::kink, "1", {.min = 1e-4, .max = 0.5},
                "half-width over which supply's kinks at zero and at capacity are rounded"),
          field(
              "tolerance", &Market::tolerance, "1", {.min = 1e-6, .max = 1e-2},
              "largest |supply / demand - 1| of a solved market in single precision; double precision solves to 1e-10"),
          field("start_price_usd", &Market::start_price_usd, "USD per H100e-hour", {.min = 1e-3, .max = 1e4},
                "rental price from which the first month is solved"),
          field("empty_capacity_kh100e", &Market::empty_capacity_kh100e, "kH100e", {.min = 1e-9, .max = 100},
                "capacity under which a market counts as empty and has no price"),
          field("newton_limit", &Market::newton_limit, "iterations", {.min = 1, .max = max_iterations},
                "most iterations of the solver in a month"),
          field("sweep_limit", &Market::sweep_limit, "iterations", {.min = 0, .max = 1000},
                "most sweeps of the fall-back after that"),
          field("pool_steer", &Market::pool_steer, "1", {.max = 10},
                "how strongly a vendor steers a fab pool to the chips with most revenue per wafer"),
      });
  return table;
}

const Table& finance_table() {
  static const Table table = describe<Finance>(
      "cash, exit and investment of providers", {},
      {
          field("fixed_capital_share", &Finance::fixed_capital_share, "1", share_rule,
                "share of the capital charge that is due whether chips are rented or not"),
          field("transfer_share", &Finance::transfer_share, "1", share_rule,
                "share of a leaver's fleet that survivors take over"),
          field("expected_decline", &Finance::expected_decline, "1", {.max = 2},
                "factor on today's rental price in the margin that an investor expects over a chip's life"),
          field("class_choice", &Finance::class_choice, "1", {.max = 20},
                "sharpness of the choice between chip classes by their q (lifetime margin over cost)"),
          field("q_exponent", &Finance::q_exponent, "1", {.max = 5}, "response of spending to q"),
          field("q_min", &Finance::q_min, "1", {.min = 1e-3, .max = 1}, "least q that spending responds to"),
          field("q_max", &Finance::q_max, "1", {.min = 1, .max = 10}, "largest q that spending responds to"),
          field("demand_exponent", &Finance::demand_exponent, "1", {.max = 2},
                "response of spending to the growth of demand"),
          field("arms_race", &Finance::arms_race, "1", {.max = 5},
                "exponent of spending on the growth of rivals' fleets relative to its own"),
          field("arms_race_max", &Finance::arms_race_max, "1", {.min = 1, .max = 10},
                "largest factor of the arms race"),
      });
  return table;
}

const Table& event_table() {
  static const Table table = describe<Event>(
      "a condition on one measure whose first month on each path is a result", {"name"},
      {
          field("name", &Event::name, "", name_rule, "how outputs refer to it"),
          field("title", &Event::title, "", {}, "one line for people"),
          field(
              "measure", &Event::measure, "", {.required = true, .refers = Refers::measure},
              "a measure with its element in brackets: \"hhi_fleet\", \"utilisation[us]\", \"rental_price[cn,h200]\""),
          field("above", &Event::above, "", {.min = -no_limit},
                "the event holds while the measure is above this; or give `below`"),
          field("below", &Event::below, "", {.min = -no_limit},
                "the event holds while the measure is below this; or give `above`"),
          field("relative", &Event::relative, "", {},
                "whether the threshold is a multiple of the measure's value at month 0"),
      });
  return table;
}

}  // namespace chokepoint
