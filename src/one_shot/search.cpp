#include "one_shot/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "one_shot/deviation.hpp"
#include "one_shot/roots.hpp"

namespace chokepoint {

namespace {

constexpr double least_gain = 1e-9;  ///< of the revenue
constexpr double same = 1e-6;        ///< positions this close are one
constexpr int most_starts = 40;
constexpr std::size_t most_examples = 3;  ///< of gains, in a reason

struct Candidate {
  ClearingPrices prices;
  std::optional<Deviation> gain;  ///< of a firm, by another output
};

/// Looks for the equilibria of markets that are coupled with one another, or of one alone.
class Search {
 public:
  Search(const OneShot& one_shot, const OneShotMarkets<double>& curves, std::vector<int> markets,
         const CurveSolver& solver)
      : o_(one_shot), c_(curves), markets_(std::move(markets)), solver_(solver) {}

  void run(Equilibria& out) {
    const ClearingPrices first = find_prices(c_, o_.solver.tolerance, o_.solver.start_price.value_or(0), solver_);
    iterations_ = first.iterations;
    if (first.solved) add(first);
    if (are_buyers_alike())
      roots_.is_complete = first.solved && markets_.size() == 1;
    else if (markets_.size() == 1)
      add_roots();
    else
      explore();
    report(first, out);
  }

 private:
  /// Then the first-order conditions have one solution (5.17).
  bool are_buyers_alike() const {
    const DemandCurve<double>* one = nullptr;
    for (int s = 0; s < c_.segments; ++s) {
      const DemandCurve<double>& segment = c_.segment[s];
      if (std::none_of(markets_.begin(), markets_.end(), [&](int m) { return segment.buys[m] != 0; })) continue;
      if (one && (markets_.size() > 1 || segment.elasticity != one->elasticity)) return false;
      one = &segment;
    }
    return true;
  }

  bool is_known(const ClearingPositions& at) const {
    return std::any_of(found_.begin(), found_.end(), [&](const Candidate& candidate) {
      return std::all_of(markets_.begin(), markets_.end(),
                         [&](int m) { return std::abs(candidate.prices.at.position[m] - at.position[m]) < same; });
    });
  }

  void add(const ClearingPrices& prices) {
    if (is_known(prices.at)) return;
    found_.push_back({prices, best_deviation(c_, prices.at, std::max(least_gain, o_.solver.tolerance))});
  }

  void add_roots() {
    roots_ = roots_alone(c_, markets_[0]);
    if (roots_.is_complete) found_.clear();
    for (const ClearingPositions& at : roots_.at) add(prices_at(c_, at));
  }

  /// From every solution to those that markets could go to by themselves, and to where a firm would go.
  void explore() {
    int starts = 0;
    for (std::size_t k = 0; k < found_.size(); ++k) {
      const ClearingPositions from = found_[k].prices.at;
      const std::optional<Deviation> gain = found_[k].gain;
      std::vector<ClearingPositions> next;
      if (gain && std::isfinite(gain->price)) {
        next.push_back(from);
        const int m = c_.firm[gain->firm].market;
        next.back().position[m] = position_of(c_, m, gain->price);
      }
      for (const int m : markets_)
        for (const ClearingPositions& at : roots_beside(c_, m, from).at) next.push_back(at);
      for (const ClearingPositions& at : next) {
        if (is_known(at) || ++starts > most_starts) continue;
        const ClearingPrices prices = find_prices_near(c_, o_.solver.tolerance, at, solver_);
        iterations_ += prices.iterations;
        if (prices.solved) add(prices);
      }
    }
  }

  double level(const Candidate& candidate) const {
    double sum = 0;
    for (const int m : markets_) sum += candidate.prices.log2_price[m];
    return sum;
  }

  void report(const ClearingPrices& first, Equilibria& out) {
    std::sort(found_.begin(), found_.end(),
              [this](const Candidate& a, const Candidate& b) { return level(a) < level(b); });
    const auto is_stable = [](const Candidate& candidate) { return !candidate.gain; };
    const auto best = std::find_if(found_.begin(), found_.end(), is_stable);
    const Candidate* shown = best != found_.end() ? &*best : found_.empty() ? nullptr : &found_.front();
    out.prices.iterations += iterations_;
    for (const int m : markets_) {
      const ClearingPrices& prices = shown ? shown->prices : first;
      out.prices.at.position[m] = prices.at.position[m];
      out.prices.at.fine[m] = prices.at.fine[m];
      out.prices.log2_price[m] = prices.log2_price[m];
      out.found[m] = best != found_.end();
      if (!out.found[m]) outlook(out, m) = failure();
      for (const Candidate& other : found_)
        if (!other.gain && &other != shown) out.other_prices[m].push_back(std::exp2(other.prices.log2_price[m]));
    }
  }

  static Outlook& outlook(Equilibria& out, int m) { return out.outlooks[static_cast<std::size_t>(m)]; }

  /// At a ceiling there is more than one way to meet the conditions (5.32), of which one was tried.
  bool is_capped(const Candidate& candidate) const {
    return c_.ladder[markets_[0]].ceiling_begin <= candidate.prices.at.position[markets_[0]];
  }

  /// Proven only where all solutions are known (5.44).
  Outlook failure() const {
    const bool is_proven =
        roots_.is_complete &&
        std::none_of(found_.begin(), found_.end(), [this](const auto& candidate) { return is_capped(candidate); });
    if (found_.empty() && is_proven) return {MarketStatus::impossible, false, no_root()};
    if (found_.empty())
      return {MarketStatus::unsolved, false,
              "no prices were found that meet the first-order conditions; there may be none, but that is not proven"};
    if (is_proven)
      return {
          MarketStatus::impossible, false,
          "at every price that meets the first-order conditions a firm gains by another output: " + gains() + remedy};
    return {MarketStatus::unsolved, false,
            "where the first-order conditions are met a firm gains by another output, and no other such prices were "
            "found: " +
                gains() + remedy};
  }

  std::string no_root() const {
    if (roots_.most_offered > 1)
      return "at every price the firms offer more than is bought; give them costs or capacities";
    return fmt::format(
        "at every price the firms offer less than is bought (at most {:.3g} % of it), as selling less "
        "pays{}",
        100 * roots_.most_offered, remedy);
  }

  std::string gains() const {
    std::vector<std::string> all;
    for (const Candidate& candidate : found_)
      if (all.size() < most_examples) all.push_back(gain_words(candidate));
    return fmt::format("{}", fmt::join(all, "; "));
  }

  std::string gain_words(const Candidate& candidate) const {
    const Deviation& gain = *candidate.gain;
    const int m = c_.firm[gain.firm].market;
    const std::string now =
        fmt::format("at a price of {:g} {} earns {:g}, and ", std::exp2(candidate.prices.log2_price[m]),
                    o_.firms[static_cast<std::size_t>(gain.firm)].name, gain.profit);
    if (!std::isfinite(gain.better_profit)) return now + "would earn ever more as the price rises without end";
    if (!std::isfinite(gain.price))
      return now + fmt::format("would earn up to {:g} as the price rises without end", gain.better_profit);
    return now + fmt::format("would earn {:g} at one of {:g}", gain.better_profit, gain.price);
  }

  static constexpr const char* remedy =
      "; allowed: less conduct, more firms, larger or more equal elasticities, or a price_ceiling";

  const OneShot& o_;
  const OneShotMarkets<double>& c_;
  std::vector<int> markets_;
  const CurveSolver& solver_;
  std::vector<Candidate> found_;
  Roots roots_;
  int iterations_ = 0;
};

}  // namespace

Equilibria find_equilibria(const OneShot& one_shot, const OneShotMarkets<double>& curves, const CurveSolver& solver) {
  Equilibria out;
  out.outlooks = foresee(curves);
  const OneShotMarkets<double> open = with_open_markets(curves, out.outlooks);
  bool is_done[one_shot_markets] = {};
  for (int m = 0; m < open.markets; ++m) {
    if (is_done[m] || !(open.active[m] > 0.5)) continue;
    const std::vector<int> markets = coupled_with(open, m, [&](int k) { return open.active[k] > 0.5; });
    OneShotMarkets<double> part = open;
    std::fill_n(part.active, one_shot_markets, 0.0);
    for (const int k : markets) {
      part.active[k] = 1;
      is_done[k] = true;
    }
    Search(one_shot, part, markets, solver).run(out);
  }
  return out;
}

}  // namespace chokepoint
