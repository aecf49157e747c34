#pragma once

#include "clearing.hpp"

/// Rental markets: what enters the clearing (docs/model.md, 5a) and what follows from it (5f).
namespace peer {

/// (5.7)
inline float demand_at(const Parameters& p, const State& s, int k, float log2_price) {
  const float elasticity = p.demand.elasticity[k];
  return std::exp2(s.demand[k] + (elasticity - 1) * s.efficiency - elasticity * log2_price);
}

/// (5.1) to (5.3), and the fixed charge (4.14)
inline void make_offers(const Parameters& p, const Month& month, const State& s, Flows& f) {
  for (int i = 0; i < units; ++i) {
    const int r = p.providers.region[i];
    const float capital_share = p.providers.kind[i] == community
                                    ? 0
                                    : blend(s.war[r], p.regions.capital_share[r], p.regions.war_capital_share[r]);
    f.unit_fleet[i] = f.fixed_charge[i] = 0;
    f.unit_orders[i] = committed_capacity(p, s, i);
    for (int c = 0; c < classes; ++c) {
      const float fleet = p.chips.perf[c] * (s.young[i][c] + s.old[i][c]);
      const float capital = p.chips.capital_hours[c] * s.chip_price[c] * f.multiple[i][c];
      f.running[i][c] = f.electricity[r] * p.chips.power_kw[c] / p.chips.perf[c] + p.providers.operations[i];
      f.offer[i][c] = f.running[i][c] + capital_share * capital;
      f.capacity[i][c] = fleet * p.providers.occupancy_limit[i] * f.powered[r];
      f.reserved[i][c] = 0;
      f.unit_fleet[i] += fleet;
      f.fixed_charge[i] += p.chips.capital_hours[c] * month.list_price[c] * p.chips.system_multiple[c] * fleet;
    }
    f.fixed_charge[i] *= million_usd * p.finance.fixed_capital_share * p.providers.cost_multiple[i];
  }
}

/// (5.4)
inline void serve_own_segments(const Parameters& p, const State& s, Flows& f) {
  for (int k = 0; k < segments; ++k) f.open_share[k] = 1, f.public_share[k] = f.public_cost[k] = 0;
  for (int i = 0; i < units; ++i) {
    if (!(p.providers.reserved_share[i] > 0)) continue;
    float need = 0, capacity = 0, cost = 0;
    for (int k = 0; k < segments; ++k)
      if (p.providers.serves[i][k] > 0) need += f.open_share[k] * demand_at(p, s, k, s.segment_price[k]);
    for (int c = 0; c < classes; ++c) {
      capacity += f.capacity[i][c];
      cost += f.capacity[i][c] * f.offer[i][c];
    }
    const float served = std::min(p.providers.reserved_share[i] * capacity / std::max(need, tiny), 0.95f);
    for (int k = 0; k < segments; ++k) {
      if (!(p.providers.serves[i][k] > 0)) continue;
      const float portion = f.open_share[k] * served;
      f.open_share[k] -= portion;
      if (p.providers.kind[i] != public_) continue;
      f.public_share[k] += portion;
      f.public_cost[k] += portion * cost / std::max(capacity, tiny);
    }
    const float used = std::min(served * need / std::max(capacity, tiny), 1.0f);
    for (int c = 0; c < classes; ++c) {
      f.reserved[i][c] = f.capacity[i][c] * used;
      f.capacity[i][c] -= f.reserved[i][c];
    }
  }
}

/// Quantities, prices and money (5f).
inline void settle(const Parameters& p, const State& s, Flows& f) {
  f.world_demand = f.world_fleet = f.world_rented = f.running_offered = f.capital_offered = 0;
  for (int k = 0; k < segments; ++k) {
    f.compute_price[k] = (1 - f.public_share[k]) * std::exp2(s.segment_price[k]) + f.public_cost[k];
    f.segment_demand[k] = demand_at(p, s, k, s.segment_price[k]);
    f.world_demand += f.segment_demand[k];
  }
  float world_value = 0;
  for (int r = 0; r < regions; ++r) {
    float value = 0, rented = 0, fleet = 0;
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      float revenue = 0, running = 0;
      for (int c = 0; c < classes; ++c) {
        const float price = f.price[r * classes + c], used = f.rented[i][c] + f.reserved[i][c];
        const float own_price = p.providers.kind[i] == public_ ? f.offer[i][c] : price;
        revenue += price * f.rented[i][c] + own_price * f.reserved[i][c];
        running += f.running[i][c] * used;
        f.capital_offered += (f.offer[i][c] - f.running[i][c]) * used;
        value += price * used;
        rented += used;
      }
      f.revenue[i] = revenue * million_usd;
      f.costs[i] = running * million_usd + f.fixed_charge[i];
      f.running_offered += running;
      fleet += f.unit_fleet[i];
    }
    f.region_rented[r] = rented;
    f.region_fleet[r] = fleet;
    f.regional_price[r] = ratio_or(value, rented, missing);
    f.utilisation[r] = ratio_or(rented, fleet, missing);  // (5.19)
    f.world_fleet += fleet;
    f.world_rented += rented;
    world_value += value;
  }
  f.world_price = ratio_or(world_value, f.world_rented, missing);
}

inline void clear_rental_markets(const Parameters& p, const Month& month, State& s, Flows& f) {
  make_offers(p, month, s, f);
  serve_own_segments(p, s, f);
  Clearing(p, s, f).solve(s);
  settle(p, s, f);
}

}  // namespace peer
