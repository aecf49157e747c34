#include "verification/ledger.hpp"

#include <cmath>

namespace chokepoint::verification {
namespace {

constexpr double price_rounding = 1e-7;  ///< in log2, of prices solved to 1e-10
constexpr double sweep_rounding = 1e-5;  ///< in log2, of prices found by the solver's last resort
constexpr double size_rounding = 1e-4;   ///< quotients are kept defined by 1e-9 thousand chips, whatever the size
constexpr double sum_rounding = 1e-9;    ///< of sums in double over a path
constexpr double row_rounding = 1e-6;    ///< of measures, which are floats

constexpr PropertyInfo table[] = {
    {"market-unique", "A market has one answer: starts from 1e-4 to 1e4 end at the same prices.", "log2 price",
     price_rounding},
    {"market-substitutes", "With price-takers, more demand of one segment lowers no price.", "log2 price",
     price_rounding},
    {"market-conduct",
     "With market power too? Not always: a price falls where elastic buyers come in and firms see a more elastic "
     "demand.",
     "log2 price", price_rounding, false},
    {"market-capacity", "More capacity of one firm never raises the price of its own market.", "log2 price",
     price_rounding},
    {"market-money", "Costs and willingness to pay times k: prices times k, quantities the same.", "log2 price",
     price_rounding},
    {"market-quantities", "Demand and capacity times k: the same prices.", "log2 price", price_rounding},
    {"market-relabelled", "Markets, segments and firms in another order: the same prices in that order.", "log2 price",
     price_rounding},
    {"market-hhi", "The HHI of n firms lies between 10000/n and 10000.", "relative", 1e-12},
    {"market-books", "What firms sell is what segments buy, in quantities and in money.", "relative", 1e-6},
    {"sigma-enforced", "A scenario with sigma at or under an elasticity is refused, one just above is read.",
     "refusals amiss", 0},
    {"unique",
     "Month 0 has one answer wherever a thousandth of an H100 is rented: starts at 0.01, 2.5 and 1000 USD end at the "
     "same prices.",
     "log2 price", sweep_rounding},
    {"substitutes", "With price-takers, more demand of one segment lowers no price in month 0.", "log2 price",
     price_rounding},
    {"capacity",
     "With power to spare, a larger fleet never raises its own market's price in month 0, if a millionth of it is "
     "wanted.",
     "log2 price", price_rounding},
    {"money",
     "All money times k: every price, bill and spending times k on the path while every segment has a market, all else "
     "the same.",
     "relative", row_rounding},
    {"quantities",
     "All quantities and budgets times k: fleets, demand and flows times k on the path while every class is made and "
     "ordered, prices the same.",
     "relative", size_rounding},
    {"relabelled",
     "Without noise, regions, providers, classes and segments in another order: the same path in that order.",
     "relative", row_rounding},
    {"clears",
     "Supply is demand in every market with capacity; where a ceiling leaves demand short, no fleet holds back.",
     "of the larger of demand and capacity", 1e-9},
    {"numbers", "Every measure is a finite number or marked as missing, and prices are positive.", "values amiss", 0},
    {"negative", "No stock, fleet, shipment, rental or spending is negative.", "least value", 0},
    {"chips", "Every chip made is in stock, under way, waiting, at work, failed, retired or scrapped.", "relative",
     sum_rounding},
    {"shipments", "What leaves the vendor is delivered or returned.", "relative", sum_rounding},
    {"revenue", "Revenue of the providers is price times what is rented, plus own service at its price.", "relative",
     sum_rounding},
    {"rationing", "Nobody is delivered more than ordered.", "relative", 1e-12},
    {"priority", "Where chips are rationed, a higher priority is never served in a smaller part.", "part of the order",
     sum_rounding},
    {"rented", "No fleet rents out more than it offers.", "relative", 1e-12},
    {"power", "New chips never take a region over its available power.", "relative", sum_rounding},
    {"parts", "Installs of a month never exceed what any component pool can equip.", "relative", sum_rounding},
    {"quota", "What enters under a quota, leaks apart, never exceeds it.", "relative", sum_rounding},
    {"ban", "Of the same chips ordered before it, a ban lets no more into its region than any other regime.",
     "relative", sum_rounding},
    {"lasting-ban", "A ban without leaks from month 2 on never raises deliveries of its class over the path.",
     "relative", sum_rounding},
    {"leaking-ban",
     "With leaks too? Not always: scarcity raises orders, grey orders arrive in full, and a cap on the region's share "
     "does not stop them.",
     "relative", sum_rounding, false},
    {"hhi", "Every HHI lies between 10000 over the number of firms and 10000.", "relative", row_rounding},
    {"shares", "Shares, utilisation and concentration ratios lie between 0 and 1, and ratios rise with their number.",
     "amount", row_rounding},
};
static_assert(sizeof(table) / sizeof(table[0]) == static_cast<std::size_t>(Property::count), "one line a property");

}  // namespace

const PropertyInfo& info(Property property) {
  return table[static_cast<std::size_t>(property)];
}

void Ledger::note(Property property, double failure) {
  Record& record = records_[static_cast<std::size_t>(property)];
  ++record.cases;
  if (!(failure <= info(property).allowed)) ++record.exceptions;
  if (failure <= record.worst) return;  // a NaN goes on: it breaks every statement
  record.worst = std::isfinite(failure) ? failure : 1e300;
  record.seed = seed_;
}

bool Ledger::holds(Property property) const {
  const Record& record = (*this)[property];
  return record.cases > 0 && (record.exceptions == 0 || !info(property).claimed);
}

Json Ledger::to_json() const {
  Json out = Json::object();
  for (std::size_t k = 0; k < records_.size(); ++k) {
    const Record& record = records_[k];
    if (record.cases == 0) continue;
    out[table[k].name] = {{"statement", table[k].statement}, {"measured", table[k].measured},
                          {"allowed", table[k].allowed},     {"claimed", table[k].claimed},
                          {"cases", record.cases},           {"exceptions", record.exceptions},
                          {"worst", record.worst},           {"seed", record.seed}};
  }
  return out;
}

}  // namespace chokepoint::verification
