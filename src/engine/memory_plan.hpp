#pragma once

#include <cstddef>
#include <cstdint>

#include "chokepoint/base/crew.hpp"
#include "chokepoint/engine.hpp"

/// The memory that a run takes in addition to its tallies and blocks of paths (planned_memory), measured, with a
/// margin.
namespace chokepoint {

/// For building, compressing and reading back the files of a result: for each row statistics, their texts and the bytes
/// of the tallies, and the memory that the netCDF library reserves.
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
