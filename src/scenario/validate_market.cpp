#include <algorithm>
#include <map>

#include "chokepoint/market/measure.hpp"
#include "config/field.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"
#include "scenario/taste.hpp"
#include "scenario/validate.hpp"

namespace chokepoint {

namespace {

bool is_less_elastic(const config::Segment& a, const config::Segment& b) {
  return a.elasticity < b.elasticity;
}

const config::Segment* least_elastic(const Scenario& scenario) {
  const auto least = std::min_element(scenario.segments.begin(), scenario.segments.end(), is_less_elastic);
  return least == scenario.segments.end() ? nullptr : &*least;
}

const config::Segment* most_elastic(const Scenario& scenario) {
  const auto most = std::max_element(scenario.segments.begin(), scenario.segments.end(), is_less_elastic);
  return most == scenario.segments.end() ? nullptr : &*most;
}

/// Conduct must stay under every elasticity: at or above it no monopoly price exists.
void check_conduct(const Scenario& scenario, const config::Provider& provider, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"region", "segment", "provider." + provider.name})) return;
  const config::Segment* segment = least_elastic(scenario);
  const int r = index_of(region_names(scenario), provider.region);
  if (!segment || r < 0) return;
  const config::Region& region = scenario.regions[static_cast<std::size_t>(r)];
  const double theta = std::max(region.conduct, region.war.conduct) * provider.conduct_weight / provider.count;
  if (theta < segment->elasticity) return;
  diagnostics.fault("provider." + provider.name + ".conduct_weight",
                    "makes conduct * conduct_weight / count = " + number_text(theta) + " in region '" + region.name +
                        "', at or above the elasticity " + number_text(segment->elasticity) + " of segment '" +
                        segment->name + "'",
                    "lower the region's conduct (also in war) or the weight: no monopoly price exists");
}

void check_service(const config::Provider& provider, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"provider." + provider.name})) return;
  const std::string path = "provider." + provider.name + ".";
  const bool serves_first = provider.kind == "public" || provider.kind == "captive";
  if (serves_first && provider.serves.empty())
    diagnostics.fault(path + "serves", "is empty for a " + provider.kind + " provider",
                      "name the segments that it serves first");
  if (serves_first && !(provider.reserved_share > 0))
    diagnostics.fault(path + "reserved_share", "is 0 for a " + provider.kind + " provider", "allowed: above 0 to 1");
  if (!serves_first && !provider.serves.empty())
    diagnostics.fault(path + "serves", "has no meaning for a " + provider.kind + " provider",
                      "only public and captive ones serve segments first");
  if (!serves_first && provider.reserved_share > 0)
    diagnostics.fault(path + "reserved_share", "has no meaning for a " + provider.kind + " provider",
                      "only public and captive ones reserve");
}

/// An owner has one fleet a region; the firms of a fringe have no other.
void check_owners(const Scenario& scenario, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"provider"})) return;
  std::map<std::string, const config::Provider*> by_owner, by_place;
  for (const config::Provider& provider : scenario.providers) {
    const std::string path = "provider." + provider.name, owner = owner_of(provider);
    const auto [place, place_is_free] = by_place.emplace(owner + "/" + provider.region, &provider);
    if (!place_is_free)
      diagnostics.fault(
          path + ".owner",
          "'" + owner + "' has a fleet in region '" + provider.region + "' already, '" + place->second->name + "'",
          "one provider an owner and region");
    const auto [other, is_new] = by_owner.emplace(owner, &provider);
    if (!is_new && place_is_free && (provider.count > 1 || other->second->count > 1))
      diagnostics.fault(
          path + ".owner",
          "'" + owner + "' is the owner of a fringe and of another provider ('" + other->second->name + "')",
          "a provider with count above 1 has an owner of its own");
  }
}

bool has_fleet(const Scenario& scenario, const std::string& region, const std::string& chip) {
  for (const config::Provider& provider : scenario.providers) {
    const auto fleet = provider.fleet_thousand.find(chip);
    if (provider.region == region && fleet != provider.fleet_thousand.end() && fleet->second > 0) return true;
  }
  return false;
}

/// A segment needs a market that it may use, and one with a fleet at the start: without one it has no price.
void check_reach(const Scenario& scenario, const config::Segment& segment, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"region", "chip", "provider", "market", "segment." + segment.name})) return;
  const std::vector<double> weights = market_weights(scenario, segment);
  if (weights.empty())
    return diagnostics.fault("segment." + segment.name + ".taste", "leaves it no market to rent in",
                             "one chip needs a taste above 0 in a region that is not barred");
  for (std::size_t m = 0; m < weights.size(); ++m) {
    const std::size_t r = m / scenario.chips.size(), c = m % scenario.chips.size();
    if (weights[m] > 0 && has_fleet(scenario, scenario.regions[r].name, scenario.chips[c].name)) return;
  }
  diagnostics.fault("segment." + segment.name, "reaches no market with a fleet at the start",
                    "give a provider in its reach a fleet, or widen trade_cost and taste");
}

void check_layers(const config::Segment& segment, Diagnostics& diagnostics) {
  const auto check = [&](const char* key, double conduct) {
    if (conduct >= segment.elasticity)
      diagnostics.fault(
          "segment." + segment.name + "." + key,
          "is " + number_text(conduct) + ", not under the segment's elasticity, " + number_text(segment.elasticity),
          "allowed: under " + number_text(segment.elasticity) + ", else no mark-up exists");
  };
  check("cloud_conduct", segment.cloud_conduct);
  check("application_conduct", segment.application_conduct);
}

}  // namespace

void check_providers(const Scenario& scenario, Diagnostics& diagnostics) {
  for (const config::Provider& provider : scenario.providers) {
    check_conduct(scenario, provider, diagnostics);
    check_service(provider, diagnostics);
  }
  check_owners(scenario, diagnostics);
}

void check_demand(const Scenario& scenario, Diagnostics& diagnostics) {
  for (const config::Segment& segment : scenario.segments) {
    check_layers(segment, diagnostics);
    check_reach(scenario, segment, diagnostics);
  }
  const config::Segment* most = most_elastic(scenario);
  if (most && scenario.market.sigma <= most->elasticity && diagnostics.sound({"market.sigma"}))
    diagnostics.fault("market.sigma",
                      "is " + number_text(scenario.market.sigma) + ", not above the elasticity of segment '" +
                          most->name + "', " + number_text(most->elasticity),
                      "allowed: above " + number_text(most->elasticity));
}

/// A region where nobody is at home and nobody has a fleet has no price and takes part in nothing: exports to it, power
/// and policies are without effect, and so is being the home of a chip.
void check_regions(const Scenario& scenario, Diagnostics& diagnostics) {
  if (!diagnostics.sound({"region", "provider", "segment"})) return;
  for (const config::Region& region : scenario.regions) {
    const bool has_provider = std::any_of(scenario.providers.begin(), scenario.providers.end(),
                                          [&](const auto& provider) { return provider.region == region.name; });
    const bool has_segment = std::any_of(scenario.segments.begin(), scenario.segments.end(),
                                         [&](const auto& segment) { return segment.home == region.name; });
    if (!has_provider && !has_segment)
      diagnostics.fault("region." + region.name, "has no provider and no segment, so nothing happens in it",
                        "give it one of them, or leave the region out");
  }
}

void check_events(const Scenario& scenario, Diagnostics& diagnostics) {
  for (const config::Event& event : scenario.events)
    if (event.above.has_value() == event.below.has_value() && diagnostics.sound({"event." + event.name}))
      diagnostics.fault("event." + event.name, event.above ? "has both above and below" : "has neither above nor below",
                        "give one of them");
  for (const config::Event& event : scenario.events)
    if (event.relative && is_flow(measure_of(event.measure)) && diagnostics.sound({"event." + event.name}))
      diagnostics.fault(
          "event." + event.name + ".relative",
          "asks for a multiple of month 0, in which '" + event.measure + "' has no value: flows begin with month 1",
          "give a threshold in the measure's unit and leave `relative` out");
  for (const config::Event& event : scenario.events)
    if (event.relative && starts_at_zero(measure_of(event.measure)) && diagnostics.sound({"event." + event.name}))
      diagnostics.fault("event." + event.name + ".relative",
                        "asks for a multiple of month 0, in which '" + event.measure + "' is 0",
                        "give a threshold in the measure's unit and leave `relative` out");
}

}  // namespace chokepoint
