#pragma once

#include "chokepoint/market/concentration.hpp"
#include "chokepoint/market/downstream.hpp"

/// Step 10: what is measured (docs/model.md, section 7). The list of measures is in market/measure_table.hpp.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Where a bundle of paths writes its measures of one month: `rows[k * stride]` is measure k of its first path, and the
/// other paths of the bundle follow it.
template <class N, class P>
class MeasureWriter {
 public:
  CHOKEPOINT_INLINE MeasureWriter(const P& p, float* rows, std::int64_t stride) : p_(p), rows_(rows), stride_(stride) {}

  CHOKEPOINT_INLINE void put(Measure measure, int element, const N& value) {
    float* const to = rows_ + (p_.measure_offset[static_cast<int>(measure)] + element) * stride_;
    if constexpr (is_float_kind<N>) {
      store<N>(to, value);
    } else {
      *to = static_cast<float>(value);
    }
  }
  CHOKEPOINT_INLINE void put(Measure measure, const N& value) { put(measure, 0, value); }

 private:
  const P& p_;
  float* rows_;
  std::int64_t stride_;
};

/// The places of the five measures of one kind of concentration.
struct ConcentrationMeasures {
  Measure hhi, cr1, cr3, cr4, cr5;
};

template <class N, class P>
CHOKEPOINT_HD void put_concentration(MeasureWriter<N, P>& out, const ConcentrationMeasures& names, int element,
                                     const Concentration<N>& c) {
  out.put(names.hhi, element, c.hhi);
  out.put(names.cr1, element, c.ratio[0]);
  out.put(names.cr3, element, c.ratio[2]);
  out.put(names.cr4, element, c.ratio[3]);
  out.put(names.cr5, element, c.ratio[4]);
}

/// World concentration of owners by one quantity of their units, and of each region's providers.
template <class N, class P>
CHOKEPOINT_HD void measure_concentration(const P& p, const N* of_unit, const ConcentrationMeasures& world,
                                         const ConcentrationMeasures& regional, MeasureWriter<N, P>& out) {
  using R = scalar_t<N>;
  N of_owner[P::ShapeType::units];
  R count[P::ShapeType::units], inverse_count[P::ShapeType::units];
  for (const OwnerIndex o : owners(p)) of_owner[o] = N(0);
  for (const UnitIndex i : units(p)) {
    const OwnerIndex o = owner_of(p, i);
    of_owner[o] += of_unit[i];
    count[o] = p.providers.count[i];
    inverse_count[o] = p.providers.inverse_count[i];
  }
  put_concentration(out, world, 0, concentration<N>(of_owner, count, inverse_count, owners(p).size()));
  for (const RegionIndex r : regions(p)) {
    const auto own = units_of(p, r);
    const UnitIndex begin = own.first();
    put_concentration(
        out, regional, r,
        concentration<N>(of_unit + begin, p.providers.count + begin, p.providers.inverse_count + begin, own.size()));
  }
}

template <class N, class P, class St, class F>
CHOKEPOINT_HD void measure_owners(const P& p, const St& state, const F& flows, MeasureWriter<N, P>& out) {
  using R = scalar_t<N>;
  const N inverse_world = reciprocal(maximum(flows.world_fleet, tiny<N>()));
  N of_owner[P::ShapeType::units];
  for (const OwnerIndex o : owners(p)) of_owner[o] = N(0);
  N firms = N(0);
  R all = R(0);
  for (const UnitIndex i : units(p)) {
    of_owner[owner_of(p, i)] += flows.unit_fleet[i];
    firms = fma(state.alive[i], N(p.providers.count[i]), firms);
    all += p.providers.count[i];
  }
  for (const OwnerIndex o : owners(p)) out.put(Measure::owner_share, o, of_owner[o] * inverse_world);
  out.put(Measure::firms, firms);
  out.put(Measure::exits, N(all) - firms);
}

template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void measure_markets(const P& p, const M& month, const St& state, const F& flows,
                                   MeasureWriter<N, P>& out) {
  using R = scalar_t<N>;
  const N zero = N(0);
  for (const RegionIndex r : regions(p)) {
    N demand = zero, unserved = zero;
    for (const ClassIndex c : classes(p)) {
      const MarketIndex m = market_index(p, r, c);
      out.put(Measure::rental_price, m, select(is_open<N>(p, flows, m), flows.price[m], missing<N>()));
      // Only where capacity is short at a ceiling is demand unserved: elsewhere the two sides differ by the solver's
      // tolerance.
      const auto capped = state.log2_price[m] > N(month.log2_ceiling[r] + R(conduct_width));
      demand += flows.market_demand[m];
      unserved += select(capped, maximum(flows.market_demand[m] - flows.market_supply[m], zero), zero);
    }
    out.put(Measure::regional_price, r, flows.regional_price[r]);
    out.put(Measure::unserved_share, r, ratio_or(unserved, demand, zero));
    out.put(Measure::utilisation, r, flows.utilisation[r]);
  }
  out.put(Measure::world_price, flows.world_price);
  out.put(Measure::world_utilisation, ratio_or(flows.world_rented, flows.world_fleet, missing<N>()));
  out.put(Measure::demand, flows.world_demand);
}

template <class N, class P, class St, class F>
CHOKEPOINT_HD void measure_fleets(const P& p, bool is_start, const St& state, const F& flows,
                                  MeasureWriter<N, P>& out) {
  const N zero = N(0), one = N(1);
  N country_hhi = zero;
  for (const RegionIndex r : regions(p)) {
    const N share = ratio_or(flows.region_fleet[r], flows.world_fleet, zero);
    country_hhi = fma(share, share, country_hhi);
    N leaked = zero;
    for (const ClassIndex c : classes(p)) leaked += flows.leaked[market_index(p, r, c)];
    const N domestic_share = ratio_or(flows.domestic_installs[r], flows.installs[r], missing<N>());
    bool has_own = false;
    for (const ClassIndex c : classes(p)) has_own = has_own || home_of(p, c) == r;
    out.put(Measure::fleet, r, flows.region_fleet[r]);
    out.put(Measure::fleet_share, r, share);
    out.put(Measure::power_share, r, ratio_or(flows.power_used[r], flows.power_available[r], one));
    out.put(Measure::idle_for_power, r, flows.idle[r]);
    out.put(Measure::power_bound, r, flows.power_bound[r]);
    out.put(Measure::price_war, r, state.war[r]);
    out.put(Measure::chip_installs, r, is_start ? missing<N>() : flows.installs[r]);
    out.put(Measure::domestic_install_share, r, has_own ? domestic_share : missing<N>());
    out.put(Measure::leaked_chips, r, is_start ? missing<N>() : leaked);
  }
  out.put(Measure::world_fleet, flows.world_fleet);
  out.put(Measure::country_hhi, country_hhi * N(10000));
}

template <class N, class P, class St, class F>
CHOKEPOINT_HD void measure_world(const P& p, bool is_start, const St& state, const F& flows, MeasureWriter<N, P>& out) {
  for (const ClassIndex c : classes(p)) out.put(Measure::chip_price, c, state.chip_price[c]);
  for (const ExportClassIndex x : export_classes(p)) {
    for (const RegionIndex r : regions(p)) {
      out.put(Measure::regime, x * regions(p).size() + r, to_number<N>(state.regime[x][r]));
    }
  }
  out.put(Measure::sentiment_reversal, state.reversal);
  out.put(Measure::capital_spending, is_start ? missing<N>() : flows.capital_spending);
  out.put(Measure::efficiency, exp2(state.efficiency_log2));
}

template <class N, class P, class F>
CHOKEPOINT_HD void measure_downstream(const P& p, const F& flows, MeasureWriter<N, P>& out) {
  for (const SegmentIndex s : segments(p)) {
    out.put(Measure::compute_price, s, flows.compute_price[s]);
    out.put(Measure::token_price, s, flows.token_price[s]);
    out.put(Measure::user_bill, s, flows.user_bill[s]);
    out.put(Measure::priced_out, s, flows.priced_out[s]);
  }
  for (int l = 0; l < layer_count; ++l) out.put(Measure::price_change, l, flows.price_change[l]);
  for (int l = 0; l < link_count; ++l) out.put(Measure::pass_through, l, flows.pass_through[l]);
  out.put(Measure::application_margin, flows.application_margin);
}

/// A flow of chips has no value in month 0 (is_flow).
template <class N, class P, class M, class St, class F>
CHOKEPOINT_HD void measure_month(const P& p, const M& month, bool is_start, const St& state, const F& flows,
                                 MeasureWriter<N, P>& out) {
  measure_markets<N>(p, month, state, flows, out);
  measure_fleets<N>(p, is_start, state, flows, out);
  measure_owners<N>(p, state, flows, out);
  measure_concentration<N>(
      p, flows.unit_fleet,
      {Measure::hhi_fleet, Measure::cr1_fleet, Measure::cr3_fleet, Measure::cr4_fleet, Measure::cr5_fleet},
      {Measure::regional_hhi_fleet, Measure::regional_cr1_fleet, Measure::regional_cr3_fleet,
       Measure::regional_cr4_fleet, Measure::regional_cr5_fleet},
      out);
  measure_concentration<N>(
      p, flows.revenue,
      {Measure::hhi_revenue, Measure::cr1_revenue, Measure::cr3_revenue, Measure::cr4_revenue, Measure::cr5_revenue},
      {Measure::regional_hhi_revenue, Measure::regional_cr1_revenue, Measure::regional_cr3_revenue,
       Measure::regional_cr4_revenue, Measure::regional_cr5_revenue},
      out);
  measure_world<N>(p, is_start, state, flows, out);
  measure_downstream<N>(p, flows, out);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
