#pragma once

#include "downstream.hpp"
#include "measures.hpp"
#include "owners.hpp"
#include "rental.hpp"

/// A path, month by month (docs/model.md, section 4).
namespace peer {

inline void start_path(const Parameters& p, State& s) {
  s = {};
  for (int k = 0; k < segments; ++k) {
    s.demand[k] = p.demand.log2_reference[k];
    s.segment_price[k] = p.solver.log2_start_price;
  }
  s.reversal = p.shocks.sentiment_start;
  for (int f = 0; f < pools; ++f) s.fab[f] = p.chips.log2_capacity[f];
  for (int r = 0; r < regions; ++r) {
    s.power[r] = p.regions.start_power[r];
    s.queue[r] = p.regions.start_queue[r];
    for (int x = 0; x < export_classes; ++x) s.regime[x][r] = s.regime_at_order[x][r] = p.shocks.regime_start[x][r];
  }
  for (int c = 0; c < classes; ++c) {
    s.chip_price[c] = p.calendar[0].list_price[c];
    s.stock[c] = p.chips.start_stock[c];
  }
  for (float& price : s.log2_price) price = p.solver.log2_start_price;
  for (int i = 0; i < units; ++i) {
    s.alive[i] = 1;
    for (int c = 0; c < classes; ++c) {
      s.young[i][c] = p.providers.start_young[i][c];
      s.old[i][c] = p.providers.start_old[i][c];
      for (Fleets& stage : s.pipeline) stage[i][c] = p.providers.start_pipeline[i][c] / stages;
    }
  }
}

inline void advance_month(const Parameters& p, std::uint64_t path, int t, State& s, Flows& f) {
  const Month& month = p.calendar[t];
  const bool is_start = t == 0;
  if (!is_start) advance_shocks(p, month, path, t, s);
  price_deliveries(p, month, s, f);
  if (!is_start) {
    clear_chip_market(p, month, s, f);
    pass_export_gate(p, month, s, f);
  }
  for (int r = 0; r < regions; ++r) {  // (3.11)
    f.available[r] = s.power[r] * (1 - p.shocks.grid_cut[r] * s.grid[r]);
    f.electricity[r] = month.electricity[r] * (1 + p.shocks.grid_price_spike[r] * s.grid[r]);
  }
  if (!is_start) move_chips(p, s, f);
  install_chips(p, month, is_start, s, f);
  clear_rental_markets(p, month, s, f);
  if (is_start) {
    for (int i = 0; i < units; ++i) s.cash[i] = p.providers.runway[i] * f.fixed_charge[i];
    s.start_demand = f.world_demand;
  } else {
    update_price_wars(p, month, path, t, f, s);
  }
  settle_cash_and_exit(p, s, f);
  invest(p, month, s, f);
  price_downstream(p, is_start, s, f);
}

}  // namespace peer
