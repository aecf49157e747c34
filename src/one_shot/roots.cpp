#include "one_shot/roots.hpp"

#include <algorithm>
#include <cmath>

namespace chokepoint {

namespace {

constexpr double widest = 500;         ///< positions that are looked through, up and down
constexpr double log2_range = 400;     ///< of demand, so that nothing leaves the range of numbers
constexpr double narrowest = 0x1p-20;  ///< interval of positions that is not divided any more
constexpr int most_intervals = 40000;
constexpr double supply_rounding = 1e-12;  ///< of supply over demand
constexpr double root_grid = 0x1p-44;      ///< of positions; what is between goes into their fine part
constexpr double short_step = 1.0 / 32;
constexpr double least_residual = 1e-15;  ///< residual under which nothing is left but rounding

/// A position, and what the market answers to it.
struct Stop {
  double x, own, offered;  ///< own elasticity of demand; supply over demand
};

class Scan {
 public:
  Scan(const OneShotMarkets<double>& curves, int market, const ClearingPositions& at)
      : c_(curves), m_(market), system_(curves), at_(at) {}

  Roots enclosed() {
    const Stop low = stop(end_of_range(-widest)), high = stop(top());
    roots_.is_complete = none_below(low) && none_above(high);
    std::vector<std::pair<Stop, Stop>> open = {{low, high}};
    for (int k = 0; !open.empty(); ++k) {
      const auto [from, to] = open.back();
      open.pop_back();
      if (excludes_root(from, to)) continue;
      if (to.x - from.x < narrowest || k > most_intervals) {
        keep(from, to);
        continue;
      }
      const Stop middle = stop((from.x + to.x) / 2);
      open.emplace_back(middle, to);
      open.emplace_back(from, middle);
    }
    settle();
    return roots_;
  }

  Roots on_grid() {
    const double here = at_.position[m_], cost = lowest_cost(c_, m_);
    const double least = cost > 0 ? position_of(c_, m_, cost) : here - 20;
    Stop before = stop(std::min(here, least) - 2);
    while (before.x < here + 40) {
      const Stop next = stop(before.x + std::max(short_step, std::abs(before.x - here) / 32));
      if ((before.offered < 1) != (next.offered < 1)) add_root(before, next);
      if (system_.demand(m_).log2_quantity < -log2_range) break;
      before = next;
    }
    return roots_;
  }

  /// The root next to where the market stands, on the side to which its supply points.
  bool go_to_nearest() {
    const Stop here = stop(at_.position[m_]);
    const double side = here.offered < 1 ? 1 : -1;
    for (double width = root_grid; width < widest / 4; width *= 4) {
      const Stop there = stop(here.x + side * width);
      if ((there.offered < 1) == (here.offered < 1)) continue;
      add_root(side > 0 ? here : there, side > 0 ? there : here);
      return true;
    }
    return false;
  }

  const ClearingPositions& at() const { return at_; }

 private:
  void move(double x, double fine) {
    at_.position[m_] = x;
    at_.fine[m_] = fine;
    system_.refine(at_.fine);
    system_.evaluate(at_.position, response_);
  }

  Stop stop(double x) {
    move(x, 0);
    const double own = system_.demand(m_).own, offered = system_.supply_at(m_, own);
    if (std::isfinite(offered)) roots_.most_offered = std::max(roots_.most_offered, offered);
    return {x, own, offered};
  }

  double offered_at(double x, double own) {
    move(x, 0);
    return system_.supply_at(m_, own);
  }

  double end_of_range(double x) {
    for (; std::abs(x) > 1; x *= 0.8)
      if (move(x, 0), std::abs(system_.demand(m_).log2_quantity) < log2_range) break;
    return x;
  }

  /// Supply over demand rises with the price, with less demand and with a larger elasticity. Along the position only
  /// the elasticity falls. So over an interval it lies between its values at the two ends, each taken with the
  /// elasticity of the other end (5.42).
  bool excludes_root(const Stop& from, const Stop& to) {
    return offered_at(from.x, to.own) > 1 + supply_rounding || offered_at(to.x, from.own) < 1 - supply_rounding;
  }

  double elasticity(bool largest) const {
    double found = largest ? 0 : HUGE_VAL;
    for (int s = 0; s < c_.segments; ++s) {
      if (!system_.buys(s, m_)) continue;
      found = largest ? std::max(found, c_.segment[s].elasticity) : std::min(found, c_.segment[s].elasticity);
    }
    return found;
  }

  /// Least of the doubled positions above which no root can be, or the end of the range.
  double top() {
    const double end = end_of_range(widest);
    for (double x = 1; x < end; x *= 2)
      if (none_above(stop(x))) return x;
    return end;
  }

  bool none_below(const Stop& low) { return offered_at(low.x, elasticity(true)) < 1 - supply_rounding; }

  /// Where more is offered than is bought even at the least elasticity, that stays so. Where less is, look at the most
  /// that firms with conduct k offer, sum (1 - cost / price) elasticity / k: with e the least elasticity, above it by
  /// d, that is below 1 if e sum 1 / k is at most 1 and d price sum 1 / k below e sum cost / k; and d price falls from
  /// there if the other elasticities are more than e + 1.
  bool none_above(const Stop& high) {
    const double least = elasticity(false);
    if (offered_at(high.x, least) > 1 + supply_rounding) return true;
    double offered = 0, costs = 0;
    for (int i = 0; i < c_.firms; ++i) {
      const FirmCurve<double>& firm = c_.firm[i];
      if (firm.market != m_ || firm.capacity == 0 || firm.fixed_quantity == 0) continue;
      if (firm.fixed_quantity > 0 || !(firm.conduct > 0) || c_.ladder[m_].ceiling_begin < no_position) return false;
      offered += 1 / firm.conduct;
      costs += firm.cost / firm.conduct;
    }
    if (offered * high.own < 1 - supply_rounding) return true;
    double above = 0;  // least, without cancellation
    for (int s = 0; s < c_.segments; ++s) {
      if (!system_.buys(s, m_)) continue;
      const double more = c_.segment[s].elasticity - least;
      if (more > 0 && more <= 1) return false;
      above += more * std::exp2(system_.log2_bought(s, m_) - system_.demand(m_).log2_quantity);
    }
    return offered * least <= 1 && above * system_.price(m_) * offered < least * costs;
  }

  /// Intervals that may hold a root; neighbours become one.
  void keep(const Stop& from, const Stop& to) {
    if (!kept_.empty() && kept_.back().second.x == from.x)
      kept_.back().second = to;
    else
      kept_.emplace_back(from, to);
  }

  void settle() {
    for (const auto& [from, to] : kept_) {
      if ((from.offered < 1) != (to.offered < 1))
        add_root(from, to);
      else
        roots_.is_complete = false;  // supply comes so near to demand that rounding decides
      if (to.x - from.x > 1e-2) roots_.is_complete = false;
    }
  }

  /// Bisection, down to the last digits of the fine part.
  void add_root(const Stop& from, const Stop& to) {
    const bool rises = from.offered < 1;
    const auto is_before = [&] { return (system_.supply_at(m_, system_.demand(m_).own) < 1) == rises; };
    double low = from.x, high = to.x;
    for (int k = 0; k < 60 && high - low > 2 * root_grid; ++k) {
      const double middle = (low + high) / 2;
      move(middle, 0);
      (is_before() ? low : high) = middle;
    }
    const double whole = std::nearbyint(low / root_grid) * root_grid;
    low -= whole;
    high -= whole;
    for (int k = 0; k < 60; ++k) {
      const double middle = (low + high) / 2;
      move(whole, middle);
      (is_before() ? low : high) = middle;
    }
    roots_.at.push_back(at_);
  }

  const OneShotMarkets<double>& c_;
  int m_;
  OneShotSystem<double> system_;
  OneShotSystem<double>::Response response_;
  ClearingPositions at_;
  std::vector<std::pair<Stop, Stop>> kept_;
  Roots roots_;
};

double largest_residual(const OneShotMarkets<double>& curves, const ClearingPositions& at) {
  OneShotSystem<double> system(curves);
  OneShotSystem<double>::Response response;
  system.refine(at.fine);
  system.evaluate(at.position, response);
  double largest = 0;
  for (int m = 0; m < curves.markets; ++m)
    if (curves.active[m] > 0.5) largest = std::max(largest, clearing_residual(system, response, m));
  return largest;
}

}  // namespace

bool settle_in_turn(const OneShotMarkets<double>& curves, double tolerance, ClearingPositions& at) {
  constexpr int most_rounds = 200, patience = 20;
  double least = HUGE_VAL;
  for (int round = 0, best_round = 0; round < most_rounds && round < best_round + patience; ++round) {
    for (int m = 0; m < curves.markets; ++m) {
      if (!(curves.active[m] > 0.5)) continue;
      Scan scan(curves, m, at);
      if (!scan.go_to_nearest()) return false;
      at = scan.at();
    }
    const double residual = largest_residual(curves, at);
    if (residual <= least_residual) return true;
    if (residual < least) least = residual, best_round = round;
  }
  return largest_residual(curves, at) <= tolerance;
}

Roots roots_alone(const OneShotMarkets<double>& curves, int market) {
  return Scan(curves, market, {}).enclosed();
}

Roots roots_beside(const OneShotMarkets<double>& curves, int market, const ClearingPositions& at) {
  return Scan(curves, market, at).on_grid();
}

}  // namespace chokepoint
