#include "one_shot/polish.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace chokepoint {

namespace {

constexpr double trifle = -40;        ///< log2 of the part of its buyers' purchases under which a market is shunned
constexpr double shunned = 0x1p-20;   ///< of that part: so little that such a market is left out
constexpr double at_rest = 1e-8;      ///< largest last step, in log2 of prices
constexpr double longest_step = 0.5;  ///< in log2 of prices
constexpr double grid = 0x1p-45;      ///< of positions; the fine parts are what is between
constexpr double worth_it = 2e-16;    ///< residual under which nothing is left but rounding

/// log2 of what the largest buyer of a market buys in all markets.
double log2_purchases(const OneShotSystem<double>& system, int market) {
  double most = -1e300;
  for (int s = 0; s < one_shot_segments; ++s)
    if (system.buys(s, market)) most = std::max(most, system.log2_bought(s, market) - system.log2_weight(s, market));
  return most;
}

double importance(const OneShotSystem<double>& system, int market) {
  return std::exp2(std::min(0.0, system.demand(market).log2_quantity - log2_purchases(system, market) - trifle));
}

/// Gaussian elimination with pivots of the rows (matrix, right side). False where the matrix is singular.
bool solve_linear(std::vector<std::vector<double>>& rows) {
  const std::size_t n = rows.size();
  for (std::size_t k = 0; k < n; ++k) {
    const auto pivot = std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(k), rows.end(),
                                        [k](const auto& a, const auto& b) { return std::abs(a[k]) < std::abs(b[k]); });
    std::iter_swap(rows.begin() + static_cast<std::ptrdiff_t>(k), pivot);
    if (!(std::abs(rows[k][k]) > 0)) return false;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k || rows[i][k] == 0) continue;
      const double factor = rows[i][k] / rows[k][k];
      for (std::size_t j = k; j <= n; ++j) rows[i][j] -= factor * rows[k][j];
    }
  }
  return true;
}

class Polisher {
 public:
  /// Strict: residuals count in full also in markets that buyers shun.
  Polisher(const OneShotMarkets<double>& curves, bool is_strict, ClearingPositions& at)
      : system_(curves), is_strict_(is_strict), at_(at) {
    for (int m = 0; m < curves.markets; ++m)
      if (curves.active[m] > 0.5) markets_.push_back(m);
    residual_ = evaluate(at_);
    if (!is_strict) leave_out_shunned(curves);
  }

  bool run(double tolerance) {
    for (iterations = 0; iterations < 60; ++iterations) {
      if (!find_step()) return false;
      const double length = step_length_of_markets();
      const double before = residual_;
      const bool is_better = go(std::min(1.0, longest_step / length));
      const bool is_done = !is_better || residual_ <= worth_it || residual_ > before / 2;
      if (length < at_rest && is_done) return residual_ <= tolerance;
      if (!is_better) return false;
    }
    return false;
  }

  double residual() const { return residual_; }
  int iterations = 0;

 private:
  /// Markets in which nearly nothing is bought stand at their lowest cost, where nothing is sold.
  void leave_out_shunned(const OneShotMarkets<double>& curves) {
    const auto is_shunned = [&](int m) { return lowest_cost(curves, m) > 0 && importance(system_, m) < shunned; };
    std::vector<int> kept;
    for (const int m : markets_) (is_shunned(m) ? left_out_ : kept).push_back(m);
    markets_ = kept;
    for (const int m : left_out_) {
      at_.position[m] = position_of(curves, m, lowest_cost(curves, m));
      at_.fine[m] = 0;
    }
    residual_ = evaluate(at_);
  }

  double evaluate(const ClearingPositions& at) {
    system_.refine(at.fine);
    system_.evaluate(at.position, response_);
    double largest = 0;
    for (const int m : markets_) {
      const double size = is_strict_ ? std::abs(response_.residual[m]) : clearing_residual(system_, response_, m);
      largest = size <= largest ? largest : size;
    }
    for (const int m : left_out_) largest = std::max(largest, clearing_residual(system_, response_, m));
    return largest;
  }

  bool find_step() {
    std::vector<std::vector<double>> rows;
    for (const int m : markets_) {
      double other[one_shot_markets];
      const double own = system_.whole_row(response_, m, other);
      std::vector<double> row;
      for (const int k : markets_) row.push_back(k == m ? own : -other[k]);
      row.push_back(-response_.residual[m]);
      rows.push_back(std::move(row));
    }
    if (!solve_linear(rows)) return false;
    step_.clear();
    for (std::size_t k = 0; k < rows.size(); ++k) step_.push_back(rows[k].back() / rows[k][k] / ln2);
    return std::all_of(step_.begin(), step_.end(), [](double step) { return std::isfinite(step); });
  }

  double step_length_of_markets() const {
    double largest = 1e-300;
    for (const double step : step_) largest = std::max(largest, std::abs(step));
    return largest;
  }

  /// Along the step, halved until the residual falls; stays where it does not.
  bool go(double size) {
    for (int halving = 0; halving < 40; ++halving, size /= 2) {
      ClearingPositions next = at_;
      for (std::size_t k = 0; k < markets_.size(); ++k) move(next, markets_[k], size * step_[k]);
      const double residual = evaluate(next);
      if (!(residual < residual_)) continue;
      at_ = next;
      residual_ = residual;
      return true;
    }
    evaluate(at_);
    return false;
  }

  static void move(ClearingPositions& at, int m, double step) {
    at.fine[m] += std::clamp(step, -longest_step, longest_step);
    const double whole = std::nearbyint((at.position[m] + at.fine[m]) / grid) * grid;
    at.fine[m] -= whole - at.position[m];
    at.position[m] = whole;
  }

  OneShotSystem<double> system_;
  OneShotSystem<double>::Response response_;
  bool is_strict_;
  ClearingPositions& at_;
  std::vector<int> markets_, left_out_;
  std::vector<double> step_;
  double residual_ = 0;
};

}  // namespace

double lowest_cost(const OneShotMarkets<double>& curves, int market) {
  double lowest = HUGE_VAL;
  for (int i = 0; i < curves.firms; ++i) {
    const FirmCurve<double>& firm = curves.firm[i];
    if (firm.market == market && firm.fixed_quantity < 0) lowest = std::min(lowest, firm.cost);
  }
  return std::isfinite(lowest) ? lowest : 0;
}

double position_of(const OneShotMarkets<double>& curves, int market, double price) {
  const MarketLadder<double>& ladder = curves.ladder[market];
  double position = std::log2(ladder.choke > 0 ? price / (ladder.choke - price) : price);
  for (int k = ladder.first_step; k < ladder.last_step && curves.step[k].cost < price; ++k) position += step_length;
  return position;
}

double clearing_residual(const OneShotSystem<double>& system, const OneShotSystem<double>::Response& response,
                         int market) {
  const double size = std::abs(response.residual[market]) * importance(system, market);
  return size < 1e300 ? size : 1e300;
}

bool polish(const OneShotMarkets<double>& curves, double tolerance, bool is_strict, ClearingPositions& at,
            int& iterations, double& residual) {
  Polisher polisher(curves, is_strict, at);
  const bool solved = polisher.run(tolerance);
  iterations += polisher.iterations;
  residual = polisher.residual();
  return solved;
}

}  // namespace chokepoint
