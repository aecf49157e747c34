#include "scenario/remarks.hpp"

#include <algorithm>

#include "scenario/taste.hpp"

namespace chokepoint {
namespace {

/// Whether some segment may rent some chip in region `r`.
bool is_rented_in(const Scenario& scenario, std::size_t r) {
  const std::size_t chips = scenario.chips.size();
  return std::any_of(scenario.segments.begin(), scenario.segments.end(), [&](const config::Segment& segment) {
    const std::vector<double> weights = market_weights(scenario, segment);
    return std::any_of(weights.begin() + static_cast<std::ptrdiff_t>(r * chips),
                       weights.begin() + static_cast<std::ptrdiff_t>((r + 1) * chips),
                       [](double weight) { return weight > 0; });
  });
}

}  // namespace

std::vector<std::string> remarks_on(const Scenario& scenario) {
  std::vector<std::string> remarks;
  for (std::size_t r = 0; r < scenario.regions.size(); ++r) {
    const std::string& name = scenario.regions[r].name;
    const bool has_provider = std::any_of(scenario.providers.begin(), scenario.providers.end(),
                                          [&](const config::Provider& provider) { return provider.region == name; });
    if (!has_provider)
      remarks.push_back("region." + name + " has no provider, so nothing is rented there and it has no price");
    else if (!is_rented_in(scenario, r))
      remarks.push_back("region." + name + " has providers, but no segment may rent there (its trade_cost bars it)");
  }
  return remarks;
}

}  // namespace chokepoint
