#include "one_shot/surplus.hpp"

#include <cmath>

namespace chokepoint {

namespace {

/// The part of marginal cost that rises with output.
double rise_of_cost(const FirmCurve<double>& firm, double quantity) {
  if (!(firm.slope > 0) || !(quantity > 0)) return 0;
  return firm.slope * std::pow(quantity / std::exp2(firm.log2_scale), firm.exponent);
}

}  // namespace

double marginal_cost(const FirmCurve<double>& firm, double quantity) {
  return firm.cost + rise_of_cost(firm, quantity);
}

double profit(const FirmCurve<double>& firm, double price, double margin, double quantity) {
  return quantity * (price * margin - rise_of_cost(firm, quantity) / (firm.exponent + 1));
}

double consumer_surplus(const OneShotMarkets<double>& curves, const OneShotSystem<double>& system, int s) {
  const DemandCurve<double>& segment = curves.segment[s];
  double spent = 0, saved = 0, rest = 0;  // at shadow prices; by paying the ceiling instead; linear demand, above them
  for (int m = 0; m < curves.markets; ++m) {
    if (!system.buys(s, m)) continue;
    const MarketPlace<double>& place = system.place(m);
    const double bought = std::exp2(system.log2_bought(s, m));
    spent += bought * std::exp2(place.log2_buyers_price);
    if (place.is_rationed) saved += bought * (std::exp2(place.log2_buyers_price) - place.price);
    rest += bought * place.choke_gap / 2;
  }
  if (segment.is_linear) return rest + saved;
  return segment.elasticity > 1 ? spent / (segment.elasticity - 1) + saved : spent > 0 ? HUGE_VAL : 0;
}

}  // namespace chokepoint
