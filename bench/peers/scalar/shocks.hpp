#pragma once

#include <algorithm>

#include "draws.hpp"
#include "state.hpp"

/// Exogenous processes (docs/model.md, section 3).
namespace peer {

/// (3.6)
inline void advance_hazard(float& level, float dated, bool random, Words& words, float rate, float minimum, float span,
                           float persistence) {
  level = std::max(level * persistence, dated);
  if (!random) return;
  const float arrival = words.next_uniform(), severity = words.next_uniform();
  if (arrival < rate) level = std::max(level, minimum + severity * span);
}

/// A flag that a dated turn raises (1), lowers (-1) or leaves (0).
inline float turned(float flag, int turn) {
  return turn == 0 ? flag : turn > 0 ? 1.0f : 0.0f;
}

inline void advance_shocks(const Parameters& p, const Month& month, std::uint64_t path, int step, State& s) {
  const Shocks& q = p.shocks;
  const auto words = [&](Source source, std::uint32_t entity = 0) { return Words(p, path, step, source, entity); };
  const auto half_common = [](float common, float own) { return (common + own) * 0.70710678f; };

  const Source factors[4] = {demand_source, efficiency_source, power_source, fab_source};  // (3.1)
  float z[4], factor[4] = {};
  for (int i = 0; i < 4; ++i) z[i] = p.noise[factors[i]] ? words(factors[i]).next_normal() : 0;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j <= i; ++j) factor[i] += q.cholesky[i][j] * z[j];

  if (p.noise[sentiment_source]) {  // (3.2)
    const bool moves =
        words(sentiment_source).next_uniform() < (s.reversal > 0.5f ? q.sentiment_to_boom : q.sentiment_to_reversal);
    if (moves) s.reversal = 1 - s.reversal;
  }
  s.reversal = turned(s.reversal, month.sentiment_turn);

  Words of_demand = words(demand_source, 1);  // (3.3)
  for (int k = 0; k < segments; ++k) {
    s.demand[k] += month.demand_drift[k] + s.reversal * q.reversal_demand_drift;
    if (!p.noise[demand_source]) continue;
    s.demand[k] += q.demand_common[k] * factor[0] + q.demand_own[k] * of_demand.next_normal();
  }
  s.efficiency += month.efficiency_drift;  // (3.4)
  if (p.noise[efficiency_source]) {
    Words jump = words(efficiency_source, 1);
    s.efficiency += q.efficiency_volatility * factor[1];
    if (jump.next_uniform() < q.efficiency_jump_rate)
      s.efficiency += q.efficiency_jump_min + jump.next_uniform() * q.efficiency_jump_span;
  }
  Words of_fabs = words(fab_source, 1), of_outages = words(outage_source);  // (3.5)
  for (int f = 0; f < pools; ++f) {
    s.fab[f] += month.fab_growth[f];
    if (p.noise[fab_source]) s.fab[f] += q.yield_volatility[f] * half_common(factor[3], of_fabs.next_normal());
  }
  for (int k = 0; k < outages; ++k)
    advance_hazard(s.outage[k], month.outage_severity[k], p.noise[outage_source], of_outages, q.outage_rate[k],
                   q.outage_min[k], q.outage_span[k], q.outage_persistence[k]);

  for (int x = 0; x < export_classes; ++x) {  // (3.8)
    for (int r = 0; r < regions; ++r) {
      s.regime_at_order[x][r] = s.regime[x][r];
      if (q.regime_moves[x][r] && p.noise[regime_source]) {
        const float u = words(regime_source, static_cast<std::uint32_t>(x * 8 + r)).next_uniform();
        const auto& row = q.regime_cumulative[x][r][s.regime[x][r]];
        s.regime[x][r] = (u >= row[0]) + (u >= row[1]) + (u >= row[2]);
      }
      if (month.scheduled_regime[x][r] >= 0) s.regime[x][r] = month.scheduled_regime[x][r];
    }
  }
  Words of_power = words(power_source, 1), of_grids = words(grid_source);  // (3.9)
  for (int r = 0; r < regions; ++r) {
    advance_hazard(s.grid[r], month.grid_severity[r], p.noise[grid_source], of_grids, q.grid_rate[r], q.grid_min[r],
                   q.grid_span[r], q.grid_persistence[r]);
    const float moratorium = 1 - q.grid_moratorium[r] * s.grid[r];
    float orders = month.power_orders[r] * moratorium;
    if (p.noise[power_source])
      orders *= std::exp2(q.power_volatility[r] * half_common(factor[2], of_power.next_normal()));
    const float queue = s.queue[r] + orders, connected = queue * p.regions.build_rate[r] * moratorium;
    s.power[r] += connected;
    s.queue[r] = queue - connected;
  }
  Words of_components = words(component_source);
  for (int b = 0; b < component_pools; ++b)
    advance_hazard(s.component[b], month.component_severity[b], p.noise[component_source], of_components,
                   q.component_rate[b], q.component_min[b], q.component_span[b], q.component_persistence[b]);
}

}  // namespace peer
