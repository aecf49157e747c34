#include "one_shot/existence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace chokepoint {

namespace {

constexpr double equal = 1e-12;  ///< two elasticities this close, relative, are taken for one

class Foresight {
 public:
  explicit Foresight(const OneShotMarkets<double>& curves)
      : c_(curves), all_(static_cast<std::size_t>(curves.markets)) {}

  std::vector<Outlook> all() {
    for (int m = 0; m < c_.markets; ++m) outlook(m) = before_demand(m);
    for (int m = 0; m < c_.markets; ++m) {
      if (!is_open(m)) continue;
      if (linear_segment(m) >= 0)
        outlook(m) = of_linear(m);
      else
        outlook(m).reason = price_that_runs_away(m);
    }
    for (int m = 0; m < c_.markets; ++m)
      if (is_open(m) && linear_segment(m) < 0) judge_component(m);
    return all_;
  }

 private:
  Outlook& outlook(int m) { return all_[static_cast<std::size_t>(m)]; }
  bool is_open(int m) const { return all_[static_cast<std::size_t>(m)].status == MarketStatus::unsolved; }

  template <class Test>
  bool any_firm(int m, Test test) const {
    return std::any_of(c_.firm, c_.firm + c_.firms, [&](const auto& firm) { return firm.market == m && test(firm); });
  }

  static bool sells(const FirmCurve<double>& firm) {
    return firm.fixed_quantity >= 0 ? firm.fixed_quantity > 0 : firm.capacity != 0;
  }
  static bool decides(const FirmCurve<double>& firm) { return firm.fixed_quantity < 0; }

  bool has_ceiling(int m) const { return c_.ladder[m].ceiling_begin < no_position; }

  Outlook before_demand(int m) const {
    const bool has_buyers =
        std::any_of(c_.segment, c_.segment + c_.segments, [m](const auto& segment) { return segment.buys[m] != 0; });
    if (c_.segments == 0) return {MarketStatus::shares_only, false, ""};
    if (!has_buyers) return {MarketStatus::no_demand, false, ""};
    const double ceiling = c_.ladder[m].ceiling;
    const auto is_willing = [ceiling](const FirmCurve<double>& firm) {
      return sells(firm) && (!decides(firm) || firm.cost < ceiling || (firm.cost == ceiling && !(firm.slope > 0)));
    };
    if (!any_firm(m, sells)) return {MarketStatus::no_supply, false, ""};
    if (!any_firm(m, is_willing)) return {MarketStatus::unwilling, false, ""};
    return {};
  }

  int linear_segment(int m) const {
    for (int s = 0; s < c_.segments; ++s)
      if (c_.segment[s].is_linear && c_.segment[s].market == m) return s;
    return -1;
  }

  /// Linear demand is finite at a price of 0 (5.39), and nothing at the choke price.
  Outlook of_linear(int m) const {
    const double choke = c_.ladder[m].choke, most = choke / exp2(c_.segment[linear_segment(m)].log2_slope);
    double fixed = 0, for_nothing = 0;
    for (int i = 0; i < c_.firms; ++i) {
      const FirmCurve<double>& firm = c_.firm[i];
      if (firm.market != m) continue;
      if (!decides(firm)) fixed += firm.fixed_quantity;
      if (decides(firm) && firm.cost == 0 && !(firm.slope > 0) && firm.conduct == 0)
        for_nothing += firm.capacity < 0 ? HUGE_VAL : firm.capacity;
    }
    if (fixed > most * (1 + equal))
      return {MarketStatus::impossible, false,
              fmt::format("the fixed quantities, {:g} together, are more than buyers would take for nothing ({:g}); "
                          "allowed: less of them, or more demand",
                          fixed, most)};
    if (fixed + for_nothing >= most * (1 - equal)) return {MarketStatus::cleared, true, ""};
    const auto is_below = [choke](const auto& firm) { return sells(firm) && (!decides(firm) || firm.cost < choke); };
    if (!any_firm(m, is_below)) return {MarketStatus::no_trade, false, ""};
    return {};
  }

  /// Sum of count / conduct over the sellers that a test accepts: the part of demand that they offer, over the
  /// elasticity, as the price rises without end. Infinite with a price-taker or a fixed quantity.
  template <class Test>
  double offered_over_elasticity(int m, Test test) const {
    double sum = 0;
    for (int i = 0; i < c_.firms; ++i) {
      const FirmCurve<double>& firm = c_.firm[i];
      if (firm.market != m || !sells(firm) || !test(firm)) continue;
      if (!decides(firm) || !(firm.conduct > 0)) return HUGE_VAL;
      sum += 1 / firm.conduct;
    }
    return sum;
  }

  /// Least elasticity that the sellers' market power allows, for the price not to rise without end: Theta of (5.36).
  double least_elasticity(int m) const {
    if (has_ceiling(m)) return 0;
    return 1 / offered_over_elasticity(m, [](const auto&) { return true; });
  }

  int choices(int s) const {
    int count = 0;
    for (int m = 0; m < c_.markets; ++m) count += c_.segment[s].buys[m] && is_open(m) ? 1 : 0;
    return count;
  }

  /// Bounds of the own elasticity of demand in a market: sigma - (sigma - elasticity) w, with w between 0 and 1.
  std::pair<double, double> elasticities(int m) const {
    double low = HUGE_VAL, high = 0;
    for (int s = 0; s < c_.segments; ++s) {
      const DemandCurve<double>& segment = c_.segment[s];
      if (!segment.buys[m]) continue;
      low = std::min(low, segment.elasticity);
      high = std::max(high, choices(s) > 1 ? segment.sigma : segment.elasticity);
    }
    return {low, high};
  }

  /// Elasticity of what is left of demand as the price of this market alone rises without end.
  double last_elasticity(int m) const {
    double least = HUGE_VAL;
    for (int s = 0; s < c_.segments; ++s) {
      const DemandCurve<double>& segment = c_.segment[s];
      if (segment.buys[m]) least = std::min(least, choices(s) > 1 ? segment.sigma : segment.elasticity);
    }
    return least;
  }

  /// Up without end, (5.36) and (5.43), or down to 0 (5.38).
  std::string price_that_runs_away(int m) const {
    const auto [low, high] = elasticities(m);
    const auto costs_nothing = [](const auto& firm) {
      return decides(firm) && firm.cost == 0 && !(firm.slope > 0) && firm.capacity < 0;
    };
    const auto costs = [&](const auto& firm) { return !costs_nothing(firm); };
    const double free = offered_over_elasticity(m, costs_nothing), least = least_elasticity(m);
    if (free > 0 && std::abs(high * free - 1) < equal && low == high && !(offered_over_elasticity(m, costs) > 0))
      return "nothing costs anything and market power exactly equals the elasticity, so that every price clears the "
             "market; give the firms a cost";
    if (free > 0 && low * free > 1 - equal)
      return "firms that have neither costs nor a limit offer more than is bought at every price, so that it falls to "
             "0 without end; give them a cost or a capacity";
    if (high <= least * (1 + equal))
      return fmt::format(
          "the elasticity of demand, at most {:g}, is not above {:g}, what the market power of its sellers needs, "
          "1 / sum(count / conduct): selling less pays at every price; allowed: a larger elasticity, more firms, less "
          "conduct, or a price_ceiling",
          high, least);
    const double last = last_elasticity(m);
    if (least >= 1 - equal && last < 1 - equal)
      return fmt::format(
          "the sellers' market power is that of a monopoly (sum(count / conduct) is {:g}, not above 1), and the buyers "
          "that are left as the price rises have an elasticity of {:g}, below 1: what a seller earns grows without end "
          "as it sells less; allowed: elasticities of 1 or more, another seller, less conduct, or a price_ceiling",
          1 / least, last);
    return "";
  }

  /// (5.37): largest value of sum over markets of (sigma - least) w - (sigma - elasticity) w^2 for weights w that sum
  /// to 1.
  double largest_gain(const DemandCurve<double>& segment, const std::vector<int>& markets) const {
    const double bend = segment.sigma - segment.elasticity;
    const auto weight = [&](int m, double level) {
      return segment.buys[m] ? std::max(0.0, (segment.sigma - least_elasticity(m) - level) / (2 * bend)) : 0;
    };
    double low = -1e6, high = 1e6;
    for (int k = 0; k < 200; ++k) {
      const double level = (low + high) / 2;
      double sum = 0;
      for (const int m : markets) sum += weight(m, level);
      (sum > 1 ? low : high) = level;
    }
    double gain = 0;
    for (const int m : markets) {
      const double w = weight(m, (low + high) / 2);
      gain += (segment.sigma - least_elasticity(m)) * w - bend * w * w;
    }
    return gain;
  }

  /// In an equilibrium every market's own elasticity e is above its least one, so that sum D (e - least) is positive;
  /// and that is a sum over segments of what they buy times the gain above.
  bool is_too_concentrated(const std::vector<int>& markets) const {
    bool has_buyers = false;
    for (int s = 0; s < c_.segments; ++s) {
      const DemandCurve<double>& segment = c_.segment[s];
      if (std::none_of(markets.begin(), markets.end(), [&](int m) { return segment.buys[m] != 0; })) continue;
      if (largest_gain(segment, markets) > equal) return single_segment_fails(markets);
      has_buyers = true;
    }
    return has_buyers;
  }

  /// With one segment it is not only the sum: each weight must be below (sigma - least) / (sigma - elasticity).
  bool single_segment_fails(const std::vector<int>& markets) const {
    const DemandCurve<double>* only = nullptr;
    for (int s = 0; s < c_.segments; ++s) {
      if (std::none_of(markets.begin(), markets.end(), [&](int m) { return c_.segment[s].buys[m] != 0; })) continue;
      if (only) return false;
      only = &c_.segment[s];
    }
    if (!only) return false;
    double room = 0;
    for (const int m : markets)
      room += std::clamp((only->sigma - least_elasticity(m)) / (only->sigma - only->elasticity), 0.0, 1.0);
    return room <= 1 + equal;
  }

  /// A market whose price runs away takes along all that it is coupled with.
  void judge_component(int market) {
    const std::vector<int> markets = coupled_with(c_, market, [this](int m) { return is_open(m); });
    std::string reason;
    for (const int m : markets)
      if (reason.empty()) reason = outlook(m).reason;
    if (reason.empty() && markets.size() > 1 && is_too_concentrated(markets))
      reason =
          "what buyers can switch between the markets leaves the elasticity of demand below what the market power of "
          "the sellers needs: selling less pays at every price; allowed: a larger elasticity or sigma, more firms, "
          "less "
          "conduct, or a price_ceiling";
    for (const int m : markets) {
      outlook(m).reason = reason;
      if (!reason.empty()) outlook(m).status = MarketStatus::impossible;
    }
  }

  const OneShotMarkets<double>& c_;
  std::vector<Outlook> all_;
};

}  // namespace

std::vector<int> coupled_with(const OneShotMarkets<double>& curves, int market,
                              const std::function<bool(int)>& is_open) {
  std::vector<int> found = {market};
  for (std::size_t k = 0; k < found.size(); ++k)
    for (int s = 0; s < curves.segments; ++s)
      for (int m = 0; m < curves.markets && curves.segment[s].buys[found[k]]; ++m)
        if (curves.segment[s].buys[m] && is_open(m) && std::count(found.begin(), found.end(), m) == 0)
          found.push_back(m);
  return found;
}

std::vector<Outlook> foresee(const OneShotMarkets<double>& curves) {
  return Foresight(curves).all();
}

}  // namespace chokepoint
