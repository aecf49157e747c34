#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/json_text.hpp"

/// The properties that hold in every market and scenario, and a book of how far random cases stay from breaking them.
namespace chokepoint::verification {

enum class Property {
  // Of markets cleared once.
  market_unique,
  market_substitutes,
  market_conduct,
  market_capacity,
  market_money,
  market_quantities,
  market_relabelled,
  market_hhi,
  market_books,
  sigma_enforced,
  // Of scenarios.
  unique,
  substitutes,
  capacity,
  money,
  quantities,
  relabelled,
  clears,
  numbers,
  negative,
  chips,
  shipments,
  revenue,
  rationing,
  priority,
  rented,
  power,
  parts,
  quota,
  ban,
  lasting_ban,
  leaking_ban,
  hhi,
  shares,
  count
};

struct PropertyInfo {
  const char* name;
  const char* statement;  ///< one line of docs/verification.md
  const char* measured;   ///< what `worst` tells; 0 or less where the statement holds to the last digit
  double allowed;         ///< how much of it is rounding or the solver's tolerance
  bool claimed = true;    ///< false: it does not hold, and the page says how often and why
};

const PropertyInfo& info(Property property);

/// How far the statement was from holding over all cases seen.
struct Record {
  std::uint64_t cases = 0, exceptions = 0, seed = 0;  ///< seed: of the worst case
  double worst = -1e300;
};

class Ledger {
 public:
  Ledger() : records_(static_cast<std::size_t>(Property::count)) {}

  /// From here on cases are those of this seed.
  void begin(std::uint64_t seed) { seed_ = seed; }
  /// One case: by how much the statement fails, 0 or less where it holds. More than `allowed` is an exception.
  void note(Property property, double failure);
  const Record& operator[](Property property) const { return records_[static_cast<std::size_t>(property)]; }
  bool holds(Property property) const;
  Json to_json() const;  ///< of the properties seen

 private:
  std::vector<Record> records_;
  std::uint64_t seed_ = 0;
};

/// Examines one random market, or one random scenario and its first path. The same seed gives the same case.
void examine_market(std::uint64_t seed, Ledger& ledger);
void examine_scenario(std::uint64_t seed, Ledger& ledger);

}  // namespace chokepoint::verification
