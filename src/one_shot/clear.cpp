#include "one_shot/clear.hpp"

#include <algorithm>
#include <cmath>

#include "one_shot/roots.hpp"

namespace chokepoint {

namespace {

constexpr double log2_bound = 2000;        ///< of positions
constexpr double position_digits = 1e-15;  ///< what the solver forgives where supply is steep; polish does not

using Positions = ClearingPositions;

/// Above the lowest cost and, with linear demand, under the choke price.
double first_guess(const OneShotMarkets<double>& curves, int market) {
  const double cost = lowest_cost(curves, market), choke = curves.ladder[market].choke;
  if (choke > 0) return cost < choke ? (cost + choke) / 2 : choke / 2;
  return cost > 0 ? 1.2 * cost : 1;
}

/// All prices this much above (in log2) the first guess, or one price for all that are isoelastic.
Positions start_of(const OneShotMarkets<double>& curves, double start_price, double above) {
  Positions start;
  for (int m = 0; m < curves.markets; ++m) {
    const double choke = curves.ladder[m].choke;
    double price = start_price > 0 ? start_price : first_guess(curves, m);
    if (choke > 0 && !(price < choke)) price = first_guess(curves, m);
    start.position[m] = position_of(curves, m, price) + above;
  }
  return start;
}

/// Calls of the shared solver on one set of curves.
class Solver {
 public:
  Solver(const OneShotMarkets<double>& curves, double tolerance, bool is_strict, const CurveSolver& solve)
      : curves_(curves), tolerance_(tolerance), is_strict_(is_strict), solve_(solve) {}

  /// Full Newton steps first, damped ones next. A kink that steps cross for ever is found by the sweeps. What comes
  /// near is polished, and only that counts.
  bool attempt(Positions& at, int sweeps) {
    for (const int steps : {8, 60})
      if (run(at, steps, 0)) return true;
    if (sweeps == 0) return false;
    for (const int steps : {0, 60})
      if (run(at, steps, steps == 0 ? sweeps : 0)) return true;
    return false;
  }

  int iterations = 0;
  double residual = 1e300;  ///< least of all attempts

 private:
  bool run(Positions& at, int steps, int sweeps) {
    OneShotSystem<double>::Response response;
    const Positions before = at;
    std::fill_n(at.fine, one_shot_markets, 0.0);
    const Solution<double> solution =
        solve_(curves_, {tolerance_, steps, sweeps, log2_bound, position_digits}, at.position, response);
    iterations += static_cast<int>(solution.iterations);
    if (is_lost(at)) return at = before, false;
    Positions polished = at;
    double left = 0;
    const bool solved = polish(curves_, tolerance_, is_strict_, polished, iterations, left);
    residual = std::min(residual, left);
    if (!solved || ran_away(polished)) return false;
    at = polished;
    return true;
  }

  bool is_lost(const Positions& at) const {
    return std::any_of(at.position, at.position + curves_.markets, [](double x) { return !std::isfinite(x); });
  }

  bool ran_away(const Positions& at) const {
    for (int m = 0; m < curves_.markets; ++m)
      if (curves_.active[m] > 0.5 && std::abs(at.position[m]) >= log2_bound / 2) return true;
    return false;
  }

  const OneShotMarkets<double>& curves_;
  double tolerance_;
  bool is_strict_;
  const CurveSolver& solve_;
};

/// The curves with sigma held back: a market that is much too dear sells nothing at a large sigma, and tells the solver
/// little.
OneShotMarkets<double> with_less_switching(OneShotMarkets<double> curves, double width) {
  for (int s = 0; s < curves.segments; ++s) {
    DemandCurve<double>& segment = curves.segment[s];
    if (segment.is_linear) continue;
    segment.sigma = segment.elasticity + 1 / (1 / (segment.sigma - segment.elasticity) + width);
    weigh_markets(segment, curves.markets);
  }
  return curves;
}

/// Solves curves of little switching first and goes from there to the true ones.
bool continue_from_smooth(const OneShotMarkets<double>& curves, double tolerance, const CurveSolver& solve,
                          Positions& at, ClearingPrices& out) {
  constexpr double widest = 0.5, narrowest = 1e-4;
  for (double width = widest;; width = width > narrowest ? width / 2 : 0) {
    const OneShotMarkets<double> smooth = with_less_switching(curves, width);
    Solver solver(smooth, tolerance, true, solve);
    const bool solved = solver.attempt(at, 30);
    out.iterations += solver.iterations;
    if (width > 0) continue;
    out.residual = std::min(out.residual, solver.residual);
    return solved;
  }
}

void take(const OneShotMarkets<double>& curves, const Positions& at, ClearingPrices& out) {
  OneShotSystem<double> system(curves);
  OneShotSystem<double>::Response response;
  system.refine(at.fine);
  system.evaluate(at.position, response);
  out.at = at;
  for (int m = 0; m < curves.markets; ++m)
    if (curves.active[m] > 0.5) out.log2_price[m] = std::log2(system.price(m));
}

bool has_active(const OneShotMarkets<double>& curves) {
  return std::any_of(curves.active, curves.active + curves.markets, [](double active) { return active > 0.5; });
}

}  // namespace

OneShotMarkets<double> with_open_markets(OneShotMarkets<double> curves, const std::vector<Outlook>& outlooks) {
  for (int m = 0; m < curves.markets; ++m)
    if (outlooks[static_cast<std::size_t>(m)].status != MarketStatus::unsolved) curves.active[m] = 0;
  return curves;
}

ClearingPrices find_prices(const OneShotMarkets<double>& all, double tolerance, double start_price,
                           const CurveSolver& solve) {
  ClearingPrices out;
  const OneShotMarkets<double> curves = with_open_markets(all, foresee(all));
  out.solved = !has_active(curves);
  if (out.solved) return out;
  Positions at;
  out.residual = 1e300;
  const auto attempt = [&](double above, int sweeps, bool is_strict) {
    at = start_of(curves, start_price, above);
    Solver solver(curves, tolerance, is_strict, solve);
    out.solved = solver.attempt(at, sweeps);
    out.iterations += solver.iterations;
    out.residual = out.solved ? solver.residual : std::min(out.residual, solver.residual);
  };
  const auto settle = [&](Positions& start) {
    start = start_of(curves, start_price, 0);
    return settle_in_turn(curves, tolerance, start);
  };
  attempt(0, 0, true);
  for (const double above : {0.0, 3.0, -3.0, 10.0})
    if (!out.solved) attempt(above, above == 0 ? 100 : 20, true);
  if (!out.solved) {
    at = start_of(curves, start_price, 0);
    out.solved = continue_from_smooth(curves, tolerance, solve, at, out);
  }
  if (!out.solved) attempt(0, 100, false);
  if (!out.solved) out.solved = settle(at);
  take(curves, at, out);
  return out;
}

ClearingPrices find_prices_near(const OneShotMarkets<double>& curves, double tolerance, const ClearingPositions& start,
                                const CurveSolver& solve) {
  ClearingPrices out;
  Positions at = start;
  Solver solver(curves, tolerance, true, solve);
  out.solved = solver.attempt(at, 20);
  out.iterations = solver.iterations;
  out.residual = solver.residual;
  take(curves, at, out);
  return out;
}

ClearingPrices prices_at(const OneShotMarkets<double>& curves, const ClearingPositions& at) {
  ClearingPrices out;
  out.solved = true;
  take(curves, at, out);
  return out;
}

}  // namespace chokepoint
