#pragma once

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "sizes.hpp"

/// What `chokepoint validate CONFIG --parameters` prints, cut to the sizes of the scenario. Names and units are those
/// of chokepoint/market/parameters.hpp.
namespace peer {

using Json = nlohmann::json;

template <class T>
void read(const Json& from, T& to) {
  if constexpr (std::is_array_v<T>) {
    for (std::size_t k = 0; k < std::extent_v<T> && k < from.size(); ++k) read(from[k], to[k]);
  } else {
    to = from.get<T>();
  }
}

// clang-format off
#define READ(member) read(from.at(#member), member)

struct Shocks {
  float cholesky[4][4];
  float demand_common[segments], demand_own[segments];
  float efficiency_volatility, efficiency_jump_rate, efficiency_jump_min, efficiency_jump_span;
  float sentiment_start, sentiment_to_reversal, sentiment_to_boom, reversal_demand_drift, reversal_capex;
  float yield_volatility[pools], outage_exposure[room(outages)][pools];
  float outage_rate[room(outages)], outage_min[room(outages)];
  float outage_span[room(outages)], outage_persistence[room(outages)];
  int regime_start[room(export_classes)][regions], regime_moves[room(export_classes)][regions];
  float regime_cumulative[room(export_classes)][regions][regimes][regimes - 1];
  float power_volatility[regions], grid_rate[regions], grid_min[regions], grid_span[regions], grid_persistence[regions];
  float grid_cut[regions], grid_moratorium[regions], grid_price_spike[regions];
  float component_rate[room(component_pools)], component_min[room(component_pools)];
  float component_span[room(component_pools)], component_persistence[room(component_pools)];

  explicit Shocks(const Json& from) {
    READ(cholesky); READ(demand_common); READ(demand_own); READ(efficiency_volatility); READ(efficiency_jump_rate);
    READ(efficiency_jump_min); READ(efficiency_jump_span); READ(sentiment_start); READ(sentiment_to_reversal);
    READ(sentiment_to_boom); READ(reversal_demand_drift); READ(reversal_capex); READ(yield_volatility);
    READ(outage_exposure); READ(outage_rate); READ(outage_min); READ(outage_span); READ(outage_persistence);
    READ(regime_start); READ(regime_moves); READ(regime_cumulative); READ(power_volatility); READ(grid_rate);
    READ(grid_min); READ(grid_span); READ(grid_persistence); READ(grid_cut); READ(grid_moratorium);
    READ(grid_price_spike); READ(component_rate); READ(component_min); READ(component_span);
    READ(component_persistence);
  }
};

struct Chips {
  int pool[classes], export_class[classes], home[classes];
  float perf[classes], power_kw[classes], system_multiple[classes], log2_price_floor[classes], log2_price_cap[classes];
  float order_exponent[classes], wafers[classes], lead_rate[classes], ageing_rate[classes], failure_rate[classes];
  float capital_hours[classes], log2_capacity[pools], stock_limit[classes], start_stock[classes], index_weight[classes];
  float pool_steer;

  explicit Chips(const Json& from) {
    READ(pool); READ(export_class); READ(home); READ(perf); READ(power_kw); READ(system_multiple);
    READ(log2_price_floor); READ(log2_price_cap); READ(order_exponent); READ(wafers); READ(lead_rate);
    READ(ageing_rate); READ(failure_rate); READ(capital_hours); READ(log2_capacity); READ(stock_limit);
    READ(start_stock); READ(index_weight); READ(pool_steer);
  }
};

struct Trade {
  float leak_share[room(export_classes)][regions], grey_premium[room(export_classes)][regions];
  float surcharge[room(export_classes)][regions][regimes], stockpile[room(export_classes)][regions];

  explicit Trade(const Json& from) {
    READ(leak_share); READ(grey_premium); READ(surcharge); READ(stockpile);
  }
};

struct Regions {
  float start_power[regions], start_queue[regions], build_rate[regions], war_trigger[regions], war_start[regions];
  float war_end[regions], conduct[regions], war_conduct[regions], capital_share[regions], war_capital_share[regions];
  int barred[regions][classes];

  explicit Regions(const Json& from) {
    READ(start_power); READ(start_queue); READ(build_rate); READ(war_trigger); READ(war_start); READ(war_end);
    READ(conduct); READ(war_conduct); READ(capital_share); READ(war_capital_share); READ(barred);
  }
};

struct Providers {
  int owner[units], region[units], kind[units], deep_pockets[units], first[regions + 1], by_priority[units];
  float priority[units], count[units], conduct_weight[units], occupancy_limit[units], dispersion[units];
  float operations[units], cost_multiple[units], leverage[units], capital_multiple[units];
  float start_young[units][classes], start_old[units][classes], start_pipeline[units][classes];
  float budget[units], runway[units], reserved_share[units], serves[units][segments], start_fleet[units];

  explicit Providers(const Json& from) {
    READ(owner); READ(region); READ(kind); READ(deep_pockets); READ(first); READ(by_priority); READ(priority);
    READ(count); READ(conduct_weight); READ(occupancy_limit); READ(dispersion); READ(operations); READ(cost_multiple);
    READ(leverage); READ(capital_multiple); READ(start_young); READ(start_old); READ(start_pipeline); READ(budget);
    READ(runway); READ(reserved_share); READ(serves); READ(start_fleet);
  }
};

struct Finance {
  float fixed_capital_share, transfer_share, expected_decline, class_choice, q_exponent, q_min, q_max;
  float demand_exponent, arms_race, arms_race_max;

  explicit Finance(const Json& from) {
    READ(fixed_capital_share); READ(transfer_share); READ(expected_decline); READ(class_choice); READ(q_exponent);
    READ(q_min); READ(q_max); READ(demand_exponent); READ(arms_race); READ(arms_race_max);
  }
};

struct Demand {
  int home[segments], has_buyers[markets];
  float sigma, elasticity[segments], log2_reference[segments], weight[segments][markets], least_elasticity;

  explicit Demand(const Json& from) {
    READ(home); READ(has_buyers); READ(sigma); READ(elasticity); READ(log2_reference); READ(weight);
    READ(least_elasticity);
  }
};

struct Downstream {
  float inverse_tokens[segments], discount[segments], cloud_conduct[segments], application_conduct[segments];
  float tightness[segments], fixed_cost[segments], tokens_per_user[segments], allowance[segments];
  float allowance_response[segments], base_fee[segments], log2_willingness[segments], willingness_slope[segments];
  float application_revenue, application_tokens, application_token_price;
  int application_segment;

  explicit Downstream(const Json& from) {
    READ(inverse_tokens); READ(discount); READ(cloud_conduct); READ(application_conduct); READ(tightness);
    READ(fixed_cost); READ(tokens_per_user); READ(allowance); READ(allowance_response); READ(base_fee);
    READ(log2_willingness); READ(willingness_slope); READ(application_revenue); READ(application_tokens);
    READ(application_token_price); READ(application_segment);
  }
};

struct Solver {
  float tolerance, kink, log2_start_price, empty_capacity;
  int newton_limit;

  explicit Solver(const Json& from) {
    READ(tolerance); READ(kink); READ(log2_start_price); READ(empty_capacity); READ(newton_limit);
  }
};

struct Month {
  float demand_drift[segments], efficiency_drift, fab_growth[pools], power_orders[regions];
  float component_capacity[room(component_pools)], list_price[classes], electricity[regions], log2_ceiling[regions];
  float domestic_floor[regions], subsidy[regions], quota[room(export_classes)][regions], share_cap[regions];
  float outage_severity[room(outages)], grid_severity[regions], component_severity[room(component_pools)];
  int scheduled_regime[room(export_classes)][regions], sentiment_turn, war_turn[regions];

  explicit Month(const Json& from) {
    READ(demand_drift); READ(efficiency_drift); READ(fab_growth); READ(power_orders); READ(component_capacity);
    READ(list_price); READ(electricity); READ(log2_ceiling); READ(domestic_floor); READ(subsidy); READ(quota);
    READ(share_cap); READ(outage_severity); READ(grid_severity); READ(component_severity); READ(scheduled_regime);
    READ(sentiment_turn); READ(war_turn);
  }
};

#undef READ
// clang-format on

struct Parameters {
  std::vector<int> noise;            ///< by source: 0 where it is frozen
  std::vector<std::uint64_t> seeds;  ///< by source
  Json measure_offset;
  Shocks shocks;
  Chips chips;
  Trade trade;
  Regions regions;
  Providers providers;
  Finance finance;
  Demand demand;
  Downstream downstream;
  Solver solver;
  std::vector<Month> calendar;

  explicit Parameters(const Json& from)
      : noise(from.at("noise")),
        seeds(from.at("seeds")),
        measure_offset(from.at("measure_offset")),
        shocks(from.at("shocks")),
        chips(from.at("chips")),
        trade(from.at("trade")),
        regions(from.at("regions")),
        providers(from.at("providers")),
        finance(from.at("finance")),
        demand(from.at("demand")),
        downstream(from.at("downstream")),
        solver(from.at("solver")) {
    for (const Json& month : from.at("calendar")) calendar.emplace_back(month);
    for (const Month& month : calendar) {
      for (const float ceiling : month.log2_ceiling)
        if (ceiling < 100) throw std::runtime_error("the peers know no price ceilings; give them a scenario without");
    }
  }
};

inline Parameters read_parameters(const char* path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  const Json block = Json::parse(file);
  const Json& size = block.at("sizes");
  const auto check = [&](const char* name, int here) {
    if (size.at(name) != here) throw std::runtime_error(std::string("this program was built for other sizes: ") + name);
  };
  check("months", sizes.months), check("regions", regions), check("classes", classes), check("pools", pools);
  check("units", units), check("segments", segments), check("owners", sizes.owners);
  check("export_classes", export_classes), check("outages", outages), check("component_pools", component_pools);
  check("measures", sizes.measures);
  return Parameters(block);
}

}  // namespace peer
