#pragma once

/// Names of what is measured, for code that needs no more of it; units and meanings are in measure_table.hpp.
namespace chokepoint {

/// In the order in which measures lie in a row, in the tallies and in every output.
// clang-format off
enum class Measure : int {
  world_price, regional_price, rental_price, chip_price, compute_price, token_price,
  world_utilisation, utilisation, unserved_share, demand,
  world_fleet, fleet, fleet_share, power_share, idle_for_power, power_bound,
  hhi_fleet, cr1_fleet, cr3_fleet, cr4_fleet, cr5_fleet, hhi_revenue, cr1_revenue, cr3_revenue, cr4_revenue, cr5_revenue,
  regional_hhi_fleet, regional_cr1_fleet, regional_cr3_fleet, regional_cr4_fleet, regional_cr5_fleet,
  regional_hhi_revenue, regional_cr1_revenue, regional_cr3_revenue, regional_cr4_revenue, regional_cr5_revenue,
  country_hhi, owner_share, firms, exits, price_war, regime, sentiment_reversal,
  chip_installs, domestic_install_share, leaked_chips, capital_spending, efficiency,
  price_change, pass_through, user_bill, priced_out, application_margin,
  count
};
// clang-format on

inline constexpr int measure_count = static_cast<int>(Measure::count);

enum class Dimension { world, region, market, chip_class, segment, owner, export_region, layer, link };

/// What kind of number a measure is. Counts and flags are whole numbers (tally/layout.hpp), prices go to prices.csv.
enum class Scale { price, quantity, share, concentration, count, flag, signed_value };

/// The direction in which a measure is worse for those who buy compute and the products made with it: more expensive,
/// scarcer, fewer sellers. `neither`: it depends on who asks (a share of the world fleet), or on the level
/// (utilisation).
enum class Worse { neither, higher, lower };

/// Flows of chips and of the money spent on them. They begin with month 1: month 0 is observed, and nothing is made,
/// shipped or installed in it.
inline constexpr bool is_flow(Measure measure) {
  return measure == Measure::chip_installs || measure == Measure::domestic_install_share ||
         measure == Measure::leaked_chips || measure == Measure::capital_spending;
}

/// Measures that are zero in month 0 by definition: changes since then, and firms that have left.
inline constexpr bool starts_at_zero(Measure measure) {
  return measure == Measure::price_change || measure == Measure::exits;
}

/// Stands for "not defined here" in a row of measures: a market without capacity, a rate over nothing. Never the result
/// of arithmetic; tallied separately.
inline constexpr float missing_value = 3.0e38f;

inline constexpr int layer_count = 4;
inline constexpr int link_count = layer_count - 1;

}  // namespace chokepoint
