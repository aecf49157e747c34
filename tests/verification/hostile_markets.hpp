#pragma once

#include <cstdint>
#include <vector>

#include "output/json_text.hpp"

/// The solver of the monthly model on rental markets meant to break it: capacities over nine orders of magnitude or
/// none, demand far beyond supply or next to nothing, near-monopolies, sigma next to the elasticities or at its largest,
/// sharp kinks, costs hardly spread, barred regions, price ceilings.
namespace chokepoint::verification {

struct HostileReport {
  std::uint64_t cases = 0, rationed = 0, empty = 0;  ///< with a market at its ceiling; with a market without capacity
  std::uint64_t unsolved = 0;                        ///< missed the tolerance
  std::uint64_t out_of_range = 0;                    ///< of these: a price would have to leave 2^-20 to 2^20 USD
  std::uint64_t solved_in_double = 0;                ///< of the rest: solved in double, so a limit of float
  std::vector<std::uint64_t> unsolved_seeds;         ///< of the rest, the first few
  std::vector<std::uint64_t> iterations;             ///< cases by iterations of the solver
  double largest_residual = 0;                       ///< of those that count as solved
  Json to_json() const;
};

/// Solves the markets of seeds first .. first + count - 1 in float, from 2.5 USD, with the limits that scenarios have by
/// default. A market that only this arithmetic leaves unsolved is solved again in double.
HostileReport solve_hostile_markets(std::uint64_t first, std::uint64_t count, int newton_limit = 40, int sweep_limit = 40);

}  // namespace chokepoint::verification
