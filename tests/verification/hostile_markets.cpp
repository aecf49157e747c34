#include "verification/hostile_markets.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "chokepoint/market/derived_parameters.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/market/settlement.hpp"
#include "chokepoint/scenario.hpp"

namespace chokepoint::verification {
namespace {

constexpr int max_units = 16;

/// What the clearing takes as given, in double.
struct HostileMarket {
  int regions, classes, segments, first[5] = {};
  double capacity[max_units][4] = {}, offer[max_units][4] = {}, dispersion[max_units], weight[max_units];
  double conduct[4], ceiling[4];
  double sigma, kink, elasticity[5], log2_demand[5], taste[5][16] = {};
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  HostileMarket make() {
    HostileMarket m;
    m.regions = whole(1, 4);
    m.classes = whole(1, 4);
    m.segments = whole(1, 5);
    const double size = spread(1e-3, 1e3);  // of the whole; within it a thousandfold
    double least = 1e9, largest = 0;
    for (int s = 0; s < m.segments; ++s) {
      m.elasticity[s] = chance(0.1) ? spread(0.1, 10) : real(0.3, 2.5);
      m.log2_demand[s] = std::log2(size * spread(0.03, 30));
      least = std::min(least, m.elasticity[s]);
      largest = std::max(largest, m.elasticity[s]);
    }
    m.sigma = chance(0.3) ? largest * (1 + spread(1e-3, 0.1)) : std::min(20.0, largest + spread(0.1, 18));
    m.kink = chance(0.3) ? 0.05 : spread(1e-4, 0.5);
    for (int s = 0; s < m.segments; ++s) weigh(m, m.taste[s]);
    for (int r = 0; r < m.regions; ++r) fill_region(m, r, least, size);
    return m;
  }

 private:
  double real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  double spread(double low, double high) { return std::exp(real(std::log(low), std::log(high))); }
  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(double share) { return real(0, 1) < share; }

  void weigh(const HostileMarket& m, double* taste) {
    double sum = 0;
    for (int k = 0; k < m.regions * m.classes; ++k)
      sum += taste[k] = chance(0.3) ? 0 : std::pow(spread(0.9, 1.1), m.sigma);
    if (!(sum > 0)) sum = taste[0] = 1;
    for (int k = 0; k < m.regions * m.classes; ++k) taste[k] /= sum;
  }

  /// Conduct up to 98 % of the least elasticity: at it, no monopoly price exists.
  void fill_region(HostileMarket& m, int r, double least, double size) {
    m.conduct[r] = chance(0.2) ? 0 : chance(0.3) ? 0.98 * std::min(1.0, least) : real(0, 0.5 * std::min(1.0, least));
    m.ceiling[r] = chance(0.1) ? spread(0.1, 10) : 0;
    m.first[r + 1] = m.first[r] + whole(1, 4);
    for (int i = m.first[r]; i < m.first[r + 1]; ++i) {
      m.dispersion[i] = spread(1e-3, 0.5);
      m.weight[i] = chance(0.3) ? 1.0 / whole(2, 1000) : real(0, 1);
      for (int c = 0; c < m.classes; ++c) {
        m.capacity[i][c] = chance(0.15) ? 0 : size * spread(0.03, 30);
        m.offer[i][c] = chance(0.02) ? 0 : chance(0.02) ? 1e-4 : spread(0.7, 1.4);
      }
    }
  }

  std::mt19937_64 random_;
};

struct Answer {
  bool solved;  ///< to the tolerance, within the range of prices
  bool beyond;  ///< a price or a segment's price index lies where float cannot tell it
  bool rationed, empty;
  double residual;
  int iterations;
};

/// Room for a unit of its own for every fleet: an offer cost is put together of what a unit's fleets share, and here
/// each has one of its own.
using HostileShape = Shape<4, 4, 1, max_units * 4, 5>;

/// The solver on one kind of number, as the monthly model calls it.
template <class R>
class Clearing {
 public:
  using P = Parameters<R, HostileShape>;

  Answer solve(const HostileMarket& m, const ClearingLimits<R>& limits) {
    fill_sizes(m);
    fill_demand(m);
    fill_supply(m);
    derive(*p_);
    RentalSystem<R, P> system(*p_, p_->calendar[0], *state_, *flows_);
    for (int r = 0; r < m.regions; ++r) system.conduct[r] = static_cast<R>(m.conduct[r]);
    std::fill_n(state_->log2_price, m.regions * m.classes, static_cast<R>(std::log2(2.5)));
    MarketResponse<R, HostileShape::markets, HostileShape::regions> response;
    const Solution<R> solution = clear_markets<R>(system, limits, state_->log2_price, response);
    Answer answer{solution.solved && system.buyers().in_range(), !system.buyers().in_range(),          false, false,
                  static_cast<double>(solution.residual),        static_cast<int>(solution.iterations)};
    for (int k = 0; k < m.regions * m.classes; ++k) {
      const bool active = system.active(k);
      answer.empty = answer.empty || !active;
      answer.rationed =
          answer.rationed || (active && state_->log2_price[k] > p_->calendar[0].log2_ceiling[k / m.classes]);
      answer.beyond = answer.beyond || (active && std::abs(state_->log2_price[k]) >= R(largest_log2_price));
    }
    return answer;
  }

 private:
  void fill_sizes(const HostileMarket& m) {
    p_->sizes.regions = m.regions;
    p_->sizes.classes = m.classes;
    p_->sizes.segments = m.segments;
    p_->sizes.units = m.first[m.regions] * m.classes;
    for (int r = 0; r <= m.regions; ++r) p_->providers.first[r] = m.first[r] * m.classes;
    p_->solver.kink = static_cast<R>(m.kink);
    p_->solver.inverse_four_kinks = static_cast<R>(0.25 / m.kink);
    p_->solver.empty_capacity = static_cast<R>(config::Market{}.empty_capacity_kh100e);
    for (int r = 0; r < m.regions; ++r)
      p_->calendar[0].log2_ceiling[r] = static_cast<R>(m.ceiling[r] > 0 ? std::log2(m.ceiling[r]) : no_ceiling_log2);
  }

  void fill_demand(const HostileMarket& m) {
    auto& d = p_->demand;
    d.sigma = static_cast<R>(m.sigma);
    d.inverse_sigma = static_cast<R>(1 / m.sigma);
    state_->efficiency_log2 = 0;
    for (int s = 0; s < m.segments; ++s) {
      d.elasticity[s] = static_cast<R>(m.elasticity[s]);
      d.efficiency_exponent[s] = static_cast<R>(m.elasticity[s] - 1);
      d.index_exponent[s] = static_cast<R>(m.elasticity[s] / m.sigma - 1);
      d.sigma_less_elasticity[s] = static_cast<R>(m.sigma - m.elasticity[s]);
      for (int k = 0; k < m.regions * m.classes; ++k) d.weight[s][k] = static_cast<R>(m.taste[s][k]);
      state_->demand_log2[s] = static_cast<R>(m.log2_demand[s]);
      flows_->open_share[s] = 1;
    }
  }

  void fill_supply(const HostileMarket& m) {
    std::fill_n(flows_->capacity, HostileShape::fleets, R(0));
    std::fill_n(flows_->market_capacity, HostileShape::markets, R(0));
    for (int r = 0; r < m.regions; ++r) {
      for (int i = m.first[r]; i < m.first[r + 1]; ++i) {
        for (int c = 0; c < m.classes; ++c) fill_fleet(m, i, c, r * m.classes + c);
      }
    }
  }

  void fill_fleet(const HostileMarket& m, int i, int c, int market) {
    const int unit = i * m.classes + c;
    p_->providers.kind[unit] = provider_community;
    p_->providers.operations[unit] = static_cast<R>(m.offer[i][c]);
    p_->providers.dispersion[unit] = static_cast<R>(m.dispersion[i]);
    p_->providers.conduct_weight[unit] = static_cast<R>(m.weight[i]);
    flows_->capacity[unit * m.classes + c] = static_cast<R>(m.capacity[i][c]);
    flows_->market_capacity[market] += static_cast<R>(m.capacity[i][c]);
  }

  std::unique_ptr<P> p_ = std::make_unique<P>();
  std::unique_ptr<State<R, HostileShape>> state_ = std::make_unique<State<R, HostileShape>>();
  std::unique_ptr<Flows<R, HostileShape>> flows_ = std::make_unique<Flows<R, HostileShape>>();
};

}  // namespace

HostileReport solve_hostile_markets(std::uint64_t first, std::uint64_t count, int newton_limit, int sweep_limit) {
  constexpr std::size_t seeds_kept = 20;
  constexpr auto tolerance = static_cast<float>(config::Market{}.tolerance);
  const ClearingLimits<float> limits{tolerance, newton_limit, sweep_limit, largest_log2_price,
                                     tolerance * price_tolerance_share};
  const ClearingLimits<double> wide{1e-6, 40, 400, 3 * largest_log2_price, 1e-8};
  Clearing<float> in_float;
  Clearing<double> in_double;
  HostileReport out;
  out.iterations.resize(static_cast<std::size_t>(newton_limit + sweep_limit) + 1);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const HostileMarket market = Generator(seed).make();
    const Answer answer = in_float.solve(market, limits);
    ++out.cases;
    ++out.iterations[static_cast<std::size_t>(answer.iterations)];
    out.rationed += answer.rationed;
    out.empty += answer.empty;
    if (answer.solved) {
      out.largest_residual = std::max(out.largest_residual, answer.residual);
    } else if (in_double.solve(market, wide).beyond) {
      ++out.beyond;
    } else {
      ++out.unsolved;
      if (out.unsolved_seeds.size() < seeds_kept) out.unsolved_seeds.push_back(seed);
    }
  }
  return out;
}

Json HostileReport::to_json() const {
  return {{"cases", cases},   {"rationed", rationed},    {"empty", empty},           {"unsolved", unsolved},
          {"beyond", beyond}, {"seeds", unsolved_seeds}, {"iterations", iterations}, {"largest", largest_residual}};
}

}  // namespace chokepoint::verification
