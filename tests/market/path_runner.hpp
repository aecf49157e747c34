#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/market/step.hpp"
#include "chokepoint/scenario.hpp"
#include "scenario/lower/lower.hpp"

/// Walks paths of a scenario month by month with the model itself in view: state, flows and measures.
namespace chokepoint::testing_support {

template <class N>
struct Walk {
  const Parameters<scalar_t<N>>& parameters;
  int month;
  const State<N>& before;  ///< before the month
  const State<N>& state;   ///< after it
  const Flows<N>& flows;
  const std::vector<float>& row;  ///< [measure][lane]
};

template <class N>
void walk_path(const Parameters<scalar_t<N>>& p, std::uint64_t first_path,
               const std::function<void(const Walk<N>&)>& visit) {
  const auto state = std::make_unique<State<N>>();
  const auto before = std::make_unique<State<N>>();
  const auto flows = std::make_unique<Flows<N>>();
  std::vector<float> row(static_cast<std::size_t>(p.sizes.measures) * lane_count<N>);
  start_path<N>(p, *state);
  for (int month = 0; month < p.sizes.months; ++month) {
    *before = *state;
    advance_month<N>(p, month, Draws<N>(p.seeds, first_path, static_cast<std::uint32_t>(month)), *state, *flows);
    measure<N>(p, month, *state, *flows, row.data(), lane_count<N>);
    visit({p, month, *before, *state, *flows, row});
  }
}

inline std::string config_path(const std::string& name) {
  return std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/" + name;
}

/// The small scenario in which every mechanism is present; without noise, on its trends.
inline std::unique_ptr<Parameters<double>> smoke(const std::vector<std::string>& overrides, bool with_noise = false) {
  auto p = lower<double>(read_scenario(config_path("smoke.toml"), overrides), 3);
  if (!with_noise) {
    for (auto& noise : p->noise) noise = 0;
  }
  return p;
}

inline double measured(const Walk<double>& walk, Measure measure, int element = 0) {
  return walk.row[static_cast<std::size_t>(walk.parameters.measure_offset[static_cast<int>(measure)] + element)];
}

}  // namespace chokepoint::testing_support
