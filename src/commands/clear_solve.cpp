#include "commands/clear_solve.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace chokepoint {

namespace {

constexpr double price_rounding = 2e-15;  ///< relative error of a price and of the powers made from it

constexpr double negligible = 1e-12;  ///< part of its buyers' purchases under which a market counts as idle

using Prices = std::array<double, one_shot_markets>;

Prices copy_of(const double* log2_price) {
  Prices out;
  std::copy_n(log2_price, one_shot_markets, out.begin());
  return out;
}

/// Lowest marginal cost in a market, or nothing without a firm that decides.
std::optional<double> lowest_cost(const OneShotMarkets<double>& curves, int market) {
  std::optional<double> lowest;
  for (int i = 0; i < curves.firms; ++i) {
    const FirmCurve<double>& firm = curves.firm[i];
    if (firm.market == market && firm.fixed_quantity < 0) lowest = std::min(lowest.value_or(firm.cost), firm.cost);
  }
  return lowest;
}

/// Calls of the shared solver on one set of curves.
class Solver {
 public:
  Solver(const OneShotMarkets<double>& curves, double tolerance, const OneShotSolver& solve)
      : curves_(curves), tolerance_(tolerance), solve_(solve) {}

  /// Full Newton steps first, damped ones next. A kink that steps cross for ever is found by the sweeps; they tell
  /// prices apart to 6e-8 only, and Newton's method finishes from there.
  bool attempt(double* log2_price, int sweeps) {
    for (const int steps : {8, 8, 60})
      if (run(log2_price, steps, 0)) return true;
    if (sweeps == 0) return false;
    for (const int steps : {0, 8, 60})
      if (run(log2_price, steps, steps == 0 ? sweeps : 0)) return true;
    return false;
  }

  int iterations = 0;
  double residual = 0;

 private:
  bool run(double* log2_price, int steps, int sweeps) {
    OneShotSystem<double>::Response response;
    const Prices before = copy_of(log2_price);
    const Solution<double> solution = solve_(curves_, {tolerance_, steps, sweeps}, log2_price, response);
    iterations += static_cast<int>(solution.iterations);
    residual = solution.residual;
    if (is_lost(log2_price)) return std::copy(before.begin(), before.end(), log2_price), false;
    return (solution.solved || is_rounding(log2_price, response)) && !ran_away(log2_price);
  }

  /// Steps of markets that sell all but nothing can overflow.
  bool is_lost(const double* log2_price) const {
    return std::any_of(log2_price, log2_price + curves_.markets, [](double price) { return !std::isfinite(price); });
  }

  /// The solver takes a market at its ceiling for rationed; where there is none, its price has run away.
  bool ran_away(const double* log2_price) const {
    for (int m = 0; m < curves_.markets; ++m)
      if (curves_.active[m] > 0.5 && log2_price[m] >= log2_no_ceiling) return true;
    return false;
  }

  /// Whether what is left is what the last places of the prices make, as supply or demand is steep.
  bool is_rounding(const double* log2_price, const OneShotSystem<double>::Response& response) const {
    OneShotSystem<double> system(curves_);
    OneShotSystem<double>::Response again;
    system.evaluate(log2_price, again);
    for (int m = 0; m < system.markets(); ++m) {
      const double finest = std::min(price_rounding * std::abs(response.slope[m]), 1e-6);
      const double residual_left = std::abs(response.residual[m]);
      if (residual_left > std::max(tolerance_, finest) && !is_idle(system, m, log2_price[m], response)) return false;
    }
    return true;
  }

  /// A market that its buyers shun at the lowest cost: price-takers stand at that price, and supply over demand,
  /// nothing over nothing, can't be told.
  bool is_idle(const OneShotSystem<double>& system, int m, double log2_price,
               const OneShotSystem<double>::Response& response) const {
    const double demand = system.demand(m).quantity, supply = (1 + response.residual[m]) * demand;
    const double cost = lowest_cost(curves_, m).value_or(0);
    return std::max(supply, demand) <= negligible * purchases_of_buyers(system, m) &&
           std::abs(std::exp2(log2_price) - cost) <= 1e-5 * cost;
  }

  /// What the buyers of a market buy in all markets.
  double purchases_of_buyers(const OneShotSystem<double>& system, int market) const {
    double sum = 0;
    for (int s = 0; s < curves_.segments; ++s)
      for (int m = 0; m < curves_.markets && curves_.segment[s].buys[market]; ++m) sum += system.bought(s, m);
    return sum;
  }

  const OneShotMarkets<double>& curves_;
  double tolerance_;
  const OneShotSolver& solve_;
};

/// Above the lowest cost and, with linear demand, under the choke price.
double first_guess(const OneShotMarkets<double>& curves, int market) {
  const double cost = lowest_cost(curves, market).value_or(0);
  for (int s = 0; s < curves.segments; ++s) {
    const DemandCurve<double>& segment = curves.segment[s];
    if (segment.is_linear && segment.market == market) return std::max((cost + segment.choke) / 2, 1e-9);
  }
  return cost > 0 ? 1.2 * cost : 1;
}

/// The curves with all kinks rounded over at least this width, constant costs spread as far, and sigma held back: a
/// market that is much too dear sells nothing at a large sigma, and tells the solver little.
OneShotMarkets<double> smoothed(OneShotMarkets<double> curves, double width) {
  curves.kink = std::max(curves.kink, std::min(width, 0.1));
  for (int i = 0; i < curves.firms; ++i) curves.firm[i].dispersion = std::max(curves.firm[i].dispersion, width);
  for (int s = 0; s < curves.segments; ++s) {
    DemandCurve<double>& segment = curves.segment[s];
    if (segment.is_linear) continue;
    segment.sigma = segment.elasticity + 1 / (1 / (segment.sigma - segment.elasticity) + width);
    weigh_markets(segment, curves.markets);
  }
  return curves;
}

/// Solves smooth curves first and sharper ones from there, by halves. Prices move in proportion to the width, so the
/// last two solutions predict the next; without that a price would drop off a step that narrows under it.
void sharpen(const OneShotMarkets<double>& curves, double tolerance, const OneShotSolver& solve, ClearingPrices& out) {
  constexpr double widest = 0.2, narrowest = 1e-7;
  Prices before{}, now{};
  for (double width = widest; !out.solved; width = width > narrowest ? width / 2 : 0) {
    const OneShotMarkets<double> smooth = smoothed(curves, width);
    const bool last = !(width > 0);
    Solver solver(smooth, last ? tolerance : 1e-8, solve);
    out.solved = solver.attempt(out.log2_price, 40) && last;
    out.iterations += solver.iterations;
    out.residual = solver.residual;
    if (last) return;
    std::swap(before, now);
    now = copy_of(out.log2_price);
    for (int m = 0; m < curves.markets && width < widest; ++m) out.log2_price[m] += (now[m] - before[m]) / 2;
  }
}

}  // namespace

ClearingPrices find_prices(const OneShotMarkets<double>& curves, double tolerance, double start_price,
                           const OneShotSolver& solve) {
  ClearingPrices out;
  Prices start{};
  for (int m = 0; m < curves.markets; ++m) start[m] = std::log2(start_price > 0 ? start_price : first_guess(curves, m));
  std::copy(start.begin(), start.end(), out.log2_price);
  Solver solver(curves, tolerance, solve);
  out.solved = solver.attempt(out.log2_price, 0);
  out.iterations = solver.iterations;
  out.residual = solver.residual;
  if (out.solved) return out;
  std::copy(start.begin(), start.end(), out.log2_price);
  sharpen(curves, tolerance, solve, out);
  return out;
}

}  // namespace chokepoint
