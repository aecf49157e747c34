#include "scenario/keys.hpp"

namespace chokepoint {

using namespace config;

namespace {

constexpr double token_limit = 1e9;

std::vector<Field> demand_fields() {
  return {
      field("name", &Segment::name, "", name_rule, "how other tables refer to it"),
      field("title", &Segment::title, "", {}, "one line for people"),
      field("kind", &Segment::kind, "", {.is_name = true},
            "what sort of users they are, such as lab, enterprise or individual; a label"),
      field("home", &Segment::home, "", {.required = true, .refers = Refers::region}, "region in which the users are"),
      field("demand_kh100e", &Segment::demand_kh100e, "kH100e", {.max = 1e7, .above_min = true, .required = true},
            "compute in use at the reference price at the start"),
      field("reference_price_usd", &Segment::reference_price_usd, "USD per H100e-hour", {.min = 1e-3, .max = 1e4},
            "reference price"),
      field("elasticity", &Segment::elasticity, "1", {.min = 0.05, .max = 20},
            "price elasticity of demand; above 1, cheaper tokens raise the compute used"),
      field("growth_per_year", &Segment::growth, &Growth::per_year, "1/year", growth_rule,
            "growth of demand a year, as a share"),
      field("growth_half_life_months", &Segment::growth, &Growth::half_life_months, "months", half_life_rule,
            "half-life of the growth's excess over its long-run rate; 0: no decay"),
      field("growth_long_run_per_year", &Segment::growth, &Growth::long_run_per_year, "1/year", growth_rule,
            "growth in the long run"),
      field("volatility", &Segment::volatility, "1", volatility_rule, "standard deviation of the monthly log change"),
      field("common_share", &Segment::common_share, "1", share_rule,
            "share of that variance that all segments have in common"),
      field("taste", &Segment::taste, "1", {.max = 100, .refers = Refers::chip},
            "preference for an H100e-hour of each chip class; 1 where left out, 0: can't use it"),
      field("trade_cost", &Segment::trade_cost, "1",
            {.min = 1, .max = 100, .refers = Refers::region, .infinite_word = "barred"},
            "price multiple of renting in a region, or \"barred\"; the home region costs 1, others are barred where "
            "left out"),
  };
}

std::vector<Field> downstream_fields() {
  return {
      field("tokens_per_h100e_hour", &Segment::tokens_per_h100e_hour, "tokens", {.min = 1, .max = 1e12},
            "tokens that an hour makes at the start"),
      field("discount", &Segment::discount, "1", {.max = 0.95}, "discount on the list price"),
      field("cloud_conduct", &Segment::cloud_conduct, "1", {.max = 10},
            "conduct theta of the cloud layer; under the elasticity"),
      field("application_conduct", &Segment::application_conduct, "1", {.max = 10},
            "conduct theta of the application layer; under the elasticity"),
      field("tightness", &Segment::tightness, "1", {.max = 10}, "how far scarcity raises the conduct of both layers"),
      field("fixed_cost_share", &Segment::fixed_cost_share, "1", {.max = 0.95},
            "share of the application's cost that is not compute, at the start"),
      field("tokens_per_user_million", &Segment::tokens_per_user_million, "million tokens/month", {.max = token_limit},
            "use of one user"),
      field("allowance_million", &Segment::allowance_million, "million tokens/month", {.max = token_limit},
            "free tokens of one user at the start"),
      field("allowance_response", &Segment::allowance_response, "1", {.max = 20},
            "how fast the allowance shrinks as the token price rises"),
      field("base_fee_usd", &Segment::base_fee_usd, "USD/month", {.max = 1e6}, "fee of one user"),
      field("willingness_multiple", &Segment::willingness_multiple, "1", {.min = 1e-3, .max = 1e6},
            "token price that half of the users still accept, as a multiple of the start"),
      field("willingness_slope", &Segment::willingness_slope, "1", {.max = 50},
            "steepness of the logistic share priced out; higher: users are more alike"),
  };
}

}  // namespace

const Table& segment_table() {
  static const Table table = [] {
    std::vector<Field> fields = demand_fields();
    for (Field& field : downstream_fields()) fields.push_back(std::move(field));
    return describe<Segment>("users with one home, one price elasticity and one way to pay", {"name"},
                             std::move(fields));
  }();
  return table;
}

const Table& application_table() {
  static const Table table = describe<Application>(
      "an AI application, whose margin per user is a result", {},
      {
          field("segment", &Application::segment, "", {.refers = Refers::segment},
                "segment whose token price it pays; left out: the first"),
          field("paid_share", &Application::paid_share, "1", share_rule, "share of users who pay"),
          field("arpu_usd", &Application::arpu_usd, "USD/month", {.max = 1e6}, "revenue per paying user"),
          field("tokens_per_user_million", &Application::tokens_per_user_million, "million tokens/month",
                {.max = token_limit}, "use of one user"),
          field("token_price_usd_per_million", &Application::token_price_usd_per_million, "USD per million tokens",
                {.max = 1e6}, "token price at the start"),
      });
  return table;
}

}  // namespace chokepoint
