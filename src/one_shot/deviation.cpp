#include "one_shot/deviation.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <vector>

#include "one_shot/demand.hpp"
#include "one_shot/surplus.hpp"

namespace chokepoint {

namespace {

constexpr double octaves = 300;        ///< of prices, up and down, that are looked through
constexpr double log2_most = 500;      ///< of demand, so that no product leaves the range of numbers
constexpr double narrowest = 0x1p-14;  ///< interval in log2 of the price that is not divided any more
constexpr double coarse = 1e-4;        ///< gain, of the revenue, that is certain to be found
constexpr int most_intervals = 4000;
constexpr double unreached = 1e-6;   ///< costs this small, of the revenue, leave profit next to its limit
constexpr double none_left = 1e-12;  ///< of the output: rivals that sell no more than this sell nothing

/// What one firm earns at another output, along its conjecture: as a function of the market's price.
class Alternatives {
 public:
  Alternatives(const FirmCurve<double>& firm, const OwnDemand& demand, double ceiling)
      : firm_(firm), demand_(demand), ceiling_(ceiling) {}

  void start(double price, double margin, double quantity, double of_others) {
    profit_ = profit(firm_, price, margin, quantity);
    revenue_ = price * quantity;
    fixed_part_ = of_others + (1 - firm_.conduct) * quantity;
    if (std::abs(fixed_part_) < none_left * (of_others + quantity)) fixed_part_ = 0;
    log2_price_ = std::log2(price);
    most_seen_ = profit_;
  }

  /// The best of all, if it gains; its price is infinite where profit rises all the way there.
  std::optional<Deviation> best(double tolerance) {
    Deviation best{-1, profit_, profit_, std::exp2(log2_price_)};
    const double top = std::min(std::log2(ceiling_), log2_price_ + octaves);
    search(lowest_price(), log2_price_);
    search(log2_price_, top);
    refine(best);
    if (ceiling_ < HUGE_VAL) consider(best, std::log2(ceiling_), at_ceiling());
    const bool is_on_the_way = ceiling_ == HUGE_VAL && rises_without_end(best);
    const double revenue = std::isfinite(best.better_profit) ? std::max(revenue_, best.better_profit) : revenue_;
    if (!is_on_the_way && !(best.better_profit - best.profit > tolerance * revenue)) return std::nullopt;
    return best;
  }

 private:
  struct Sample {
    double log2_price, profit;
  };
  struct Interval {
    double most, low, high;
    bool operator<(const Interval& other) const { return most < other.most; }
  };

  static void consider(Deviation& best, double log2_price, double profit) {
    if (profit > best.better_profit) best.better_profit = profit, best.price = std::exp2(log2_price);
  }

  /// Output at which the market comes to this price (5.40): its output follows the firm's by the conduct, and is never
  /// less than what one firm sells.
  double quantity_at(double log2_price) const {
    const double all = std::exp2(demand_.log2_quantity(log2_price));
    const double quantity = std::min((all - fixed_part_) / firm_.conduct, firm_.count * all);
    return firm_.capacity < 0 ? std::max(quantity, 0.0) : std::clamp(quantity, 0.0, firm_.capacity);
  }

  double profit_of(double price, double quantity) const {
    return quantity > 0 ? profit(firm_, price, (price - firm_.cost) / price, quantity) : 0;
  }

  double profit_at(double log2_price) const { return profit_of(std::exp2(log2_price), quantity_at(log2_price)); }

  double marginal_output(double price) const {
    if (!(price > firm_.cost)) return 0;
    if (!(firm_.slope > 0)) return HUGE_VAL;
    return std::exp2(firm_.log2_scale + std::log2((price - firm_.cost) / firm_.slope) / firm_.exponent);
  }

  /// Under a ceiling the price stands while the firm sells less.
  double at_ceiling() const {
    return profit_of(ceiling_, std::min(quantity_at(std::log2(ceiling_)), marginal_output(ceiling_)));
  }

  /// No profit within an interval of prices is above this (5.41): the quantity sold at its lower end,
  /// times the price at its upper end.
  double bound(double low, double high) const {
    const double price = std::exp2(high), most = quantity_at(low), least = quantity_at(high);
    return profit_of(price, std::max(least, std::min(most, marginal_output(price))));
  }

  double lowest_price() const {
    double low = log2_price_ - octaves;
    if (firm_.cost > 0) low = std::max(low, std::log2(firm_.cost));
    while (low < log2_price_ && demand_.log2_quantity(low) > log2_most) low = (low + log2_price_) / 2;
    return std::min(low, log2_price_);
  }

  /// Divides intervals, the one that could hide the largest gain first, while that is more than was seen.
  void search(double from, double to) {
    if (!(from < to)) return;
    std::priority_queue<Interval> open;
    const auto add = [&](double low, double high) {
      const double most = bound(low, high);
      if (high - low >= narrowest && could_gain(most)) open.push({most, low, high});
    };
    sample(from);
    sample(to);
    add(from, to);
    for (int k = 0; !open.empty() && k < most_intervals; ++k) {
      const auto [most, low, high] = open.top();
      open.pop();
      if (!could_gain(most)) break;
      const double middle = (low + high) / 2;
      sample(middle);
      add(low, middle);
      add(middle, high);
    }
  }

  bool could_gain(double most) const { return most > most_seen_ + coarse * revenue_; }

  void sample(double log2_price) {
    seen_.push_back({log2_price, profit_at(log2_price)});
    most_seen_ = std::max(most_seen_, seen_.back().profit);
  }

  /// Every peak among the profits seen, to its last digits.
  void refine(Deviation& best) {
    std::sort(seen_.begin(), seen_.end(), [](const Sample& a, const Sample& b) { return a.log2_price < b.log2_price; });
    for (std::size_t k = 0; k < seen_.size(); ++k) {
      const Sample& before = seen_[k > 0 ? k - 1 : 0];
      const Sample& after = seen_[std::min(k + 1, seen_.size() - 1)];
      consider(best, seen_[k].log2_price, seen_[k].profit);
      if (seen_[k].profit < before.profit || seen_[k].profit < after.profit) continue;
      if (seen_[k].profit < most_seen_ - coarse * revenue_) continue;
      climb(before.log2_price, after.log2_price, best);
    }
  }

  /// Golden section.
  void climb(double low, double high, Deviation& best) const {
    constexpr double ratio = 0.6180339887498949;
    double a = high - ratio * (high - low), b = low + ratio * (high - low), at_a = profit_at(a), at_b = profit_at(b);
    for (int k = 0; k < 60 && high - low > 1e-9; ++k) {
      if (at_a > at_b) {
        high = b, b = a, at_b = at_a;
        a = high - ratio * (high - low), at_a = profit_at(a);
      } else {
        low = a, a = b, at_a = at_b;
        b = low + ratio * (high - low), at_b = profit_at(b);
      }
    }
    consider(best, a, at_a);
    consider(best, b, at_b);
  }

  /// With nothing left of the others, output falls to 0 in step with demand as the price rises. Says whether the firm
  /// has come so far on this way that its profit and the limit agree to every digit.
  bool rises_without_end(Deviation& best) const {
    if (fixed_part_ > 0 || demand_.last_elasticity() > 1) return false;
    const double part = fixed_part_ < 0 ? firm_.count : std::min(1 / firm_.conduct, firm_.count);
    const double last = demand_.last_elasticity() < 1 ? HUGE_VAL : part * demand_.last_expenditure();
    if (last < (1 - unreached) * best.better_profit) return false;
    best.better_profit = std::max(last, best.better_profit);
    best.price = HUGE_VAL;
    return profit_ > (1 - unreached) * revenue_;
  }

  const FirmCurve<double>& firm_;
  const OwnDemand& demand_;
  double ceiling_;
  double profit_ = 0, revenue_ = 0, fixed_part_ = 0, log2_price_ = 0, most_seen_ = 0;
  std::vector<Sample> seen_;
};

bool can_deviate(const OneShotMarkets<double>& curves, const FirmCurve<double>& firm, double price) {
  return curves.active[firm.market] > 0.5 && firm.fixed_quantity < 0 && firm.capacity != 0 && firm.conduct > 0 &&
         firm.cost < price && !(curves.ladder[firm.market].choke > 0);
}

}  // namespace

std::optional<Deviation> best_deviation(const OneShotMarkets<double>& curves, const ClearingPositions& at,
                                        double tolerance) {
  OneShotSystem<double> system(curves);
  OneShotSystem<double>::Response response;
  system.refine(at.fine);
  system.evaluate(at.position, response);
  std::optional<Deviation> largest;
  for (int i = 0; i < curves.firms; ++i) {
    const FirmCurve<double>& firm = curves.firm[i];
    if (!can_deviate(curves, firm, system.price(firm.market))) continue;
    const double demand = std::exp2(system.demand(firm.market).log2_quantity);
    double of_others = 0;
    for (int j = 0; j < curves.firms; ++j)
      if (j != i && curves.firm[j].market == firm.market) of_others += system.share(j) * demand;
    const OwnDemand own(curves, system, firm.market);
    Alternatives alternatives(firm, own, curves.ladder[firm.market].ceiling);
    alternatives.start(system.price(firm.market), system.margin(i), system.share(i) * demand, of_others);
    std::optional<Deviation> found = alternatives.best(tolerance);
    if (!found) continue;
    found->firm = i;
    if (!largest || found->better_profit - found->profit > largest->better_profit - largest->profit) largest = found;
  }
  return largest;
}

}  // namespace chokepoint
