#include <algorithm>
#include <cmath>
#include <random>

#include "market/one_shot_cases.hpp"
#include "one_shot/clear.hpp"
#include "one_shot/lower.hpp"
#include "verification/ledger.hpp"

namespace chokepoint::verification {
namespace {

constexpr double factor = 3;  ///< of scaled money and quantities

/// Largest difference in log2 price between a market's answer and that of another, matched by name.
class Answer {
 public:
  explicit Answer(const OneShot& one_shot, double start = 0) : names_(one_shot.markets), curves_(lower(one_shot)) {
    prices_ = find_prices(*curves_, 1e-10, start);
  }

  bool has_price(int m) const { return curves_->active[m] > 0.5; }
  int markets() const { return curves_->markets; }
  double log2_price(int m) const { return prices_.solved ? prices_.log2_price[m] : std::nan(""); }
  double log2_price(const std::string& name) const {
    for (std::size_t m = 0; m < names_.size(); ++m)
      if (names_[m].name == name) return log2_price(static_cast<int>(m));
    return std::nan("");
  }

  double distance(const Answer& other, double shift = 0) const {
    double largest = 0;
    for (int m = 0; m < markets(); ++m) {
      if (!has_price(m)) continue;
      const double gap = std::abs(other.log2_price(names_[static_cast<std::size_t>(m)].name) - log2_price(m) - shift);
      largest = std::isnan(gap) ? gap : std::max(largest, gap);
    }
    return largest;
  }

  /// Largest fall of a price against another answer.
  double fall(const Answer& other) const {
    double largest = -1e300;
    for (int m = 0; m < markets(); ++m)
      if (has_price(m)) largest = std::max(largest, log2_price(m) - other.log2_price(m));
    return largest;
  }

 private:
  std::vector<config::OneShotMarket> names_;
  std::unique_ptr<OneShotMarkets<double>> curves_;
  ClearingPrices prices_;
};

OneShot with_price_takers(OneShot one_shot) {
  for (auto& firm : one_shot.firms) firm.conduct = 0;
  return one_shot;
}

OneShot with_more_demand(OneShot one_shot, std::size_t s) {
  auto& segment = one_shot.segments[s % one_shot.segments.size()];
  (segment.quantity ? *segment.quantity : *segment.intercept) *= 1.5;
  return one_shot;
}

OneShot with_money_times(OneShot one_shot, double k) {
  for (auto& firm : one_shot.firms) {
    firm.slope *= k;
    *firm.cost *= k;
  }
  for (auto& segment : one_shot.segments) {
    segment.price *= k;
    if (segment.intercept) *segment.intercept *= k;
    if (segment.slope) *segment.slope *= k;
  }
  return one_shot;
}

OneShot with_quantities_times(OneShot one_shot, double k) {
  for (auto& firm : one_shot.firms) {
    if (firm.capacity) *firm.capacity *= k;
    if (firm.capacity_scale) *firm.capacity_scale *= k;
  }
  for (auto& segment : one_shot.segments) {
    if (segment.quantity) *segment.quantity *= k;
    if (segment.slope) *segment.slope /= k;
  }
  return one_shot;
}

OneShot relabelled(OneShot one_shot, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::shuffle(one_shot.markets.begin(), one_shot.markets.end(), random);
  std::shuffle(one_shot.segments.begin(), one_shot.segments.end(), random);
  std::shuffle(one_shot.firms.begin(), one_shot.firms.end(), random);
  return one_shot;
}

void examine_capacity(const OneShot& one_shot, std::uint64_t seed, const Answer& base, Ledger& ledger) {
  OneShot more = one_shot;
  auto& firm = more.firms[seed % more.firms.size()];
  if (!firm.capacity || (firm.slope > 0 && !firm.capacity_scale)) return;
  *firm.capacity *= 1.4;
  const int own = market_of(more, firm.market);
  if (base.has_price(own)) ledger.note(Property::market_capacity, Answer(more).log2_price(own) - base.log2_price(own));
}

void examine_results(const OneShot& one_shot, Ledger& ledger) {
  const ClearedMarkets got = clear(one_shot);
  double paid = 0, spent = 0, gap = 0;
  for (const ClearedMarket& market : got.markets) {
    if (!market.price) continue;
    double firms = 0, quantity = 0;
    for (const ClearedFirm& firm : got.firms)
      if (firm.market == market.name) firms += firm.count, quantity += firm.quantity;
    paid += market.expenditure;
    gap = std::max(gap, std::abs(quantity / market.demand - 1));
    ledger.note(Property::market_hhi, std::max(10000 / firms / *market.hhi - 1, *market.hhi / 10000 - 1));
  }
  for (const ClearedSegment& segment : got.segments) spent += segment.expenditure;
  if (paid > 0) ledger.note(Property::market_books, std::max(gap, std::abs(spent / paid - 1)));
}

}  // namespace

void examine_market(std::uint64_t seed, Ledger& ledger) {
  ledger.begin(seed);
  const OneShot one_shot = test::random_one_shot(static_cast<unsigned>(seed));
  const Answer base(one_shot);
  for (const double start : {1e-4, 0.1, 1e4})
    ledger.note(Property::market_unique, base.distance(Answer(one_shot, start)));
  const OneShot takers = with_price_takers(one_shot);
  ledger.note(Property::market_substitutes, Answer(takers).fall(Answer(with_more_demand(takers, seed))));
  ledger.note(Property::market_conduct, base.fall(Answer(with_more_demand(one_shot, seed))));
  examine_capacity(one_shot, seed, base, ledger);
  ledger.note(Property::market_money, base.distance(Answer(with_money_times(one_shot, factor)), std::log2(factor)));
  ledger.note(Property::market_quantities, base.distance(Answer(with_quantities_times(one_shot, factor))));
  ledger.note(Property::market_relabelled, base.distance(Answer(relabelled(one_shot, seed))));
  examine_results(one_shot, ledger);
}

}  // namespace chokepoint::verification
