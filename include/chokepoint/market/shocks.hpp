#pragma once

#include "chokepoint/market/state.hpp"
#include "chokepoint/numeric/draws.hpp"
#include "chokepoint/numeric/elementary.hpp"

/// Exogenous processes (docs/model.md, section 3). Every draw is keyed by (source, path, step, entity), so entity
/// numbers are part of the contract: they never depend on how many entities a scenario has.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Reads the words of one source in entity order, one Philox block for four entities.
template <class N>
class WordStream {
 public:
  CHOKEPOINT_INLINE WordStream(const Draws<N>& draws, Source source, std::uint32_t first_entity = 0)
      : draws_(draws), source_(source), entity_(first_entity) {}

  CHOKEPOINT_INLINE uint_t<N> next() {
    if (!loaded_ || (entity_ & 3u) == 0) block_ = draws_.block(source_, entity_ >> 2);
    loaded_ = true;
    return block_.word[entity_++ & 3u];
  }
  CHOKEPOINT_INLINE N next_uniform() { return uniform<N>(next()); }
  CHOKEPOINT_INLINE N next_normal() { return normal<N>(next()); }

 private:
  const Draws<N>& draws_;
  Source source_;
  std::uint32_t entity_;
  bool loaded_ = false;
  PhiloxBlock<uint_t<N>> block_;
};

/// The exogenous part of the state before month 0.
template <class N, class P, class St>
CHOKEPOINT_HD void start_shocks(const P& p, St& state) {
  for (const SegmentIndex s : segments(p)) state.demand_log2[s] = N(p.demand.log2_reference[s]);
  state.efficiency_log2 = N(0);
  state.reversal = N(p.shocks.sentiment_start);
  for (const PoolIndex f : pools(p)) state.fab_log2[f] = N(p.chips.log2_capacity[f]);
  for (N& outage : state.outage) outage = N(0);
  for (N& outage : state.component_outage) outage = N(0);
  for (const RegionIndex r : regions(p)) {
    state.power[r] = N(p.regions.start_power[r]);
    state.power_queue[r] = N(p.regions.start_queue[r]);
    state.grid_shock[r] = N(0);
    for (const ExportClassIndex x : export_classes(p))
      state.regime[x][r] = state.regime_at_order[x][r] = uint_t<N>(p.shocks.regime_start[x][r]);
  }
}

/// Correlated common factors of one month and the switches of their sources.
template <class N>
struct CommonFactors {
  N demand, efficiency, power, yield;
};

/// A shock level in [0, 1] after a month's decay, or the severity of a dated shock if that is larger (3.6).
template <class N, class R>
CHOKEPOINT_INLINE N decayed_level(const N& level, R persistence, R dated_severity) {
  return maximum(level * N(persistence), N(dated_severity));
}

/// The level after it has jumped to its severity where a shock arrives (3.6).
template <class N, class R>
CHOKEPOINT_INLINE N shock_level(const N& level, const N& arrival, const N& severity, R rate, R minimum, R span) {
  const N hit = fma(severity, N(span), N(minimum));
  return select(arrival < N(rate), maximum(level, hit), level);
}

/// One hazard of a kind moves on by a month (3.6).
/// @param words of its source; it draws from them if the source is random
template <class N, class H, class R>
CHOKEPOINT_INLINE void advance_hazard(const H& hazards, int k, R dated_severity, bool is_random, WordStream<N>& words,
                                      N& level) {
  level = decayed_level(level, hazards.persistence[k], dated_severity);
  if (!is_random) return;
  const N arrival = words.next_uniform();
  const N severity = words.next_uniform();
  level = shock_level(level, arrival, severity, hazards.rate[k], hazards.minimum[k], hazards.span[k]);
}

/// A flag of 0 or 1 that a dated turn sets: 1 raises it, -1 lowers it, 0 leaves it.
template <class N>
CHOKEPOINT_INLINE N turned_flag(const N& flag, std::int32_t turn) {
  return turn == 0 ? flag : N(scalar_t<N>(turn > 0 ? 1 : 0));
}

/// Factors that sources have in common, correlated by a Cholesky factor (3.1).
template <class N, class P>
CHOKEPOINT_HD CommonFactors<N> draw_common_factors(const P& p, const Draws<N>& draws) {
  const auto draw = [&](Source source) {
    return is_random(p, source) ? normal<N>(draws.block(source, 0).word[0]) : N(scalar_t<N>(0));
  };
  const N z[4] = {draw(Source::demand), draw(Source::efficiency), draw(Source::power), draw(Source::fab)};
  N out[4];
  for (int i = 0; i < 4; ++i) {
    out[i] = N(p.shocks.cholesky[i][0]) * z[0];
    for (int j = 1; j <= i; ++j) out[i] = fma(N(p.shocks.cholesky[i][j]), z[j], out[i]);
  }
  return {out[0], out[1], out[2], out[3]};
}

/// Noise in equal parts common and own, for the regions' grids and for the pools' yields.
template <class N>
CHOKEPOINT_INLINE N half_common(const N& common, const N& own) {
  return (common + own) * N(scalar_t<N>(0.7071067811865476));
}

/// Each segment's demand: its trend, a reversal's drift, common and own noise (3.3).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_demand(const P& p, const M& month, const Draws<N>& draws, const CommonFactors<N>& common,
                                  St& state) {
  WordStream<N> words(draws, Source::demand, 1);
  const N reversal_drift = state.reversal * N(p.shocks.reversal_demand_drift);
  for (const SegmentIndex s : segments(p)) {
    N change = N(month.demand_drift[s]) + reversal_drift;
    if (is_random(p, Source::demand)) {
      change = fma(N(p.shocks.demand_common[s]), common.demand, change);
      change = fma(N(p.shocks.demand_own[s]), words.next_normal(), change);
    }
    state.demand_log2[s] += change;
  }
}

/// Tokens per H100e-hour: a trend, noise, and jumps that arrive at random (3.4).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_efficiency(const P& p, const M& month, const Draws<N>& draws, const CommonFactors<N>& common,
                                      St& state) {
  N change = N(month.efficiency_drift);
  if (is_random(p, Source::efficiency)) {
    const auto block = draws.block(Source::efficiency, 0);
    const N jump = fma(uniform<N>(block.word[2]), N(p.shocks.efficiency_jump_span), N(p.shocks.efficiency_jump_min));
    change = fma(N(p.shocks.efficiency_volatility), common.efficiency, change);
    change += select(uniform<N>(block.word[1]) < N(p.shocks.efficiency_jump_rate), jump, N(0));
  }
  state.efficiency_log2 += change;
}

/// Boom or reversal, a chain of two states (3.2).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_sentiment(const P& p, const M& month, const Draws<N>& draws, St& state) {
  if (is_random(p, Source::sentiment)) {
    const N u = uniform<N>(draws.block(Source::sentiment, 0).word[0]);
    const auto turned = state.reversal > N(0.5);
    const N threshold = select(turned, N(p.shocks.sentiment_to_boom), N(p.shocks.sentiment_to_reversal));
    const auto moves = u < threshold;
    state.reversal = select(moves, N(1) - state.reversal, state.reversal);
  }
  state.reversal = turned_flag(state.reversal, month.sentiment_turn);
}

/// Capacity of the fab pools (3.5) and the hazards that stop them (3.6).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_fabs(const P& p, const M& month, const Draws<N>& draws, const CommonFactors<N>& common,
                                St& state) {
  WordStream<N> words(draws, Source::fab, 1);
  for (const PoolIndex f : pools(p)) {
    N change = N(month.fab_growth[f]);
    if (is_random(p, Source::fab)) {
      change = fma(N(p.shocks.yield_volatility[f]), half_common(common.yield, words.next_normal()), change);
    }
    state.fab_log2[f] += change;
  }
  WordStream<N> arrivals(draws, Source::outage);
  for (const OutageIndex k : outages(p))
    advance_hazard(p.shocks.outage, k, month.outage_severity[k], is_random(p, Source::outage), arrivals,
                   state.outage[k]);
}

/// The next state of a four-state chain: the number of cumulative probabilities of the present row that u exceeds.
template <class N, class R>
CHOKEPOINT_INLINE uint_t<N> next_regime(const uint_t<N>& now, const N& u, const R (&cumulative)[regime_count][3]) {
  using U = uint_t<N>;
  U next(0u);
  for (int k = 0; k < regime_count - 1; ++k) {
    N bound = N(cumulative[0][k]);
    for (std::uint32_t from = 1; from < regime_count; ++from) {
      bound = select(now == U(from), N(cumulative[from][k]), bound);
    }
    next = select(u < bound, next, next + U(1u));
  }
  return next;
}

/// Export regime of each class and destination: a chain of four states, and scheduled changes (3.8).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_export_regimes(const P& p, const M& month, const Draws<N>& draws, St& state) {
  using U = uint_t<N>;
  for (const ExportClassIndex x : export_classes(p)) {
    for (const RegionIndex r : regions(p)) {
      state.regime_at_order[x][r] = state.regime[x][r];
      if (p.shocks.regime_moves[x][r] && is_random(p, Source::export_regime)) {
        const N u = uniform<N>(draws.word(Source::export_regime, static_cast<std::uint32_t>(x * 8 + r)));
        state.regime[x][r] = next_regime<N>(state.regime[x][r], u, p.shocks.regime_cumulative[x][r]);
      }
      const std::int32_t scheduled = month.scheduled_regime[x][r];
      if (scheduled >= 0) state.regime[x][r] = U(static_cast<std::uint32_t>(scheduled));
    }
  }
}

/// Power ordered, waiting and connected in each region, under its grid shock (3.9).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_power(const P& p, const M& month, const Draws<N>& draws, const CommonFactors<N>& common,
                                 St& state) {
  WordStream<N> words(draws, Source::power, 1);
  WordStream<N> grid(draws, Source::grid_shock);
  const auto& q = p.shocks;
  for (const RegionIndex r : regions(p)) {
    advance_hazard(q.grid, r, month.grid_severity[r], is_random(p, Source::grid_shock), grid, state.grid_shock[r]);
    const N moratorium = fma(-N(q.grid_moratorium[r]), state.grid_shock[r], N(1));
    N orders = N(month.power_orders[r]) * moratorium;
    if (is_random(p, Source::power)) {
      orders = orders * exp2(N(q.power_volatility[r]) * half_common(common.power, words.next_normal()));
    }
    const N queue = state.power_queue[r] + orders;
    // A moratorium also halts what is being connected.
    const N connected = queue * N(p.regions.build_rate[r]) * moratorium;
    state.power[r] += connected;
    state.power_queue[r] = queue - connected;
  }
}

/// Shock levels of the component pools (3.6); what they leave is (3.12).
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_component_pools(const P& p, const M& month, const Draws<N>& draws, St& state) {
  WordStream<N> words(draws, Source::component);
  for (const ComponentPoolIndex b : component_pools(p))
    advance_hazard(p.shocks.component, b, month.component_severity[b], is_random(p, Source::component), words,
                   state.component_outage[b]);
}

/// Step 1 of the month: all exogenous processes move on. `draws` carries paths and step.
template <class N, class P, class M, class St>
CHOKEPOINT_HD void advance_shocks(const P& p, const M& month, const Draws<N>& draws, St& state) {
  const CommonFactors<N> common = draw_common_factors<N>(p, draws);
  advance_sentiment<N>(p, month, draws, state);
  advance_demand<N>(p, month, draws, common, state);
  advance_efficiency<N>(p, month, draws, common, state);
  advance_fabs<N>(p, month, draws, common, state);
  advance_export_regimes<N>(p, month, draws, state);
  advance_power<N>(p, month, draws, common, state);
  advance_component_pools<N>(p, month, draws, state);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
