#pragma once

#include <cstdint>

namespace chokepoint {

/// What a draw is for. The numbers enter the counters: they never change and are never used again; new sources go to
/// the end.
enum class Source : std::uint32_t {
  demand = 1,     ///< segments' demand and its common factor
  efficiency,     ///< compute per token: diffusion and jumps
  sentiment,      ///< boom and reversal
  fab,            ///< yield of fab pools
  outage,         ///< arrival and severity of fab outages
  export_regime,  ///< Markov chains of export rules
  power,          ///< growth of regional power and its build queue
  grid_shock,     ///< shocks to the grids
  component,      ///< capacity of the other components
  conduct,        ///< start and end of price wars
};

/// Their words in configs, in the order of their numbers.
inline constexpr const char* source_names[] = {"demand",        "efficiency", "sentiment",  "fab",       "outage",
                                               "export_regime", "power",      "grid_shock", "component", "conduct"};
static_assert(sizeof(source_names) / sizeof(source_names[0]) == static_cast<int>(Source::conduct), "one a source");

/// Slots for seeds: more than there are sources, so that a new source moves nothing in a parameter block.
inline constexpr int source_count = 16;

/// One seed per source, at the source's number.
struct SourceSeeds {
  std::uint64_t seed[source_count];
};

}  // namespace chokepoint
