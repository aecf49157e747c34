#pragma once

#include "chips.hpp"
#include "shocks.hpp"

/// Price wars, cash, exit and investment (docs/model.md, 4e to 4g).
namespace peer {

/// (4.13)
inline void update_price_wars(const Parameters& p, const Month& month, std::uint64_t path, int step, const Flows& f,
                              State& s) {
  Words words(p, path, step, conduct_source);
  for (int r = 0; r < regions; ++r) {
    if (p.noise[conduct_source]) {
      const float start = words.next_uniform(), end = words.next_uniform();
      if (s.war[r] > 0.5f) {
        s.war[r] = end < p.regions.war_end[r] ? 0 : 1;
      } else {
        s.war[r] = f.utilisation[r] < p.regions.war_trigger[r] && start < p.regions.war_start[r] ? 1 : 0;
      }
    }
    s.war[r] = turned(s.war[r], month.war_turn[r]);
  }
}

/// (4.16), (4.17)
inline void settle_cash_and_exit(const Parameters& p, State& s, Flows& f) {
  bool leaves[units], somebody[regions] = {};
  for (int i = 0; i < units; ++i) {
    s.cash[i] += f.revenue[i] - f.costs[i];
    leaves[i] = !p.providers.deep_pockets[i] && s.cash[i] < 0 && s.alive[i] > 0.5f;
    somebody[p.providers.region[i]] |= leaves[i];
    if (leaves[i]) s.alive[i] = 0;
  }
  Fleets* const stocks[] = {&s.young, &s.old, &s.waiting, &s.pipeline[0], &s.pipeline[1], &s.pipeline[2]};
  for (int r = 0; r < regions; ++r) {
    if (!somebody[r]) continue;
    const int begin = p.providers.first[r], end = p.providers.first[r + 1];
    float size = 0;
    for (int i = begin; i < end; ++i) size += s.alive[i] * f.unit_fleet[i];
    for (Fleets* stock : stocks) {
      for (int c = 0; c < classes; ++c) {
        float freed = 0;
        for (int i = begin; i < end; ++i) {
          if (!leaves[i]) continue;
          freed += (*stock)[i][c];
          (*stock)[i][c] = 0;
        }
        for (int i = begin; i < end; ++i)
          (*stock)[i][c] += freed * p.finance.transfer_share * ratio_or(s.alive[i] * f.unit_fleet[i], size, 0);
      }
    }
    const Site site = chips_on_site(p, s, r);
    f.idle[r] = site.idle;
    f.installed_share[r] = ratio_or(site.used, site.used + site.wanted, 1);
  }
}

/// (4.19): under a ban only the leak share is ordered, and the rest of the money goes to the other classes.
inline void redirect_banned(const Parameters& p, const State& s, int r, float* share) {
  float freed = 0, open_share = 0;
  bool banned[classes];
  for (int c = 0; c < classes; ++c) {
    const int x = p.chips.export_class[c];
    banned[c] = x >= 0 && s.regime[x][r] == ban;
    if (!banned[c]) open_share += share[c];
    const float kept = banned[c] ? share[c] * p.trade.leak_share[x][r] : share[c];
    freed += share[c] - kept;
    share[c] = kept;
  }
  if (open_share < 1e-6f) return;
  for (int c = 0; c < classes; ++c)
    if (!banned[c]) share[c] *= 1 + freed / open_share;
}

/// (4.20)
inline void apply_floor(const Parameters& p, float floor, int r, float* share) {
  float total = 0, domestic = 0;
  for (int c = 0; c < classes; ++c) {
    total += share[c];
    if (p.chips.home[c] == r) domestic += share[c];
  }
  const float wanted = floor * total;
  if (!(domestic < wanted && domestic > 1e-6f * total)) return;
  for (int c = 0; c < classes; ++c)
    share[c] *= p.chips.home[c] == r ? wanted / domestic : (total - wanted) / std::max(total - domestic, tiny);
}

/// Spending on each class as a multiple of the budget: (4.18) to (4.20), with stockpiling. Returns the mean q.
inline float choose_classes(const Parameters& p, const Month& month, const State& s, const Flows& f, int i,
                            float* share) {
  const int r = p.providers.region[i];
  const bool has_floor =
      month.domestic_floor[r] > 0 && (p.providers.kind[i] == commercial || p.providers.kind[i] == public_);
  const float fallback = f.regional_price[r] < missing ? f.regional_price[r] : f.world_price;
  const float occupancy = std::min(f.utilisation[r], p.providers.occupancy_limit[i]) * f.installed_share[r];
  float q[classes], total = 0, mean_q = 0;
  for (int c = 0; c < classes; ++c) {
    const int m = r * classes + c;
    const float expected = (f.active[m] ? f.price[m] : fallback) * p.finance.expected_decline;
    const float cost = p.chips.capital_hours[c] * s.chip_price[c] * f.multiple[i][c];
    q[c] = std::clamp((expected - f.running[i][c]) * occupancy / cost, p.finance.q_min, p.finance.q_max);
    share[c] = p.finance.class_choice == 2 ? q[c] * q[c] : std::pow(q[c], p.finance.class_choice);
    total += share[c];
  }
  for (int c = 0; c < classes; ++c) share[c] /= std::max(total, 1e-12f);
  redirect_banned(p, s, r, share);
  if (has_floor) apply_floor(p, month.domestic_floor[r], r, share);
  for (int c = 0; c < classes; ++c) {
    mean_q += share[c] * q[c];
    const int x = p.chips.export_class[c];
    if (x >= 0 && s.regime[x][r] == window) share[c] *= p.trade.stockpile[x][r];
  }
  if (has_floor) apply_floor(p, month.domestic_floor[r], r, share);
  return mean_q;
}

/// (4.21), (4.22)
inline void invest(const Parameters& p, const Month& month, State& s, const Flows& f) {
  const Finance& z = p.finance;
  const float growth = z.demand_exponent * std::log2(f.world_demand / s.start_demand);  // factors as logarithms
  const float most = std::log2(z.arms_race_max);
  float world = 0, start_world = 0;
  for (int i = 0; i < units; ++i) {
    world += f.unit_orders[i];
    start_world += p.providers.start_fleet[i];
  }
  for (int i = 0; i < units; ++i) {
    float share[classes], race = 0;
    const float mean_q = choose_classes(p, month, s, f, i, share), start = p.providers.start_fleet[i];
    if (start > 0) {
      const float own = std::max(f.unit_orders[i], tiny);
      const float lead = (world - own) / own * start / std::max(start_world - start, 1e-9f);
      race = std::clamp(z.arms_race * std::log2(std::max(lead, 1e-6f)), 0.0f, most);
    }
    const float mood = blend(s.reversal, 1, p.shocks.reversal_capex * (1 - p.providers.leverage[i]));
    const float appetite = std::exp2(z.q_exponent * std::log2(std::max(mean_q, z.q_min)) + race + growth);
    const float total = p.providers.budget[i] * s.alive[i] * mood * appetite;
    for (int c = 0; c < classes; ++c) s.spending[i][c] = total * share[c];
  }
}

}  // namespace peer
