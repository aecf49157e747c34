#include <algorithm>
#include <numeric>

#include "chokepoint/market/parameters.hpp"
#include "scenario/keys.hpp"
#include "scenario/lower/parts.hpp"
#include "scenario/names.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {

namespace {

/// Names that a provider's keys are looked up in.
struct Directory {
  config::Names owners, regions, chips, segments;
};

template <class Real>
void lower_fleet(const Scenario& scenario, const Directory& names, const config::Provider& provider, std::size_t i,
                 ProviderParameters<Real>& p) {
  double total = 0;
  for (const auto& [chip, thousand] : provider.fleet_thousand) {
    const auto c = static_cast<std::size_t>(index_of(names.chips, chip));
    set(p.start_young[i][c], thousand * (1 - provider.old_share));
    set(p.start_old[i][c], thousand * provider.old_share);
    total += thousand * scenario.chips[c].perf_h100e;
  }
  for (const auto& [chip, thousand] : provider.pipeline_thousand) {
    const auto c = static_cast<std::size_t>(index_of(names.chips, chip));
    set(p.start_pipeline[i][c], thousand);
    total += thousand * scenario.chips[c].perf_h100e;
  }
  set(p.start_fleet[i], total);
}

template <class Real>
void lower_provider(const Directory& names, const config::Provider& provider, std::size_t i,
                    ProviderParameters<Real>& p) {
  p.owner[i] = index_of(names.owners, owner_of(provider));
  p.region[i] = index_of(names.regions, provider.region);
  p.kind[i] = index_of(provider_kind_words(), provider.kind);
  p.deep_pockets[i] = provider.deep_pockets;
  set(p.priority[i], provider.priority);
  set(p.count[i], provider.count);
  set(p.inverse_count[i], 1.0 / provider.count);
  set(p.conduct_weight[i], provider.conduct_weight / provider.count);
  set(p.occupancy_limit[i], 1 - provider.frictional_vacancy);
  set(p.dispersion[i], provider.cost_dispersion);
  set(p.operations[i], provider.operations_usd_per_h100e_hour);
  set(p.cost_multiple[i], provider.cost_multiple);
  set(p.leverage[i], provider.leverage);
  set(p.budget[i], provider.capex_usd_per_year / 12 / 1e6);
  set(p.runway[i], provider.runway_months);
  set(p.reserved_share[i], provider.reserved_share);
  for (const std::string& segment : provider.serves) set(p.serves[i][index_of(names.segments, segment)], 1);
}

/// first[r] .. first[r + 1] - 1 are the units of region r.
template <class Real>
void lower_spans(const Sizes& sizes, ProviderParameters<Real>& p) {
  for (int r = 0; r <= sizes.regions; ++r)
    p.first[r] = static_cast<std::int32_t>(
        std::count_if(p.region, p.region + sizes.units, [r](int region) { return region < r; }));
}

template <class Real>
void lower_priorities(const Sizes& sizes, ProviderParameters<Real>& p) {
  std::iota(p.by_priority, p.by_priority + sizes.units, 0);
  std::stable_sort(p.by_priority, p.by_priority + sizes.units,
                   [&](int a, int b) { return p.priority[a] > p.priority[b]; });
}

}  // namespace

template <class Real>
void lower_providers(const Scenario& scenario, Parameters<Real>& p) {
  const Directory names = {owner_names(scenario), region_names(scenario), chip_names(scenario),
                           segment_names(scenario)};
  const std::vector<std::size_t> order = unit_order(scenario);
  for (std::size_t i = 0; i < order.size(); ++i) {
    lower_provider(names, scenario.providers[order[i]], i, p.providers);
    lower_fleet(scenario, names, scenario.providers[order[i]], i, p.providers);
  }
  lower_spans(p.sizes, p.providers);
  lower_priorities(p.sizes, p.providers);
}

template void lower_providers(const Scenario&, Parameters<float>&);
template void lower_providers(const Scenario&, Parameters<double>&);

}  // namespace chokepoint
