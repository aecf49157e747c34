#include "chokepoint/comparison.hpp"

namespace chokepoint {

/// From where those stand who buy compute and what is made of it: dearer, scarcer, fewer to buy from is worse.
Worse worse_when(Measure measure) {
  switch (measure) {
    case Measure::world_price:
    case Measure::regional_price:
    case Measure::rental_price:
    case Measure::chip_price:
    case Measure::compute_price:
    case Measure::token_price:
    case Measure::unserved_share:
    case Measure::idle_for_power:
    case Measure::power_bound:
    case Measure::hhi_fleet:
    case Measure::cr1_fleet:
    case Measure::cr3_fleet:
    case Measure::cr4_fleet:
    case Measure::cr5_fleet:
    case Measure::hhi_revenue:
    case Measure::cr1_revenue:
    case Measure::cr3_revenue:
    case Measure::cr4_revenue:
    case Measure::cr5_revenue:
    case Measure::regional_hhi_fleet:
    case Measure::regional_cr1_fleet:
    case Measure::regional_cr3_fleet:
    case Measure::regional_cr4_fleet:
    case Measure::regional_cr5_fleet:
    case Measure::regional_hhi_revenue:
    case Measure::regional_cr1_revenue:
    case Measure::regional_cr3_revenue:
    case Measure::regional_cr4_revenue:
    case Measure::regional_cr5_revenue:
    case Measure::country_hhi:
    case Measure::exits:
    case Measure::regime:
    case Measure::price_change:
    case Measure::user_bill:
    case Measure::priced_out:
      return Worse::higher;
    case Measure::world_fleet:
    case Measure::fleet:
    case Measure::firms:
    case Measure::chip_installs:
    case Measure::efficiency:
    case Measure::application_margin:
      return Worse::lower;
    case Measure::world_utilisation:
    case Measure::utilisation:
    case Measure::demand:
    case Measure::fleet_share:
    case Measure::power_share:
    case Measure::owner_share:
    case Measure::price_war:
    case Measure::sentiment_reversal:
    case Measure::domestic_install_share:
    case Measure::leaked_chips:
    case Measure::capital_spending:
    case Measure::pass_through:
    case Measure::count:
      return Worse::neither;
  }
  return Worse::neither;
}

}  // namespace chokepoint
