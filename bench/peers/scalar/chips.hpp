#pragma once

#include <algorithm>
#include <cmath>

#include "state.hpp"

/// Chip market, export gate, pipeline and installation (docs/model.md, 4a to 4c).
namespace peer {

/// (4.1)
inline void price_deliveries(const Parameters& p, const Month& month, const State& s, Flows& f) {
  for (int i = 0; i < units; ++i) {
    const int r = p.providers.region[i];
    for (int c = 0; c < classes; ++c) {
      const int x = p.chips.export_class[c];
      float markup = 0;
      if (x >= 0) markup = s.regime[x][r] == ban ? p.trade.grey_premium[x][r] : p.trade.surcharge[x][r][s.regime[x][r]];
      f.multiple[i][c] = p.providers.cost_multiple[i] * (p.chips.system_multiple[c] + markup) * (1 - month.subsidy[r]);
    }
  }
}

/// Output of each class (4.3), (4.4).
inline void produce(const Parameters& p, const State& s, const float* orders, float* produced) {
  float weight[classes];
  for (int c = 0; c < classes; ++c) {
    const float revenue = s.chip_price[c] / p.chips.wafers[c];
    weight[c] = (orders[c] * p.chips.wafers[c] + tiny) *
                (p.chips.pool_steer == 1 ? revenue : std::pow(revenue, p.chips.pool_steer));
  }
  for (int f = 0; f < pools; ++f) {
    float output = std::exp2(s.fab[f]), weights = 0;
    for (int k = 0; k < outages; ++k) output *= 1 - p.shocks.outage_exposure[k][f] * s.outage[k];
    for (int c = 0; c < classes; ++c) weights += p.chips.pool[c] == f ? weight[c] : 0;
    for (int c = 0; c < classes; ++c) {
      if (p.chips.pool[c] != f) continue;
      const float full = output * weight[c] / (std::max(weights, tiny) * p.chips.wafers[c]);
      produced[c] = std::min(std::max(p.chips.stock_limit[c] * full - s.stock[c], 0.0f), full);
    }
  }
}

/// Water-filling (4.6): the multiple of order times priority that everybody gets, nobody more than ordered.
inline float rationing_level(const Parameters& p, const Fleets& orders, int c, float left) {
  float claims = 0;
  for (int i = 0; i < units; ++i) claims += p.providers.priority[i] * orders[i][c];
  float level = left / std::max(claims, tiny);
  for (const int i : p.providers.by_priority) {
    const float priority = p.providers.priority[i];
    if (priority * level < 1) break;
    left = std::max(left - orders[i][c], 0.0f);
    claims -= priority * orders[i][c];
    level = std::max(level, left / std::max(claims, tiny));
  }
  return level;
}

/// Orders (4.2), price (4.5) and shipments (4.6); what is left is stock.
inline void clear_chip_market(const Parameters& p, const Month& month, State& s, Flows& f) {
  Fleets orders;
  float total[classes] = {}, produced[classes] = {};
  for (int i = 0; i < units; ++i)
    for (int c = 0; c < classes; ++c)
      total[c] += orders[i][c] = s.spending[i][c] / (f.multiple[i][c] * month.list_price[c]);
  produce(p, s, total, produced);
  for (int c = 0; c < classes; ++c) {
    const float supply = s.stock[c] + produced[c];
    const float scarcity = std::log2(total[c] + tiny) - std::log2(supply + tiny);
    const float multiple =
        std::clamp(scarcity / p.chips.order_exponent[c], p.chips.log2_price_floor[c], p.chips.log2_price_cap[c]);
    s.chip_price[c] = month.list_price[c] * std::exp2(multiple);
    const float response = std::exp2(-p.chips.order_exponent[c] * multiple);
    for (int i = 0; i < units; ++i) orders[i][c] *= response;
    const bool is_short = total[c] * response > supply;
    const float level = is_short ? rationing_level(p, orders, c, supply) : 0;
    float shipped = 0;
    for (int i = 0; i < units; ++i) {
      f.delivered[i][c] = is_short ? orders[i][c] * std::min(p.providers.priority[i] * level, 1.0f) : orders[i][c];
      shipped += f.delivered[i][c];
    }
    s.stock[c] = std::max(supply - shipped, 0.0f);
  }
}

/// Capacity installed, waiting and under way (4.7), (4.22).
inline float committed_capacity(const Parameters& p, const State& s, int i) {
  float sum = 0;
  for (int c = 0; c < classes; ++c)
    sum += p.chips.perf[c] * (s.young[i][c] + s.old[i][c] + s.waiting[i][c] + s.pipeline[0][i][c] +
                              s.pipeline[1][i][c] + s.pipeline[2][i][c]);
  return sum;
}

/// (4.7) to (4.9)
inline void pass_export_gate(const Parameters& p, const Month& month, State& s, Flows& f) {
  float committed[regions] = {}, shipped[regions][classes] = {}, world = 0;
  const bool capped = std::any_of(month.share_cap, month.share_cap + regions, [](float cap) { return cap < 1; });
  for (int i = 0; i < units; ++i) {
    const int r = p.providers.region[i];
    for (int c = 0; c < classes; ++c) shipped[r][c] += f.delivered[i][c];
    if (!capped) continue;
    const float capacity = committed_capacity(p, s, i);
    committed[r] += capacity;
    world += capacity;
  }
  for (int r = 0; r < regions; ++r) {
    float cap_passes = 1, arrives[classes];
    f.leaked[r] = 0;
    for (float& share : arrives) share = 1;
    if (month.share_cap[r] < 1) {
      float restricted = 0;
      for (int c = 0; c < classes; ++c)
        if (p.chips.export_class[c] >= 0) restricted += p.chips.perf[c] * shipped[r][c];
      const float space = std::max(month.share_cap[r] * world - committed[r], 0.0f);
      cap_passes = std::min(space / std::max(restricted, tiny), 1.0f);
    }
    for (int x = 0; x < export_classes; ++x) {
      float chips = 0;
      for (int c = 0; c < classes; ++c) chips += p.chips.export_class[c] == x ? shipped[r][c] : 0;
      float passes = cap_passes;
      if (s.regime[x][r] == quota) passes = std::min(month.quota[x][r] / std::max(chips, tiny), cap_passes);
      if (s.regime[x][r] == ban) passes = 0;
      const bool grey_order = s.regime[x][r] == ban && s.regime_at_order[x][r] == ban;
      const float leaks = grey_order ? 1 : (1 - passes) * p.trade.leak_share[x][r];
      for (int c = 0; c < classes; ++c)
        if (p.chips.export_class[c] == x) arrives[c] = passes + leaks;
      f.leaked[r] += chips * leaks;
    }
    for (int c = 0; c < classes; ++c) s.stock[c] += shipped[r][c] * (1 - arrives[c]);
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i)
      for (int c = 0; c < classes; ++c) f.delivered[i][c] *= arrives[c];
  }
}

/// (4.10), (4.11)
inline void move_chips(const Parameters& p, State& s, Flows& f) {
  f.capital_spending = 0;
  for (int i = 0; i < units; ++i) {
    for (int c = 0; c < classes; ++c) {
      f.capital_spending += f.delivered[i][c] * s.chip_price[c] * f.multiple[i][c];
      float arriving = f.delivered[i][c];
      for (Fleets& stage : s.pipeline) {
        const float leaving = stage[i][c] * p.chips.lead_rate[c];
        stage[i][c] += arriving - leaving;
        arriving = leaving;
      }
      s.waiting[i][c] += arriving;
      const float survives = 1 - p.chips.failure_rate[c], ages = p.chips.ageing_rate[c];
      const float young = s.young[i][c] * survives;
      s.old[i][c] = s.old[i][c] * survives * (1 - ages) + young * ages;
      s.young[i][c] = young * (1 - ages);
    }
  }
}

struct Site {
  float used = 0, wanted = 0, idle = 0, domestic = 0;  ///< MW, MW, kH100e, kH100e
};

inline Site chips_on_site(const Parameters& p, const State& s, int r) {
  Site site;
  for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
    for (int c = 0; c < classes; ++c) {
      site.used += p.chips.power_kw[c] * (s.young[i][c] + s.old[i][c]);
      site.wanted += p.chips.power_kw[c] * s.waiting[i][c];
      site.idle += p.chips.perf[c] * s.waiting[i][c];
      if (p.chips.home[c] == r) site.domestic += p.chips.perf[c] * s.waiting[i][c];
    }
  }
  return site;
}

/// (4.12); in month 0 nothing is installed.
inline void install_chips(const Parameters& p, const Month& month, bool is_start, State& s, Flows& f) {
  Site site[regions];
  float share[regions], requested = 0, parts = 1;
  for (int r = 0; r < regions; ++r) {
    site[r] = chips_on_site(p, s, r);
    share[r] = std::min(std::max(f.available[r] - site[r].used, 0.0f) / std::max(site[r].wanted, tiny), 1.0f);
    requested += share[r] * site[r].wanted;
  }
  for (int b = 0; b < component_pools; ++b)
    parts = std::min(parts, month.component_capacity[b] * (1 - s.component[b]) / std::max(requested, tiny));
  for (int r = 0; r < regions; ++r) {
    share[r] = is_start ? 0 : share[r] * parts;
    f.power_bound[r] = !is_start && share[r] < 0.999f && site[r].wanted > 1e-3f;
    f.used[r] = site[r].used + share[r] * site[r].wanted;
    f.powered[r] = std::min(f.available[r] / std::max(f.used[r], tiny), 1.0f);
    f.installed_share[r] = ratio_or(f.used[r], site[r].used + site[r].wanted, 1);
    f.installs[r] = site[r].idle * share[r];
    f.domestic_installs[r] = site[r].domestic * share[r];
    f.idle[r] = site[r].idle * (1 - share[r]);
    for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
      for (int c = 0; c < classes; ++c) {
        const float installed = s.waiting[i][c] * share[r];
        s.waiting[i][c] -= installed;
        s.young[i][c] += installed;
      }
    }
  }
}

}  // namespace peer
