#include <algorithm>
#include <cmath>
#include <memory>

#include "chokepoint/market/concentration.hpp"
#include "commands/clear_solve.hpp"

namespace chokepoint {

namespace {

/// Makes the results of a file from its clearing prices.
class Results {
 public:
  Results(const OneShot& one_shot, const OneShotMarkets<double>& curves, const ClearingPrices& prices)
      : o_(one_shot), c_(curves), prices_(prices), system_(curves) {
    system_.evaluate(prices.log2_price, response_);
  }

  ClearedMarkets all() {
    ClearedMarkets out;
    out.solved = prices_.solved;
    out.iterations = prices_.iterations;
    out.residual = prices_.residual;
    for (int i = 0; i < c_.firms; ++i) out.firms.push_back(firm(i));
    for (int m = 0; m < c_.markets; ++m) out.markets.push_back(market(m, out.firms));
    for (int s = 0; s < c_.segments; ++s) out.segments.push_back(segment(s, out.markets));
    return out;
  }

 private:
  bool has_price(int m) const { return c_.active[m] > 0.5; }
  double price(int m) const { return exp2(prices_.log2_price[m]); }

  /// Without buyers a firm of fixed quantity still has its quantity.
  double output(int i) const {
    const FirmCurve<double>& firm = c_.firm[i];
    if (!has_price(firm.market)) return std::max(firm.fixed_quantity, 0.0);
    return system_.output(i, prices_.log2_price);
  }

  /// Cost of the last unit sold. A spread of costs counts if the file asked for it: the one that a price-taker has by
  /// default is a device of the solver.
  double marginal_cost(int i, double quantity) const {
    const FirmCurve<double>& firm = c_.firm[i];
    if (firm.slope > 0) return firm.cost + firm.slope * power_of(quantity / firm.scale, firm.exponent);
    const double spread = o_.firms[static_cast<std::size_t>(i)].dispersion.value_or(0);
    if (!firm.has_capacity || !(firm.capacity > 0)) return firm.cost;
    return firm.cost * (1 + spread * (2 * quantity / firm.capacity - 1));
  }

  ClearedFirm firm(int i) const {
    const FirmCurve<double>& curve = c_.firm[i];
    const auto& source = o_.firms[static_cast<std::size_t>(i)];
    ClearedFirm out{
        source.name, o_.markets[static_cast<std::size_t>(curve.market)].name, source.count, output(i), 0, {}, {}, {}};
    if (curve.fixed_quantity >= 0) return out;
    if (curve.has_capacity && curve.capacity > 0) out.utilisation = out.quantity / curve.capacity;
    out.marginal_cost = marginal_cost(i, out.quantity);
    if (has_price(curve.market)) out.lerner = 1 - *out.marginal_cost / price(curve.market);
    return out;
  }

  ClearedMarket market(int m, std::vector<ClearedFirm>& firms) const {
    ClearedMarket out;
    out.name = o_.markets[static_cast<std::size_t>(m)].name;
    const double supply = count_firms(m, firms, out);
    out.status = status(m);
    out.quantity = supply;
    if (!has_price(m)) return out;
    out.demand = system_.demand(m).quantity;
    out.residual = response_.residual[m];
    if (out.status == MarketStatus::no_trade) return without_trade(out);
    out.price = price(m);
    out.elasticity = system_.demand(m).own;
    if (out.status == MarketStatus::rationed) out.shortage = out.demand - supply;
    out.expenditure = *out.price * out.quantity;
    if (out.capacity && *out.capacity > 0) out.utilisation = out.quantity / *out.capacity;
    return out;
  }

  static ClearedMarket without_trade(ClearedMarket out) {
    out.demand = out.quantity = out.residual = 0;
    return out;
  }

  MarketStatus status(int m) const {
    if (!has_price(m)) return has_buyers(m) ? MarketStatus::no_supply : MarketStatus::no_demand;
    if (!prices_.solved) return MarketStatus::unsolved;
    const bool short_of_supply =
        prices_.log2_price[m] >= c_.log2_ceiling[m] && response_.residual[m] < -o_.solver.tolerance;
    if (!short_of_supply) return MarketStatus::cleared;
    const auto& ceiling = o_.markets[static_cast<std::size_t>(m)].price_ceiling;
    const bool at_ceiling = ceiling && prices_.log2_price[m] >= std::log2(*ceiling);
    return at_ceiling ? MarketStatus::rationed : MarketStatus::no_trade;
  }

  bool has_buyers(int m) const {
    return std::any_of(c_.segment, c_.segment + c_.segments, [m](const auto& segment) { return segment.buys[m] != 0; });
  }

  /// Shares and what is made of them; returns the market's output.
  double count_firms(int m, std::vector<ClearedFirm>& firms, ClearedMarket& out) const {
    double share[one_shot_firms], count[one_shot_firms], inverse_count[one_shot_firms];
    double supply = 0, capacity = 0, lerner = 0;
    bool all_capped = true, all_decide = true;
    for (int i = 0; i < c_.firms; ++i)
      if (c_.firm[i].market == m) supply += firms[static_cast<std::size_t>(i)].quantity;
    int size = 0;
    for (int i = 0; i < c_.firms; ++i) {
      if (c_.firm[i].market != m) continue;
      ClearedFirm& firm = firms[static_cast<std::size_t>(i)];
      firm.share = supply > 0 ? firm.quantity / supply : 0;
      share[size] = firm.share;
      count[size] = firm.count;
      inverse_count[size++] = 1.0 / firm.count;
      lerner += firm.share * firm.lerner.value_or(0);
      capacity += c_.firm[i].capacity;
      all_capped = all_capped && c_.firm[i].has_capacity;
      all_decide = all_decide && firm.lerner.has_value();
    }
    if (all_capped) out.capacity = capacity;
    if (!(supply > 0)) return 0;
    const Concentration<double> measured = concentration<double>(share, count, inverse_count, size);
    out.hhi = measured.hhi;
    std::copy_n(measured.ratio, 5, out.ratio);
    if (all_decide) out.lerner = lerner;
    return supply;
  }

  ClearedSegment segment(int s, const std::vector<ClearedMarket>& markets) const {
    ClearedSegment out;
    out.name = o_.segments[static_cast<std::size_t>(s)].name;
    double weight = 0;
    for (int m = 0; m < c_.markets; ++m) {
      const ClearedMarket& market = markets[static_cast<std::size_t>(m)];
      if (!c_.segment[s].buys[m] || !market.price) continue;
      const double got = system_.bought(s, m) * std::min(1.0, market.quantity / market.demand);
      out.quantity += got;
      out.expenditure += got * *market.price;
      weight += system_.bought(s, m);
    }
    if (weight > 0) out.price_index = exp2(system_.log2_index(s));
    return out;
  }

  const OneShot& o_;
  const OneShotMarkets<double>& c_;
  const ClearingPrices& prices_;
  OneShotSystem<double> system_;
  OneShotSystem<double>::Response response_;
};

}  // namespace

ClearedMarkets clear(const OneShot& one_shot, const OneShotSolver& solver) {
  const auto curves = lower(one_shot);
  const ClearingPrices prices =
      find_prices(*curves, one_shot.solver.tolerance, one_shot.solver.start_price.value_or(0), solver);
  return Results(one_shot, *curves, prices).all();
}

const char* status_text(MarketStatus status) {
  switch (status) {
    case MarketStatus::cleared:
      return "cleared";
    case MarketStatus::rationed:
      return "rationed at the price ceiling";
    case MarketStatus::no_trade:
      return "no trade: every cost is above the choke price";
    case MarketStatus::no_supply:
      return "no supply";
    case MarketStatus::no_demand:
      return "no demand";
    case MarketStatus::unsolved:
      return "unsolved";
  }
  return "";
}

}  // namespace chokepoint
