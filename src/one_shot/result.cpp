#include <algorithm>
#include <cmath>
#include <memory>

#include "chokepoint/market/concentration.hpp"
#include "one_shot/lower.hpp"
#include "one_shot/search.hpp"
#include "one_shot/surplus.hpp"

namespace chokepoint {

namespace {

constexpr double rounding = 1e-14;  ///< of an output by its logarithm

using Response = OneShotSystem<double>::Response;

/// Makes the results of a file from its clearing prices.
class Results {
 public:
  Results(const OneShot& one_shot, const OneShotMarkets<double>& curves, const Equilibria& equilibria)
      : o_(one_shot), c_(curves), equilibria_(equilibria), at_(equilibria.prices.at), system_(curves) {
    system_.refine(at_.fine);
    system_.evaluate(at_.position, response_);
  }

  ClearedMarkets all() {
    ClearedMarkets out;
    out.iterations = equilibria_.prices.iterations;
    for (int m = 0; m < c_.markets; ++m) note_residual(m, out);
    for (int i = 0; i < c_.firms; ++i) out.firms.push_back(firm(i));
    for (int m = 0; m < c_.markets; ++m) out.markets.push_back(market(m, out));
    for (int s = 0; s < c_.segments; ++s) out.segments.push_back(segment(s, out));
    out.solved = std::none_of(out.markets.begin(), out.markets.end(), [](const ClearedMarket& market) {
      return market.status == MarketStatus::unsolved || market.status == MarketStatus::impossible;
    });
    add_surplus(out);
    return out;
  }

 private:
  const Outlook& outlook(int m) const { return equilibria_.outlooks[static_cast<std::size_t>(m)]; }
  bool has_price(int m) const { return c_.active[m] > 0.5; }
  bool is_free(int m) const { return outlook(m).is_free; }
  double demand(int m) const { return std::exp2(system_.demand(m).log2_quantity); }

  /// The true conditions: supply is demand, and no firm gains by selling more or less.
  void note_residual(int m, ClearedMarkets& out) {
    double largest = 0;
    if (has_price(m)) largest = clearing_residual(system_, response_, m);
    for (int i = 0; i < c_.firms && has_price(m); ++i)
      if (c_.firm[i].market == m) largest = std::max(largest, misfit(i));
    residual_[m] = largest;
    out.residual = std::max(out.residual, largest);
  }

  /// How far marginal revenue is from marginal cost on the wrong side, relative to the price (5.30).
  double misfit(int i) const {
    const FirmCurve<double>& firm = c_.firm[i];
    if (firm.fixed_quantity >= 0 || firm.capacity == 0) return 0;
    const MarketPlace<double>& place = system_.place(firm.market);
    const double share = system_.share(i), quantity = share * demand(firm.market);
    const double mark_up = firm.conduct * place.conduct_left * share / system_.demand(firm.market).own;
    const double gain = system_.margin(i) - mark_up - (marginal_cost(firm, quantity) - firm.cost) / place.price;
    const bool is_full = firm.capacity >= 0 && quantity >= firm.capacity * (1 - rounding);
    if (is_full) return std::max(0.0, -gain);
    return share > 0 ? std::abs(gain) : std::max(0.0, gain);
  }

  double output(int i) const {
    const FirmCurve<double>& firm = c_.firm[i];
    if (firm.fixed_quantity >= 0) return firm.fixed_quantity;
    if (is_free(firm.market)) return output_for_nothing(firm);
    if (!has_price(firm.market)) return 0;
    const double quantity = std::max(system_.share(i), 0.0) * demand(firm.market);
    return firm.capacity >= 0 && quantity >= firm.capacity * (1 - rounding) ? firm.capacity : quantity;
  }

  /// At a price of 0 those whose units cost nothing share what is wanted in proportion to their capacities.
  double output_for_nothing(const FirmCurve<double>& firm) const {
    double fixed = 0, capacity = 0;
    for (int i = 0; i < c_.firms; ++i) {
      if (c_.firm[i].market != firm.market) continue;
      fixed += std::max(c_.firm[i].fixed_quantity, 0.0);
      capacity += sells_for_nothing(c_.firm[i]) ? c_.firm[i].capacity : 0;
    }
    if (!sells_for_nothing(firm)) return 0;
    return firm.capacity * std::max(demand_for_nothing(firm.market) - fixed, 0.0) / capacity;
  }

  static bool sells_for_nothing(const FirmCurve<double>& firm) {
    return firm.fixed_quantity < 0 && firm.cost == 0 && !(firm.slope > 0) && firm.conduct == 0;
  }

  double demand_for_nothing(int m) const {
    for (int s = 0; s < c_.segments; ++s)
      if (c_.segment[s].is_linear && c_.segment[s].market == m)
        return c_.ladder[m].choke / std::exp2(c_.segment[s].log2_slope);
    return 0;
  }

  ClearedFirm firm(int i) const {
    const FirmCurve<double>& curve = c_.firm[i];
    const auto& source = o_.firms[static_cast<std::size_t>(i)];
    ClearedFirm out;
    out.name = source.name;
    out.owner = source.owner;
    out.market = o_.markets[static_cast<std::size_t>(curve.market)].name;
    out.count = source.count;
    out.quantity = output(i);
    out.decides = curve.fixed_quantity < 0;
    if (!out.decides) return out;
    if (source.capacity && *source.capacity > 0) out.utilisation = out.quantity / *source.capacity;
    out.marginal_cost = marginal_cost(curve, out.quantity);
    if (is_free(curve.market)) out.profit = 0;
    if (!has_price(curve.market)) return out;
    const double price = system_.price(curve.market);
    out.profit = out.quantity > 0 ? profit(curve, price, system_.margin(i), out.quantity) : 0;
    if (out.quantity > 0) out.lerner = system_.margin(i) - (*out.marginal_cost - curve.cost) / price;
    return out;
  }

  ClearedMarket market(int m, ClearedMarkets& all) const {
    ClearedMarket out;
    out.name = o_.markets[static_cast<std::size_t>(m)].name;
    out.status = status(m);
    out.reason = outlook(m).reason;
    out.residual = residual_[m];
    out.other_prices = equilibria_.other_prices[m];
    out.quantity = count_firms(m, all.firms, out);
    count_owners(all, out);
    if (is_free(m)) {
      out.price = out.elasticity = 0;
      out.demand = demand_for_nothing(m);
    }
    if (out.status == MarketStatus::unwilling) out.demand = out.shortage = wanted_at_ceiling(m);
    if (!has_price(m)) return out;
    out.price = system_.price(m);
    out.demand = demand(m);
    out.elasticity = system_.demand(m).own;
    if (out.status == MarketStatus::rationed) add_shortage(m, out);
    out.expenditure = *out.price * out.quantity;
    if (out.capacity && *out.capacity > 0) out.utilisation = out.quantity / *out.capacity;
    return out;
  }

  /// Of a market in which nobody sells at the ceiling, with the other markets as they are.
  double wanted_at_ceiling(int m) const {
    OneShotMarkets<double> curves = c_;
    curves.active[m] = 1;
    OneShotSystem<double> at_ceiling(curves);
    ClearingPositions at = at_;
    at.position[m] = c_.ladder[m].ceiling_begin;
    Response response;
    at_ceiling.evaluate(at.position, response);
    return std::exp2(at_ceiling.demand(m).log2_quantity);
  }

  /// What is wanted at the ceiling, as buyers are rationed elsewhere.
  void add_shortage(int m, ClearedMarket& out) const {
    OneShotSystem<double> at_ceiling(c_);
    ClearingPositions at = at_;
    at.position[m] = c_.ladder[m].ceiling_begin;
    Response response;
    at_ceiling.evaluate(at.position, response);
    out.demand = std::exp2(at_ceiling.demand(m).log2_quantity);
    out.elasticity = at_ceiling.demand(m).own;
    out.shortage = std::max(out.demand - out.quantity, 0.0);
    out.shadow_price = std::exp2(system_.place(m).log2_buyers_price);
  }

  MarketStatus status(int m) const {
    if (outlook(m).status != MarketStatus::unsolved) return outlook(m).status;
    if (!equilibria_.found[m] || !(residual_[m] <= o_.solver.tolerance)) return MarketStatus::unsolved;
    const MarketPlace<double>& place = system_.place(m);
    return place.is_rationed ? MarketStatus::rationed : place.is_capped ? MarketStatus::capped : MarketStatus::cleared;
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
      const std::optional<double>& most = o_.firms[static_cast<std::size_t>(i)].capacity;
      capacity += most.value_or(0);
      all_capped = all_capped && most.has_value();
      all_decide = all_decide && (firm.lerner || (firm.decides && !(firm.quantity > 0)));
    }
    if (all_capped) out.capacity = capacity;
    if (!(supply > 0)) return 0;
    const Concentration<double> measured = concentration<double>(share, count, inverse_count, size);
    out.hhi = measured.hhi;
    std::copy_n(measured.ratio, 5, out.ratio);
    if (all_decide) out.lerner = lerner;
    return supply;
  }

  /// Firms of one owner count as one; a fringe that names no owner as so many owners.
  void count_owners(ClearedMarkets& all, ClearedMarket& out) const {
    const std::size_t begin = all.owners.size();
    double hhi = 0;
    for (const ClearedFirm& firm : all.firms) {
      if (firm.market != out.name) continue;
      const std::string& name = firm.owner.empty() ? firm.name : firm.owner;
      if (!is_owner(name)) hhi += firm.share * firm.share / firm.count;
      auto found = std::find_if(all.owners.begin() + static_cast<std::ptrdiff_t>(begin), all.owners.end(),
                                [&](const ClearedOwner& owner) { return owner.name == name; });
      if (found == all.owners.end()) found = all.owners.insert(found, {name, out.name, 0, 0, 0.0});
      found->quantity += firm.quantity;
      found->share += firm.share;
      found->profit = found->profit && firm.profit ? std::optional(*found->profit + *firm.profit) : std::nullopt;
    }
    for (std::size_t k = begin; k < all.owners.size(); ++k)
      if (is_owner(all.owners[k].name)) hhi += all.owners[k].share * all.owners[k].share;
    if (out.quantity > 0) out.owners_hhi = 10000 * hhi;
  }

  bool is_owner(const std::string& name) const {
    return std::any_of(o_.firms.begin(), o_.firms.end(), [&](const auto& firm) { return firm.owner == name; });
  }

  ClearedSegment segment(int s, const ClearedMarkets& all) const {
    ClearedSegment out;
    out.name = o_.segments[static_cast<std::size_t>(s)].name;
    bool is_served = false;
    for (int m = 0; m < c_.markets; ++m) {
      const ClearedMarket& market = all.markets[static_cast<std::size_t>(m)];
      if (!c_.segment[s].buys[m] || !market.price) continue;
      is_served = true;
      const double got = is_free(m) ? market.demand : std::exp2(system_.log2_bought(s, m));
      out.quantity += got;
      out.expenditure += got * *market.price;
      if (is_free(m)) out.surplus = got * c_.ladder[m].choke / 2;
    }
    if (!is_served) return out;
    out.price_index = out.surplus ? 0 : std::exp2(system_.log2_index(s));
    if (!out.surplus) out.surplus = consumer_surplus(c_, system_, s);
    out.is_infinite = !std::isfinite(*out.surplus);
    if (out.is_infinite) out.surplus.reset();
    return out;
  }

  static void add_surplus(ClearedMarkets& out) {
    for (const ClearedSegment& segment : out.segments) {
      out.surplus_is_infinite = out.surplus_is_infinite || segment.is_infinite;
      if (segment.surplus) out.surplus = out.surplus.value_or(0) + *segment.surplus;
    }
    if (out.surplus_is_infinite) out.surplus.reset();
  }

  const OneShot& o_;
  const OneShotMarkets<double>& c_;
  const Equilibria& equilibria_;
  const ClearingPositions& at_;
  OneShotSystem<double> system_;
  Response response_;
  double residual_[one_shot_markets] = {};
};

}  // namespace

ClearedMarkets clear(const OneShot& one_shot, const CurveSolver& solver) {
  const auto curves = lower(one_shot);
  const Equilibria equilibria = find_equilibria(one_shot, *curves, solver);
  const OneShotMarkets<double> open = with_open_markets(*curves, equilibria.outlooks);
  return Results(one_shot, open, equilibria).all();
}

ClearedMarkets clear(const OneShot& one_shot, EngineKind engine) {
  return clear(one_shot, curve_solver(engine));
}

const char* status_text(MarketStatus status) {
  switch (status) {
    case MarketStatus::cleared:
      return "cleared";
    case MarketStatus::capped:
      return "cleared at the price ceiling";
    case MarketStatus::rationed:
      return "rationed at the price ceiling";
    case MarketStatus::no_trade:
      return "no trade: no cost is below the choke price";
    case MarketStatus::no_supply:
      return "no supply";
    case MarketStatus::unwilling:
      return "no supply: no cost is below the price ceiling";
    case MarketStatus::no_demand:
      return "no demand";
    case MarketStatus::shares_only:
      return "shares only";
    case MarketStatus::impossible:
      return "no equilibrium";
    case MarketStatus::unsolved:
      return "unsolved";
  }
  return "";
}

}  // namespace chokepoint
