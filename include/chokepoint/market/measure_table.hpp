#pragma once

#include "chokepoint/base/host_device.hpp"

/// What is measured each month on every path: one line a measure. The order of this table is the order in which
/// measures lie in a row, in the tallies and in every output. To add a measure: a name here, a line in the table, a
/// `put` in market/measures.hpp.
namespace chokepoint {

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

inline constexpr int measure_count = static_cast<int>(Measure::count);

enum class Dimension { world, region, market, chip_class, segment, owner, export_region, layer, link };

/// What kind of number a measure is. Counts and flags are whole numbers (tally/layout.hpp), prices go to prices.csv.
enum class Scale { price, quantity, share, concentration, count, flag, signed_value };

struct MeasureInfo {
  const char* name;
  Dimension dimension;
  Scale scale;
  const char* unit;
  const char* meaning;
};

inline constexpr MeasureInfo measure_table[] = {
    {"world_price", Dimension::world, Scale::price, "USD per H100e-hour", "rental price, mean over markets weighted by quantity"},
    {"regional_price", Dimension::region, Scale::price, "USD per H100e-hour", "rental price in a region, mean over chip classes weighted by quantity"},
    {"rental_price", Dimension::market, Scale::price, "USD per H100e-hour", "rental price of a chip class in a region; missing where there is no capacity"},
    {"chip_price", Dimension::chip_class, Scale::price, "thousand USD", "vendor price of one chip"},
    {"compute_price", Dimension::segment, Scale::price, "USD per H100e-hour", "what a demand segment pays for compute, over all markets it reaches"},
    {"token_price", Dimension::segment, Scale::price, "USD per million tokens", "token price of a demand segment"},
    {"world_utilisation", Dimension::world, Scale::share, "1", "share of the world fleet that is rented"},
    {"utilisation", Dimension::region, Scale::share, "1", "share of a region's fleet that is rented"},
    {"unserved_share", Dimension::region, Scale::share, "1", "share of demand in a region's markets that a price ceiling leaves unserved"},
    {"demand", Dimension::world, Scale::quantity, "kH100e", "compute demanded over all segments"},
    {"world_fleet", Dimension::world, Scale::quantity, "kH100e", "installed capacity"},
    {"fleet", Dimension::region, Scale::quantity, "kH100e", "installed capacity in a region"},
    {"fleet_share", Dimension::region, Scale::share, "1", "a region's share of the world fleet"},
    {"power_share", Dimension::region, Scale::share, "1", "share of the available power that the fleet draws"},
    {"idle_for_power", Dimension::region, Scale::quantity, "kH100e", "chips delivered and waiting for power or parts"},
    {"power_bound", Dimension::region, Scale::flag, "1", "1 where power or parts kept delivered chips from being installed"},
    {"hhi_fleet", Dimension::world, Scale::concentration, "points", "Herfindahl-Hirschman index of owners by fleet, 0 to 10000"},
    {"cr1_fleet", Dimension::world, Scale::share, "1", "fleet share of the largest owner"},
    {"cr3_fleet", Dimension::world, Scale::share, "1", "fleet share of the three largest owners"},
    {"cr4_fleet", Dimension::world, Scale::share, "1", "fleet share of the four largest owners"},
    {"cr5_fleet", Dimension::world, Scale::share, "1", "fleet share of the five largest owners"},
    {"hhi_revenue", Dimension::world, Scale::concentration, "points", "Herfindahl-Hirschman index of owners by rental revenue"},
    {"cr1_revenue", Dimension::world, Scale::share, "1", "revenue share of the largest owner"},
    {"cr3_revenue", Dimension::world, Scale::share, "1", "revenue share of the three largest owners"},
    {"cr4_revenue", Dimension::world, Scale::share, "1", "revenue share of the four largest owners"},
    {"cr5_revenue", Dimension::world, Scale::share, "1", "revenue share of the five largest owners"},
    {"regional_hhi_fleet", Dimension::region, Scale::concentration, "points", "Herfindahl-Hirschman index of a region's providers by fleet"},
    {"regional_cr1_fleet", Dimension::region, Scale::share, "1", "fleet share of a region's largest provider"},
    {"regional_cr3_fleet", Dimension::region, Scale::share, "1", "fleet share of a region's three largest providers"},
    {"regional_cr4_fleet", Dimension::region, Scale::share, "1", "fleet share of a region's four largest providers"},
    {"regional_cr5_fleet", Dimension::region, Scale::share, "1", "fleet share of a region's five largest providers"},
    {"regional_hhi_revenue", Dimension::region, Scale::concentration, "points", "Herfindahl-Hirschman index of a region's providers by rental revenue"},
    {"regional_cr1_revenue", Dimension::region, Scale::share, "1", "revenue share of a region's largest provider"},
    {"regional_cr3_revenue", Dimension::region, Scale::share, "1", "revenue share of a region's three largest providers"},
    {"regional_cr4_revenue", Dimension::region, Scale::share, "1", "revenue share of a region's four largest providers"},
    {"regional_cr5_revenue", Dimension::region, Scale::share, "1", "revenue share of a region's five largest providers"},
    {"country_hhi", Dimension::world, Scale::concentration, "points", "Herfindahl-Hirschman index of regions by fleet"},
    {"owner_share", Dimension::owner, Scale::share, "1", "an owner's share of the world fleet"},
    {"firms", Dimension::world, Scale::count, "firms", "firms still in the market, the members of fringe units counted"},
    {"exits", Dimension::world, Scale::count, "firms", "firms that have left since the start"},
    {"price_war", Dimension::region, Scale::flag, "1", "1 while a region is in a price war"},
    {"regime", Dimension::export_region, Scale::count, "1", "export regime: 0 open, 1 window, 2 quota, 3 ban"},
    {"sentiment_reversal", Dimension::world, Scale::flag, "1", "1 while sentiment has turned against AI"},
    {"chip_installs", Dimension::region, Scale::quantity, "kH100e", "capacity installed this month; missing in month 0, as all flows of chips"},
    {"domestic_install_share", Dimension::region, Scale::share, "1", "share of a region's installs, by capacity, that its own chip classes make up; missing where it has none, and in month 0"},
    {"leaked_chips", Dimension::region, Scale::quantity, "thousand chips", "chips that reached a region through grey channels this month; missing in month 0"},
    {"capital_spending", Dimension::world, Scale::quantity, "million USD a month", "cost of the chips delivered this month and of the systems around them; missing in month 0"},
    {"efficiency", Dimension::world, Scale::quantity, "1", "tokens per H100e-hour as a multiple of the start"},
    {"price_change", Dimension::layer, Scale::signed_value, "log2", "log2 of the price of a layer over its start: chip, cloud, application, user; at constant efficiency"},
    {"pass_through", Dimension::link, Scale::signed_value, "1", "per cent by which a layer's price rises for one per cent on the layer above, all else equal: offers of clouds by chips, applications by compute, bills by applications"},
    {"user_bill", Dimension::segment, Scale::price, "USD a month", "bill of one user"},
    {"priced_out", Dimension::segment, Scale::share, "1", "share of users whose willingness to pay is under the token price"},
    {"application_margin", Dimension::world, Scale::signed_value, "USD per user and month", "margin of an AI application: paid share times ARPU less cost of tokens"},
};

static_assert(sizeof(measure_table) / sizeof(measure_table[0]) == measure_count, "one line a measure");

/// Flows of chips and of the money spent on them. They begin with month 1: month 0 is observed, and nothing is made, shipped
/// or installed in it.
inline constexpr bool is_flow(Measure measure) {
  return measure == Measure::chip_installs || measure == Measure::domestic_install_share ||
         measure == Measure::leaked_chips || measure == Measure::capital_spending;
}

/// Stands for "not defined here" in a row of measures: a market without capacity, a rate over nothing. Never an
/// arithmetic result; tallied apart.
inline constexpr float missing_value = 3.0e38f;

inline constexpr int layer_count = 4;
inline constexpr int link_count = layer_count - 1;

}  // namespace chokepoint
