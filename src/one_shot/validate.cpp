#include <algorithm>

#include "chokepoint/market/one_shot/system.hpp"
#include "config/reader.hpp"
#include "config/spelling.hpp"
#include "one_shot/lower.hpp"
#include "one_shot/parts.hpp"

namespace chokepoint {

std::string element_path(const char* list, const std::string& name, std::size_t index) {
  return name.empty() ? std::string(list) + "[" + std::to_string(index) + "]" : std::string(list) + "." + name;
}

int market_of(const OneShot& one_shot, const std::string& name) {
  for (std::size_t m = 0; m < one_shot.markets.size(); ++m)
    if (one_shot.markets[m].name == name) return static_cast<int>(m);
  return 0;
}

namespace {

class Check {
 public:
  Check(const OneShot& one_shot, Diagnostics& diagnostics) : o_(one_shot), diagnostics_(diagnostics) {
    for (const auto& market : o_.markets) market_names_.push_back(market.name);
  }

  void all() {
    if (o_.firms.empty() && !diagnostics_.has_fault("shares") && !diagnostics_.has_fault("firm"))
      diagnostics_.fault("", "has no firm", "give [[firm]] tables, or shares = [..] for a mere count");
    if (o_.firms.size() > one_shot_firms)
      diagnostics_.fault("", "has more than " + std::to_string(one_shot_firms) + " firms");
    for (std::size_t i = 0; i < o_.firms.size(); ++i)
      check_firm(o_.firms[i], element_path("firm", o_.firms[i].name, i));
    for (std::size_t s = 0; s < o_.segments.size(); ++s)
      check_segment(s, element_path("segment", o_.segments[s].name, s));
  }

 private:
  void check_market_name(const std::string& name, const std::string& path, bool required) {
    if (name.empty()) {
      if (required && market_names_.size() > 1 && !diagnostics_.has_fault(path))
        diagnostics_.fault(path, "is missing", "there is more than one market: " + list_text(market_names_));
    } else if (std::find(market_names_.begin(), market_names_.end(), name) == market_names_.end()) {
      diagnostics_.fault(path, "there is no market '" + name + "'", suggestion(name, market_names_));
    }
  }

  void exclude(bool given, const std::string& path, const char* why) {
    if (given) diagnostics_.fault(path, "has no meaning here", why);
  }

  void exclude_given(const std::string& path, const char* why) { exclude(diagnostics_.is_given(path), path, why); }

  void need(bool given, const std::string& path, const char* help) {
    if (!given && !diagnostics_.has_fault(path))
      diagnostics_.fault(path, "is missing", std::string("it has to be given: ") + help);
  }

  void check_firm(const config::OneShotFirm& firm, const std::string& path) {
    check_market_name(firm.market, path + ".market", true);
    if (firm.quantity || diagnostics_.has_fault(path + ".quantity")) {
      const char* why = "a firm with a fixed quantity decides nothing; take out the key, or the quantity";
      for (const char* key : {"cost", "slope", "capacity_scale", "beta", "capacity", "conduct", "dispersion"})
        exclude_given(path + "." + key, why);
      return;
    }
    need(firm.cost.has_value(), path + ".cost", "marginal cost of the first unit; or a fixed quantity");
    if (o_.segments.empty())
      diagnostics_.fault(path, "has no buyers to respond to", "give a [[segment]], or a quantity to each firm");
    if (!(firm.conduct > 0) && !(firm.slope > 0) && !firm.capacity && diagnostics_.sound({path}))
      diagnostics_.fault(path + ".conduct", "leaves the supply of a price-taker at a constant cost without limit",
                         "give it a capacity or a slope");
    check_cost(firm, path);
  }

  void check_cost(const config::OneShotFirm& firm, const std::string& path) {
    if (!diagnostics_.sound({path})) return;
    if (firm.slope > 0) {
      exclude_given(path + ".dispersion",
                    "it spreads a constant cost, and this one rises with `slope`; take one of them out");
      if (firm.capacity && !firm.capacity_scale)
        diagnostics_.fault(path + ".capacity_scale", "is missing beside a capacity and a slope",
                           "it has to be given: the output at which marginal cost has risen by `slope`, say " +
                               number_text(*firm.capacity));
      return;
    }
    for (const char* key : {"capacity_scale", "beta"})
      exclude_given(path + "." + key,
                    "it shapes a rising cost, and there is no `slope` above 0; give one, or take out the key");
    if (!firm.capacity)
      exclude_given(path + ".dispersion",
                    "it spreads the cost over the capacity, and there is none; give a capacity, or take out the key");
    if (firm.cost == 0.0)
      exclude_given(path + ".dispersion", "it is a share of the cost, and the cost is 0; take out the key");
  }

  void check_segment(std::size_t s, const std::string& path) {
    const config::OneShotSegment& segment = o_.segments[s];
    check_market_name(segment.market, path + ".market", segment.form == "linear");
    const bool has_choice = market_names_.size() > 1;
    if (!has_choice) exclude_given(path + ".weight", "there is one market to buy in; take out the key");
    for (const auto* map : {&segment.weight, &segment.trade_cost}) {
      const std::string key = path + (map == &segment.weight ? ".weight" : ".trade_cost");
      if (diagnostics_.has_fault(key)) continue;
      for (const auto& [name, value] : *map) check_market_name(name, key + "." + name, false);
      exclude(!map->empty() && !segment.market.empty(), key, "the segment buys in the one `market` it names");
    }
    if (diagnostics_.has_fault(path + ".form")) return;
    if (segment.form == "linear")
      check_linear(s, segment, path);
    else
      check_isoelastic(segment, path);
  }

  void check_linear(std::size_t s, const config::OneShotSegment& segment, const std::string& path) {
    const char* why = "the demand is linear: p = intercept - slope Q";
    need(segment.intercept.has_value(), path + ".intercept", "the choke price");
    need(segment.slope.has_value(), path + ".slope", "fall of the price per unit");
    exclude(segment.quantity.has_value(), path + ".quantity", why);
    exclude(segment.elasticity.has_value(), path + ".elasticity", why);
    exclude(segment.sigma.has_value(), path + ".sigma", why);
    exclude(!segment.weight.empty(), path + ".weight", why);
    exclude(!segment.trade_cost.empty(), path + ".trade_cost", why);
    exclude_given(path + ".price", why);
    const int market = market_of(o_, segment.market);
    for (std::size_t other = 0; other < o_.segments.size(); ++other)
      if (other != s && buys_in(o_.segments[other], market))
        return diagnostics_.fault(path, "shares its market with another segment",
                                  "allowed: linear demand only as the only buyers of a market");
  }

  void check_isoelastic(const config::OneShotSegment& segment, const std::string& path) {
    const char* why = "the demand is isoelastic; write form = \"linear\" for p = intercept - slope Q";
    const bool is_linear = segment.intercept.has_value() || segment.slope.has_value();
    if (is_linear && !segment.quantity && !segment.elasticity && !diagnostics_.is_given(path + ".form"))
      return diagnostics_.fault(path + ".form", "is missing beside the keys of a linear demand",
                                "write form = \"linear\" for p = intercept - slope Q");
    need(segment.quantity.has_value(), path + ".quantity", "quantity bought at `price`");
    need(segment.elasticity.has_value(), path + ".elasticity", "price elasticity of demand");
    exclude(segment.intercept.has_value(), path + ".intercept", why);
    exclude(segment.slope.has_value(), path + ".slope", why);
    check_choice(segment, path);
    const std::size_t markets = markets_of(segment).size();
    const std::string barring = path + (segment.weight.empty() ? ".trade_cost" : ".weight");
    if (markets == 0 && segment.market.empty() && !diagnostics_.has_fault(barring))
      diagnostics_.fault(barring, "leaves no market to buy in", "take out what bars the segment from one of them");
    if (markets < 2) return;
    need(segment.sigma.has_value(), path + ".sigma", "elasticity of substitution between the markets");
    if (segment.sigma && segment.elasticity && *segment.sigma <= *segment.elasticity)
      diagnostics_.fault(path + ".sigma", "is not above the elasticity (" + number_text(*segment.sigma) + ")",
                         "allowed: above " + number_text(*segment.elasticity) + ", so that markets are substitutes");
  }

  /// What says how buyers choose between markets has to say it of all of them, and needs some to choose from.
  void check_choice(const config::OneShotSegment& segment, const std::string& path) {
    for (const std::string& market : market_names_)
      if (!segment.weight.empty() && segment.weight.count(market) == 0 && market_names_.size() > 1)
        diagnostics_.fault(path + ".weight." + market, "is missing beside the weights of other markets",
                           "it has to be given; 0 bars the segment from this market");
    const std::vector<int> all = markets_of(segment);
    if (all.size() == 1 && trade_cost_of(segment, all[0]) != 1)
      diagnostics_.fault(path + ".trade_cost." + market_names_[static_cast<std::size_t>(all[0])],
                         "changes nothing in the only market that the segment buys in",
                         "costs of trade are relative to other markets; raise the cost of the firms instead");
    if (market_names_.size() < 2 || !segment.market.empty())
      exclude_given(path + ".sigma", "there is one market to buy in; take out the key");
  }

  double trade_cost_of(const config::OneShotSegment& segment, int market) const {
    const auto found = segment.trade_cost.find(market_names_[static_cast<std::size_t>(market)]);
    return found == segment.trade_cost.end() ? 1 : found->second;
  }

  bool buys_in(const config::OneShotSegment& segment, int market) const {
    const std::vector<int> all = markets_of(segment);
    return std::find(all.begin(), all.end(), market) != all.end();
  }

  std::vector<int> markets_of(const config::OneShotSegment& segment) const {
    std::vector<int> all;
    for (int m = 0; m < static_cast<int>(o_.markets.size()); ++m)
      if (buys(segment, o_, m)) all.push_back(m);
    return all;
  }

  const OneShot& o_;
  Diagnostics& diagnostics_;
  std::vector<std::string> market_names_;
};

}  // namespace

void validate(const OneShot& one_shot, Diagnostics& diagnostics) {
  Check(one_shot, diagnostics).all();
}

}  // namespace chokepoint
