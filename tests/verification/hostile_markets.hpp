#pragma once

#include <cstdint>
#include <vector>

#include "output/json_text.hpp"

/// The solver of the monthly model on rental markets meant to break it: capacities over nine orders of magnitude or
/// none, demand far beyond supply or next to nothing, near-monopolies, sigma next to the elasticities or at its
/// largest, kinks as sharp and costs as little spread as scenarios may have them, barred regions, price ceilings.
namespace chokepoint::verification {

struct HostileReport {
  std::uint64_t cases = 0, rationed = 0, empty = 0;  ///< with a market at its ceiling; with a market without capacity
  std::uint64_t beyond =
      0;  ///< reported as unsolved, and rightly: in double, with wider limits, they clear out of range
  std::uint64_t unsolved = 0;                 ///< reported as unsolved although they could be solved
  std::vector<std::uint64_t> unsolved_seeds;  ///< of these, the first few
  std::vector<std::uint64_t> iterations;      ///< cases by iterations of the solver
  double largest_residual = 0;                ///< of those that count as solved
  Json to_json() const;
};

/// Solves the markets of seeds first .. first + count - 1 in float, from 2.5 USD, with the limits that scenarios have
/// by default. One that is left unsolved is solved again in double, with prices up to 2^60 USD, to see whether it
/// clears at prices out of range: beyond 2^20 USD, or so far apart that single precision cannot tell a segment's
/// demand.
HostileReport solve_hostile_markets(std::uint64_t first, std::uint64_t count, int newton_limit = 40,
                                    int sweep_limit = 40);

}  // namespace chokepoint::verification
