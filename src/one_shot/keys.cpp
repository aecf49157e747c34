#include "one_shot/parts.hpp"

#include "chokepoint/market/one_shot/system.hpp"

namespace chokepoint {

using namespace config;

namespace {

const Rule optional_name = {.is_name = true};
const Rule positive = {.above_min = true};

const Table& market_keys() {
  static const Table table =
      describe<OneShotMarket>("a market with one price; left out: one called 'market'", {"name"},
                              {
                                  field("name", &OneShotMarket::name, "", {.required = true, .is_name = true},
                                        "how segments and firms refer to it"),
                                  field("price_ceiling", &OneShotMarket::price_ceiling, "", positive,
                                        "highest price allowed; firms then sell up to demand or capacity"),
                              });
  return table;
}

const Table& segment_keys() {
  static const Table table = describe<OneShotSegment>(
      "buyers with one demand curve", {"name"},
      {
          field("name", &OneShotSegment::name, "", optional_name, "how results refer to it"),
          field("form", &OneShotSegment::form, "", {.choices = {"isoelastic", "linear"}},
                "isoelastic: Q = quantity (P / price)^-elasticity, P a CES index over markets; linear: p = intercept - "
                "slope Q"),
          field("market", &OneShotSegment::market, "", optional_name, "the only market in which it buys"),
          field("quantity", &OneShotSegment::quantity, "", positive, "isoelastic: quantity bought at `price`"),
          field("price", &OneShotSegment::price, "", positive, "isoelastic: price at which `quantity` is bought"),
          field("elasticity", &OneShotSegment::elasticity, "1", {.min = 0.05, .max = 100},
                "isoelastic: price elasticity of demand"),
          field("sigma", &OneShotSegment::sigma, "1", {.max = 1e4, .above_min = true},
                "elasticity of substitution between markets; above the elasticity; needed with more than one market"),
          field("weight", &OneShotSegment::weight, "1", {.max = 1e9},
                "CES weight of each market (taste^sigma), 0 where barred; all alike where left out"),
          field("trade_cost", &OneShotSegment::trade_cost, "1", {.min = 1, .max = 1e6, .infinite_word = "barred"},
                "price multiple of buying in a market, or \"barred\"; 1 where left out"),
          field("intercept", &OneShotSegment::intercept, "", positive,
                "linear: choke price, at which nothing is bought"),
          field("slope", &OneShotSegment::slope, "", positive, "linear: fall of the price per unit"),
      });
  return table;
}

const Table& firm_keys() {
  static const Table table = describe<OneShotFirm>(
      "a firm, or a fringe of equal firms, whose quantities are totals", {"name"},
      {
          field("name", &OneShotFirm::name, "", optional_name, "how results refer to it"),
          field("owner", &OneShotFirm::owner, "", optional_name,
                "who owns it, for shares and HHI of owners; itself where left out. Firms of one owner still decide one "
                "by one"),
          field("market", &OneShotFirm::market, "", optional_name, "where it sells; may be left out with one market"),
          field("cost", &OneShotFirm::cost, "", {},
                "marginal cost o of the first unit; marginal cost is o + b (q / K)^(1 / beta)"),
          field("slope", &OneShotFirm::slope, "", {}, "b, rise of the marginal cost up to the output K"),
          field("capacity_scale", &OneShotFirm::capacity_scale, "", positive,
                "K; 1 where left out, but to be given with a capacity"),
          field("beta", &OneShotFirm::beta, "1", {.min = 0.05, .max = 20},
                "shape of the marginal cost: 1 a straight line, above 1 flattening"),
          field("capacity", &OneShotFirm::capacity, "", {}, "most it can sell; no limit where left out"),
          field("conduct", &OneShotFirm::conduct, "1", {.max = 100},
                "theta: 1 Cournot, 0 price-taking; one of `count` firms has its n-th part"),
          field("count", &OneShotFirm::count, "firms", {.min = 1, .max = 1e6}, "number of equal firms"),
          field("quantity", &OneShotFirm::quantity, "", {},
                "sells just this at any price; excludes all that describes a decision"),
          field("dispersion", &OneShotFirm::dispersion, "1", {.max = 0.99},
                "half-width of the spread of a constant cost over the capacity, relative; 0 where left out"),
      });
  return table;
}

const Table& solver_keys() {
  static const Table table = describe<OneShotSolver>(
      "how the markets are solved", {},
      {
          field(
              "tolerance", &OneShotSolver::tolerance, "1", {.min = 1e-13, .max = 1e-2},
              "largest misfit of an answer: of supply and demand, relative, and of marginal revenue and cost over the "
              "price"),
          field("start_price", &OneShotSolver::start_price, "", positive, "price to start from; chosen where left out"),
      });
  return table;
}

}  // namespace

const Table& one_shot_table() {
  static const Table table = describe<OneShot>(
      "a market, or coupled markets, to be cleared once", {},
      {
          field("title", &OneShot::title, "", {}, "one line for people"),
          field("description", &OneShot::description, "", {}, "what the case is and where its figures come from"),
          list_field("market", &OneShot::markets, market_keys(), one_shot_markets),
          list_field("segment", &OneShot::segments, segment_keys(), one_shot_segments),
          list_field("firm", &OneShot::firms, firm_keys(), one_shot_firms),
          table_field("solver", &OneShot::solver, solver_keys()),
      });
  return table;
}

}  // namespace chokepoint
