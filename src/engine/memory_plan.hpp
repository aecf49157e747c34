#pragma once

#include <cstddef>
#include <cstdint>

#include "chokepoint/base/crew.hpp"
#include "chokepoint/engine.hpp"

/// What a run takes beside its tallies and blocks of paths (planned_memory), measured with some to spare.
namespace chokepoint {

/// Building, compressing and reading back the files of a result: statistics, their texts and the bytes of the tallies a
/// row, and what the netCDF library sets aside.
inline std::uint64_t writing_memory(std::size_t rows) {
  constexpr std::uint64_t library = std::uint64_t{48} << 20, row = std::uint64_t{2} << 10;
  return library + row * rows;
}

/// Of this, what the netCDF library needs at the least.
inline std::uint64_t least_writing_memory(std::size_t rows) {
  return writing_memory(rows) / 3;
}

/// planned_memory() where a measure takes so many octaves in a month, as a mean over all of them.
PlannedMemory planned_memory(const Scenario& scenario, const RunOptions& options, double octaves);

inline std::uint64_t stack_memory(int threads) {
  return static_cast<std::uint64_t>(threads) * worker_stack_bytes;
}

}  // namespace chokepoint
