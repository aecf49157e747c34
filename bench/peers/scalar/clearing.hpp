#pragma once

#include <algorithm>
#include <cmath>

#include "state.hpp"

/// The coupled clearing (docs/model.md, 5b to 5e).
namespace peer {

constexpr float least_sum = 1e-30f, sum_in_range = 1e-28f;

class Clearing {
 public:
  Clearing(const Parameters& p, const State& s, Flows& f) : p_(p), f_(f) {
    for (int k = 0; k < segments; ++k)
      level_[k] = s.demand[k] + (p.demand.elasticity[k] - 1) * s.efficiency + std::log2(f.open_share[k]);
    for (int r = 0; r < regions; ++r) theta_[r] = blend(s.war[r], p.regions.conduct[r], p.regions.war_conduct[r]);
    for (int m = 0; m < markets; ++m) {
      float capacity = 0;
      const int r = m / classes, c = m % classes;
      for (int i = p.providers.first[r]; i < p.providers.first[r + 1]; ++i) {
        capacity_[c][i] = f.capacity[i][c];
        offer_[c][i] = f.offer[i][c];
        capacity += f.capacity[i][c];
      }
      f.active[m] = capacity > p.solver.empty_capacity && p.demand.has_buyers[m];
      least_demand_[m] = std::max(capacity * 1e-6f, 1e-20f);
    }
  }

  /// Finds the prices that clear, from those given. Leaves quantities in the flows, the segments' prices in the state.
  void solve(State& s) {
    const float limit = p_.solver.tolerance;
    f_.iterations = 0;
    for (;; ++f_.iterations) {
      evaluate(s.log2_price);
      f_.solved = largest_residual(s.log2_price) < limit;
      if (f_.solved || f_.iterations == p_.solver.newton_limit) break;
      take_step(s.log2_price);
    }
    for (int k = 0; k < segments; ++k) {
      f_.solved = f_.solved && (sum_[k] > sum_in_range || quantity_[k] < 1e-30f);
      s.segment_price[k] = cheapest_ - std::log2(sum_[k]) / p_.demand.sigma;
    }
    for (int m = 0; m < markets; ++m) {
      const int r = m / classes, c = m % classes;
      f_.price[m] = std::exp2(s.log2_price[m]);
      const float wanted = f_.active[m] ? std::min(demand_[m] / least_demand_[m], 1.0f) : 0;
      for (int i = p_.providers.first[r]; i < p_.providers.first[r + 1]; ++i)
        f_.rented[i][c] = p_.regions.barred[r][c] ? 0 : respond(i, c, m).share * capacity_[c][i] * wanted;
    }
  }

 private:
  struct Response {
    float share, price_part, demand_part;
  };

  /// (5.12) and its slope.
  struct Kink {
    float value, slope;
  };
  Kink round_kink(float z) const {
    const float h = p_.solver.kink, u = std::min(std::max(z + h, 0.0f), 2 * h);
    return {u * u / (4 * h) + std::max(z - h, 0.0f), u / (2 * h)};
  }

  /// (5.11), (5.13)
  Response respond(int i, int c, int m) const {
    const float cost = offer_[c][i] * inverse_price_[m], delta = p_.providers.dispersion[i];
    const float power = p_.providers.conduct_weight[i] * power_[m] * capacity_[c][i];
    const float low = cost * (1 - delta), spread = 2 * delta * cost;
    const Kink margin = round_kink(1 - low);
    const float inverse = 1 / std::max(power + spread, 1e-9f);
    const float wish = std::min(margin.value * inverse, 1 + p_.solver.kink);
    const Kink over = round_kink(wish - 1);
    const float per_wish = (1 - over.slope) * inverse;
    return {wish - over.value, per_wish * (margin.slope * low + spread * wish), per_wish * wish * power};
  }

  void evaluate(const float* log2_price) {
    evaluate_demand(log2_price);
    for (int m = 0; m < markets; ++m) {
      const int r = m / classes, c = m % classes;
      const float inverse_demand = 1 / std::max(demand_[m], least_demand_[m]);
      power_[m] = theta_[r] * inverse_demand / elasticity_[m];
      float supply = 0, price_part = 0, demand_part = 0;
      if (!p_.regions.barred[r][c]) {
        for (int i = p_.providers.first[r]; i < p_.providers.first[r + 1]; ++i) {
          const Response one = respond(i, c, m);
          supply += capacity_[c][i] * one.share;
          price_part += capacity_[c][i] * one.price_part;
          demand_part += capacity_[c][i] * one.demand_part;
        }
      }
      residual_[m] = supply * inverse_demand - 1;                                               // (5.14)
      lever_[m] = demand_[m] < least_demand_[m] ? 0 : (supply - demand_part) * inverse_demand;  // (5.15)
      slope_[m] = lever_[m] * elasticity_[m] + price_part * inverse_demand;                     // (5.16)
      if (!f_.active[m]) residual_[m] = lever_[m] = 0;
    }
  }

  /// (5.5) to (5.9), (5.17a); prices relative to the cheapest, as p^-sigma alone would leave the range of a float.
  void evaluate_demand(const float* log2_price) {
    const Demand& d = p_.demand;
    cheapest_ = 1e6f;
    for (int m = 0; m < markets; ++m)
      if (f_.active[m]) cheapest_ = std::min(cheapest_, log2_price[m]);
    if (cheapest_ == 1e6f) cheapest_ = 0;
    float x[markets];
    for (int m = 0; m < markets; ++m) {
      inverse_price_[m] = std::exp2(-log2_price[m]);
      x[m] = f_.active[m] ? std::exp2(d.sigma * (cheapest_ - log2_price[m])) : 0;
    }
    float bought[markets] = {}, own[markets] = {};
    std::fill_n(&pull_[0][0], regions * regions, 0.0f);
    for (int k = 0; k < segments; ++k) {
      float part[regions] = {}, sum = 0;
      for (int r = 0; r < regions; ++r) {
        for (int c = 0; c < classes; ++c) part[r] += d.weight[k][r * classes + c] * x[r * classes + c];
        sum += part[r];
      }
      sum_[k] = std::max(sum, least_sum);
      const float exponent = d.elasticity[k] / d.sigma - 1;
      quantity_[k] = sum > 0 ? std::exp2(level_[k] - d.elasticity[k] * cheapest_ + exponent * std::log2(sum_[k])) : 0;
      const float switching = (d.sigma - d.elasticity[k]) * quantity_[k] / sum_[k];
      for (int r = 0; r < regions; ++r)
        for (int q = 0; q < regions; ++q) pull_[r][q] += switching * part[r] * part[q];
      for (int m = 0; m < markets; ++m) {
        bought[m] += d.weight[k][m] * quantity_[k];
        own[m] += d.weight[k][m] * d.weight[k][m] * switching;
      }
    }
    for (int m = 0; m < markets; ++m) {
      demand_[m] = bought[m] * x[m];
      elasticity_[m] = std::max(d.sigma - x[m] * own[m] / std::max(bought[m], 1e-30f), d.least_elasticity);
    }
    for (int r = 0; r < regions; ++r) {
      float total = 0;
      for (int c = 0; c < classes; ++c) total += demand_[r * classes + c];
      group_demand_[r] = std::max(total, 1e-20f);
      for (int q = 0; q < regions; ++q) pull_[r][q] /= group_demand_[r];
    }
  }

  /// (5.18b)
  float largest_residual(const float* log2_price) const {
    const float price_tolerance = p_.solver.tolerance / 128;
    float largest = 0;
    for (int m = 0; m < markets; ++m) {
      if (!f_.active[m]) continue;
      const float off = std::max(std::fabs(log2_price[m]) / 4, 1.0f) * price_tolerance;
      const float size = std::fabs(residual_[m]) - off * slope_[m];
      largest = std::max(largest, size < 1e30f ? size : 1e30f);  // NaN counts as huge
    }
    return largest;
  }

  /// (5.18): one equation a region, then a step a market.
  void take_step(float* log2_price) const {
    float h[regions][regions], mean[regions], step[markets], share[markets];
    for (int r = 0; r < regions; ++r) {
      float gain = 0;
      mean[r] = 0;
      for (int m = r * classes; m < (r + 1) * classes; ++m) {
        const float v = demand_[m] / group_demand_[r];
        const float inverse = 1 / std::max(slope_[m] + lever_[m] * pull_[r][r] * v, 0.05f);
        step[m] = -residual_[m] * inverse;
        share[m] = lever_[m] * inverse;
        mean[r] += v * step[m];
        gain += v * share[m];
      }
      for (int q = 0; q < regions; ++q) h[r][q] = gain * pull_[r][q];
    }
    solve_regions(h, mean);
    const float damping = f_.iterations >= 8 && f_.iterations % 2 == 1 ? 0.5f : 1;
    for (int m = 0; m < markets; ++m) {
      float common = 0;
      for (int q = 0; q < regions; ++q) common += pull_[m / classes][q] * mean[q];
      const float move = (step[m] + share[m] * common) * damping * 1.44269504f;
      log2_price[m] = std::clamp(log2_price[m] + std::clamp(move, -1.5f, 1.5f), -20.0f, 20.0f);
    }
  }

  /// (I - h) y = b, an M-matrix: no pivot is needed. Leaves y in b.
  static void solve_regions(float (&h)[regions][regions], float* b) {
    float inverse[regions];
    for (int k = 0; k < regions; ++k) {
      inverse[k] = 1 / std::max(1 - h[k][k], 1e-3f);
      for (int i = k + 1; i < regions; ++i) {
        const float factor = h[i][k] * inverse[k];
        for (int j = k + 1; j < regions; ++j) h[i][j] += factor * h[k][j];
        b[i] += factor * b[k];
      }
    }
    for (int k = regions - 1; k >= 0; --k) {
      for (int j = k + 1; j < regions; ++j) b[k] += h[k][j] * b[j];
      b[k] *= inverse[k];
    }
  }

  const Parameters& p_;
  Flows& f_;
  float capacity_[classes][units], offer_[classes][units];  ///< a market's side by side
  float level_[segments], theta_[regions], least_demand_[markets];
  float cheapest_, inverse_price_[markets], sum_[segments], quantity_[segments];
  float demand_[markets], elasticity_[markets], power_[markets], pull_[regions][regions], group_demand_[regions];
  float residual_[markets], slope_[markets], lever_[markets];
};

}  // namespace peer
