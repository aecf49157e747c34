#include <algorithm>
#include <cmath>
#include <vector>

#include "chokepoint/one_shot.hpp"
#include "one_shot/lower.hpp"

namespace chokepoint {

namespace {

double trade_cost(const config::OneShotSegment& segment, const std::string& market) {
  const auto found = segment.trade_cost.find(market);
  return found == segment.trade_cost.end() ? 1 : found->second;
}

void lower_weights(const OneShot& one_shot, const config::OneShotSegment& segment, DemandCurve<double>& out) {
  for (std::size_t m = 0; m < one_shot.markets.size(); ++m) {
    const std::string& market = one_shot.markets[m].name;
    out.buys[m] = buys(segment, one_shot, static_cast<int>(m));
    if (!out.buys[m]) continue;
    out.log2_taste[m] = std::log2(segment.weight.empty() ? 1 : segment.weight.at(market));
    out.log2_trade_cost[m] = std::log2(trade_cost(segment, market));
  }
  weigh_markets(out, static_cast<int>(one_shot.markets.size()));
}

void lower_segment(const OneShot& one_shot, const config::OneShotSegment& segment, OneShotMarkets<double>& all,
                   DemandCurve<double>& out) {
  out.is_linear = segment.form == "linear";
  if (out.is_linear) {
    out.market = market_of(one_shot, segment.market);
    out.buys[out.market] = 1;
    out.log2_slope = std::log2(*segment.slope);
    all.ladder[out.market].choke = *segment.intercept;
    return;
  }
  out.elasticity = *segment.elasticity;
  out.sigma = segment.sigma.value_or(out.elasticity + 1);  // with a single market it cancels
  out.log2_quantity = std::log2(*segment.quantity) + out.elasticity * std::log2(segment.price);
  lower_weights(one_shot, segment, out);
}

/// A constant cost that is spread over the capacity is a cost that rises along it in a straight line (5.10).
void lower_firm(const OneShot& one_shot, const config::OneShotFirm& firm, FirmCurve<double>& out) {
  const double spread = firm.slope > 0 || !firm.capacity ? 0 : firm.dispersion.value_or(0);
  const double cost = firm.cost.value_or(0);
  out.market = market_of(one_shot, firm.market);
  out.step = -1;
  out.fixed_quantity = firm.quantity.value_or(-1);
  out.cost = cost * (1 - spread);
  out.slope = spread > 0 ? 2 * spread * cost : firm.slope;
  out.log2_scale = std::log2(spread > 0 && *firm.capacity > 0 ? *firm.capacity : firm.capacity_scale.value_or(1));
  out.exponent = spread > 0 ? 1 : 1 / firm.beta;
  out.capacity = firm.capacity.value_or(-1);
  out.log2_capacity = out.capacity > 0 ? std::log2(out.capacity) : 0;
  out.conduct = firm.conduct / firm.count;
  out.count = firm.count;
}

/// What the buyers of a market want at a price; without limit where they may buy in another too.
double wanted_at(const OneShotMarkets<double>& all, int market, double price) {
  double wanted = 0;
  for (int s = 0; s < all.segments; ++s) {
    const DemandCurve<double>& segment = all.segment[s];
    if (!segment.buys[market]) continue;
    for (int m = 0; m < all.markets; ++m)
      if (m != market && segment.buys[m] > 0) return HUGE_VAL;
    if (segment.is_linear)
      wanted += std::max(all.ladder[market].choke - price, 0.0) * std::exp2(-segment.log2_slope);
    else
      wanted += std::exp2(segment.log2_quantity - segment.elasticity * std::log2(price));
  }
  return wanted;
}

bool takes_price(const FirmCurve<double>& firm) {
  return firm.fixed_quantity < 0 && !(firm.conduct > 0);
}

/// The only price-taker of its cost whose cost rises by less than numbers hold, 2^-60 of itself, over twice all that
/// its buyers want at that cost: it is as good as constant, and no price would say how much the firm sells.
void flatten(OneShotMarkets<double>& all, FirmCurve<double>& firm) {
  if (!takes_price(firm) || firm.capacity == 0) return;
  if (!(firm.slope > 0) || !(firm.exponent > 1) || !(firm.cost > 0)) return;
  const double flat = std::exp2(firm.log2_scale) * std::pow(0x1p-60 * firm.cost / firm.slope, 1 / firm.exponent);
  if (2 * wanted_at(all, firm.market, firm.cost) > flat) return;
  for (int i = 0; i < all.firms; ++i) {
    const FirmCurve<double>& other = all.firm[i];
    if (&other != &firm && other.market == firm.market && takes_price(other) && other.cost == firm.cost) return;
  }
  firm.slope = 0;
  firm.capacity = firm.capacity < 0 ? flat : std::min(firm.capacity, flat);
  firm.log2_capacity = std::log2(firm.capacity);
}

bool may_sell(const FirmCurve<double>& firm) {
  return firm.fixed_quantity >= 0 ? firm.fixed_quantity > 0 : firm.capacity != 0;
}

bool has_constant_cost(const FirmCurve<double>& firm) {
  return firm.fixed_quantity < 0 && !(firm.slope > 0) && firm.capacity != 0;
}

/// Position of a price, without the steps below it.
double rise(const MarketLadder<double>& ladder, double price) {
  return log2(ladder.choke > 0 ? price / (ladder.choke - price) : price);
}

/// Steps of a market at the costs of its price-takers, but those at which it can't sell. What costs nothing is sold in
/// full at any price.
void build_ladder(OneShotMarkets<double>& out, int m, double ceiling, std::int32_t& steps) {
  MarketLadder<double>& ladder = out.ladder[m];
  const double end = ladder.choke > 0 ? ladder.choke : HUGE_VAL;
  std::vector<double> costs;
  for (int i = 0; i < out.firms; ++i) {
    const FirmCurve<double>& firm = out.firm[i];
    if (firm.market != m || !has_constant_cost(firm)) continue;
    if (firm.conduct > 0)
      ladder.fills_at_ceiling = ladder.fills_at_ceiling || firm.cost == ceiling;
    else if (firm.cost > 0 && firm.cost < end && firm.cost <= ceiling)
      costs.push_back(firm.cost);
  }
  std::sort(costs.begin(), costs.end());
  costs.erase(std::unique(costs.begin(), costs.end()), costs.end());
  ladder.first_step = steps;
  double behind = 0;
  for (const double cost : costs) {
    out.step[steps++] = {cost, rise(ladder, cost) + behind};
    behind += step_length;
  }
  ladder.last_step = steps;
  ladder.ceiling = ceiling;
  ladder.ceiling_begin = ceiling < end ? rise(ladder, ceiling) + behind : no_position;
}

void find_step(const OneShotMarkets<double>& out, FirmCurve<double>& firm) {
  const MarketLadder<double>& ladder = out.ladder[firm.market];
  if (!has_constant_cost(firm) || firm.conduct > 0) return;
  for (std::int32_t k = ladder.first_step; k < ladder.last_step; ++k)
    if (out.step[k].cost == firm.cost) firm.step = k;
}

void lower_markets(const OneShot& one_shot, OneShotMarkets<double>& out) {
  std::int32_t steps = 0;
  for (int m = 0; m < out.markets; ++m) {
    build_ladder(out, m, one_shot.markets[static_cast<std::size_t>(m)].price_ceiling.value_or(HUGE_VAL), steps);
    bool has_buyers = false, has_sellers = false;
    for (int s = 0; s < out.segments; ++s) has_buyers = has_buyers || out.segment[s].buys[m];
    for (int i = 0; i < out.firms; ++i) has_sellers = has_sellers || (out.firm[i].market == m && may_sell(out.firm[i]));
    out.active[m] = has_buyers && has_sellers ? 1 : 0;
  }
  for (int i = 0; i < out.firms; ++i) find_step(out, out.firm[i]);
}

}  // namespace

bool buys(const config::OneShotSegment& segment, const OneShot& one_shot, int market) {
  const std::string& name = one_shot.markets[static_cast<std::size_t>(market)].name;
  if (!segment.market.empty()) return segment.market == name;
  if (segment.form == "linear") return market == 0;
  const auto weight = segment.weight.find(name);
  const bool liked = segment.weight.empty() || (weight != segment.weight.end() && weight->second > 0);
  return liked && std::isfinite(trade_cost(segment, name));
}

std::unique_ptr<OneShotMarkets<double>> lower(const OneShot& one_shot) {
  auto out = std::make_unique<OneShotMarkets<double>>();
  out->markets = static_cast<std::int32_t>(one_shot.markets.size());
  out->segments = static_cast<std::int32_t>(one_shot.segments.size());
  out->firms = static_cast<std::int32_t>(one_shot.firms.size());
  for (std::size_t s = 0; s < one_shot.segments.size(); ++s)
    lower_segment(one_shot, one_shot.segments[s], *out, out->segment[s]);
  for (std::size_t i = 0; i < one_shot.firms.size(); ++i) lower_firm(one_shot, one_shot.firms[i], out->firm[i]);
  for (int i = 0; i < out->firms; ++i) flatten(*out, out->firm[i]);
  lower_markets(one_shot, *out);
  return out;
}

}  // namespace chokepoint
