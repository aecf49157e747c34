#pragma once

#include "chokepoint/market/measure.hpp"

/// The measures of each month on every path: one line for each measure, in the order of `Measure`. How to
/// add one: docs/architecture.md.
namespace chokepoint {

struct MeasureInfo {
  const char* name;
  Dimension dimension;
  Scale scale;
  Worse worse;
  const char* unit;
  const char* meaning;
};

inline constexpr MeasureInfo measure_table[] = {
    {"world_price", Dimension::world, Scale::price, Worse::higher, "USD per H100e-hour",
     "rental price, mean over markets weighted by quantity"},
    {"regional_price", Dimension::region, Scale::price, Worse::higher, "USD per H100e-hour",
     "rental price in a region, mean over chip classes weighted by quantity"},
    {"rental_price", Dimension::market, Scale::price, Worse::higher, "USD per H100e-hour",
     "rental price of a chip class in a region; missing where there is no capacity"},
    {"chip_price", Dimension::chip_class, Scale::price, Worse::higher, "thousand USD", "vendor price of one chip"},
    {"compute_price", Dimension::segment, Scale::price, Worse::higher, "USD per H100e-hour",
     "what a demand segment pays for compute, over all markets it reaches"},
    {"token_price", Dimension::segment, Scale::price, Worse::higher, "USD per million tokens",
     "token price of a demand segment"},
    {"world_utilisation", Dimension::world, Scale::share, Worse::neither, "1",
     "share of the world fleet that is rented"},
    {"utilisation", Dimension::region, Scale::share, Worse::neither, "1", "share of a region's fleet that is rented"},
    {"unserved_share", Dimension::region, Scale::share, Worse::higher, "1",
     "share of demand in a region's markets that a price ceiling leaves unserved"},
    {"demand", Dimension::world, Scale::quantity, Worse::neither, "kH100e", "compute demanded over all segments"},
    {"world_fleet", Dimension::world, Scale::quantity, Worse::lower, "kH100e", "installed capacity"},
    {"fleet", Dimension::region, Scale::quantity, Worse::lower, "kH100e", "installed capacity in a region"},
    {"fleet_share", Dimension::region, Scale::share, Worse::neither, "1", "a region's share of the world fleet"},
    {"power_share", Dimension::region, Scale::share, Worse::neither, "1",
     "share of the available power that the fleet draws"},
    {"idle_for_power", Dimension::region, Scale::quantity, Worse::higher, "kH100e",
     "chips delivered and waiting for power or parts"},
    {"power_bound", Dimension::region, Scale::flag, Worse::higher, "1",
     "1 where power or parts kept delivered chips from being installed"},
    {"hhi_fleet", Dimension::world, Scale::concentration, Worse::higher, "points",
     "Herfindahl-Hirschman index of owners by fleet, 0 to 10000"},
    {"cr1_fleet", Dimension::world, Scale::share, Worse::higher, "1", "fleet share of the largest owner"},
    {"cr3_fleet", Dimension::world, Scale::share, Worse::higher, "1", "fleet share of the three largest owners"},
    {"cr4_fleet", Dimension::world, Scale::share, Worse::higher, "1", "fleet share of the four largest owners"},
    {"cr5_fleet", Dimension::world, Scale::share, Worse::higher, "1", "fleet share of the five largest owners"},
    {"hhi_revenue", Dimension::world, Scale::concentration, Worse::higher, "points",
     "Herfindahl-Hirschman index of owners by rental revenue"},
    {"cr1_revenue", Dimension::world, Scale::share, Worse::higher, "1", "revenue share of the largest owner"},
    {"cr3_revenue", Dimension::world, Scale::share, Worse::higher, "1", "revenue share of the three largest owners"},
    {"cr4_revenue", Dimension::world, Scale::share, Worse::higher, "1", "revenue share of the four largest owners"},
    {"cr5_revenue", Dimension::world, Scale::share, Worse::higher, "1", "revenue share of the five largest owners"},
    {"regional_hhi_fleet", Dimension::region, Scale::concentration, Worse::higher, "points",
     "Herfindahl-Hirschman index of a region's providers by fleet"},
    {"regional_cr1_fleet", Dimension::region, Scale::share, Worse::higher, "1",
     "fleet share of a region's largest provider"},
    {"regional_cr3_fleet", Dimension::region, Scale::share, Worse::higher, "1",
     "fleet share of a region's three largest providers"},
    {"regional_cr4_fleet", Dimension::region, Scale::share, Worse::higher, "1",
     "fleet share of a region's four largest providers"},
    {"regional_cr5_fleet", Dimension::region, Scale::share, Worse::higher, "1",
     "fleet share of a region's five largest providers"},
    {"regional_hhi_revenue", Dimension::region, Scale::concentration, Worse::higher, "points",
     "Herfindahl-Hirschman index of a region's providers by rental revenue"},
    {"regional_cr1_revenue", Dimension::region, Scale::share, Worse::higher, "1",
     "revenue share of a region's largest provider"},
    {"regional_cr3_revenue", Dimension::region, Scale::share, Worse::higher, "1",
     "revenue share of a region's three largest providers"},
    {"regional_cr4_revenue", Dimension::region, Scale::share, Worse::higher, "1",
     "revenue share of a region's four largest providers"},
    {"regional_cr5_revenue", Dimension::region, Scale::share, Worse::higher, "1",
     "revenue share of a region's five largest providers"},
    {"country_hhi", Dimension::world, Scale::concentration, Worse::higher, "points",
     "Herfindahl-Hirschman index of regions by fleet"},
    {"owner_share", Dimension::owner, Scale::share, Worse::neither, "1", "an owner's share of the world fleet"},
    {"firms", Dimension::world, Scale::count, Worse::lower, "firms",
     "firms still in the market, the members of fringe units counted"},
    {"exits", Dimension::world, Scale::count, Worse::higher, "firms", "firms that have left since the start"},
    {"price_war", Dimension::region, Scale::flag, Worse::neither, "1", "1 while a region is in a price war"},
    {"regime", Dimension::export_region, Scale::count, Worse::higher, "1",
     "export regime: 0 open, 1 window, 2 quota, 3 ban"},
    {"sentiment_reversal", Dimension::world, Scale::flag, Worse::neither, "1",
     "1 while sentiment has turned against AI"},
    {"chip_installs", Dimension::region, Scale::quantity, Worse::lower, "kH100e",
     "capacity installed this month; missing in month 0, as all flows of chips"},
    {"domestic_install_share", Dimension::region, Scale::share, Worse::neither, "1",
     "share of a region's installs, by capacity, that its own chip classes make up; missing "
     "where it has none, and in month 0"},
    {"leaked_chips", Dimension::region, Scale::quantity, Worse::neither, "thousand chips",
     "chips that reached a region through grey channels this month; missing in month 0"},
    {"capital_spending", Dimension::world, Scale::quantity, Worse::neither, "million USD a month",
     "cost of the chips delivered this month and of the systems around them; missing in month 0"},
    {"efficiency", Dimension::world, Scale::quantity, Worse::lower, "1",
     "tokens per H100e-hour as a multiple of the start"},
    {"price_change", Dimension::layer, Scale::signed_value, Worse::higher, "log2",
     "log2 of the price of a layer over its start: chip, cloud, application, user; at constant efficiency"},
    {"pass_through", Dimension::link, Scale::signed_value, Worse::neither, "1",
     "per cent by which a layer's price rises for one per cent on the layer above, all else equal: "
     "offers of clouds by chips, applications by compute, bills by applications"},
    {"user_bill", Dimension::segment, Scale::price, Worse::higher, "USD a month", "bill of one user"},
    {"priced_out", Dimension::segment, Scale::share, Worse::higher, "1",
     "share of users whose willingness to pay is under the token price"},
    {"application_margin", Dimension::world, Scale::signed_value, Worse::lower, "USD per user and month",
     "margin of an AI application: paid share times ARPU less cost of tokens"},
};

static_assert(sizeof(measure_table) / sizeof(measure_table[0]) == measure_count, "one line a measure");

inline constexpr const MeasureInfo& info_of(Measure measure) {
  return measure_table[static_cast<int>(measure)];
}

}  // namespace chokepoint
