#include "scenario/remarks.hpp"

#include <algorithm>

#include "chokepoint/market/limits.hpp"
#include "config/field.hpp"
#include "scenario/keys.hpp"
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

/// A regime that a row of the chain leads to and that has no row of its own is never left: a slip, unless it is meant.
std::string never_left(const config::Export& rules, std::size_t to) {
  const config::Names& words = regime_words();
  if (rules.transition.from[to]) return "";
  for (std::size_t from = 0; from < regime_count; ++from) {
    const auto& row = rules.transition.from[from];
    if (!row || !((*row)[to] > 0)) continue;
    return "export." + rules.export_class + "." + rules.region + ".transition leads to '" + words[to] + "' (" +
           number_text((*row)[to]) + " a month from '" + words[from] + "') and has no row '" + words[to] +
           "', so that it is never left; give that row";
  }
  return "";
}

}  // namespace

std::vector<std::string> remarks_on(const Scenario& scenario) {
  std::vector<std::string> remarks;
  for (const config::Export& rules : scenario.exports)
    for (std::size_t to = 0; to < regime_count; ++to)
      if (std::string remark = never_left(rules, to); !remark.empty()) remarks.push_back(std::move(remark));
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
