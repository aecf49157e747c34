#include <algorithm>
#include <cmath>

#include "scenario/one_shot.hpp"

namespace chokepoint {

namespace {

constexpr double price_taker_dispersion = 1e-6;  ///< turns the step of a price-taker's supply into a steep slope

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

void lower_segment(const OneShot& one_shot, const config::OneShotSegment& segment, DemandCurve<double>& out) {
  out.is_linear = segment.form == "linear";
  if (out.is_linear) {
    out.market = market_of(one_shot, segment.market);
    out.buys[out.market] = 1;
    out.choke = *segment.intercept;
    out.slope = *segment.slope;
    return;
  }
  out.elasticity = *segment.elasticity;
  out.sigma = segment.sigma.value_or(out.elasticity + 1);  // with a single market it cancels
  out.log2_quantity = std::log2(*segment.quantity) + out.elasticity * std::log2(segment.price);
  lower_weights(one_shot, segment, out);
}

void lower_firm(const OneShot& one_shot, const config::OneShotFirm& firm, FirmCurve<double>& out) {
  out.market = market_of(one_shot, firm.market);
  out.fixed_quantity = firm.quantity.value_or(-1);
  out.cost = firm.cost.value_or(0);
  out.slope = firm.slope;
  out.exponent = 1 / firm.beta;
  out.has_capacity = firm.capacity.has_value();
  out.capacity = firm.capacity.value_or(0);
  out.scale = firm.capacity_scale.value_or(out.capacity > 0 ? out.capacity : 1);
  out.conduct = firm.conduct / firm.count;
  out.dispersion = firm.dispersion.value_or(firm.conduct > 0 ? 0 : price_taker_dispersion);
}

bool may_sell(const FirmCurve<double>& firm) {
  if (firm.fixed_quantity >= 0) return firm.fixed_quantity > 0;
  return !firm.has_capacity || firm.capacity > 0;
}

/// A price for buyers that choke is kept just under the price at which they do, where demand is still a number.
void lower_markets(const OneShot& one_shot, OneShotMarkets<double>& out) {
  for (int m = 0; m < out.markets; ++m) {
    const auto& ceiling = one_shot.markets[static_cast<std::size_t>(m)].price_ceiling;
    out.log2_ceiling[m] = ceiling ? std::log2(*ceiling) : log2_no_ceiling;
    bool has_buyers = false, has_sellers = false;
    for (int s = 0; s < out.segments; ++s) {
      const DemandCurve<double>& segment = out.segment[s];
      has_buyers = has_buyers || segment.buys[m];
      if (segment.is_linear && segment.market == m)
        out.log2_ceiling[m] = std::min(out.log2_ceiling[m], std::log2(segment.choke * (1 - 1e-12)));
    }
    for (int i = 0; i < out.firms; ++i) has_sellers = has_sellers || (out.firm[i].market == m && may_sell(out.firm[i]));
    out.active[m] = has_buyers && has_sellers ? 1 : 0;
  }
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
  out->kink = one_shot.solver.kink;
  for (std::size_t s = 0; s < one_shot.segments.size(); ++s)
    lower_segment(one_shot, one_shot.segments[s], out->segment[s]);
  for (std::size_t i = 0; i < one_shot.firms.size(); ++i) lower_firm(one_shot, one_shot.firms[i], out->firm[i]);
  lower_markets(one_shot, *out);
  return out;
}

}  // namespace chokepoint
