#pragma once

#include <cstdint>

#include "chokepoint/crew.hpp"
#include "chokepoint/tally/layout.hpp"

/// What a run takes beside its tallies and blocks of paths (planned_memory), measured with some to spare.
namespace chokepoint {

/// Building, compressing and reading back the files of a result: statistics and their texts a row, and what the netCDF
/// library sets aside.
inline std::uint64_t writing_memory(const TallyLayout& layout) {
  constexpr std::uint64_t library = std::uint64_t{32} << 20, row = std::uint64_t{2} << 10;
  return library + row * layout.rows();
}

inline std::uint64_t stack_memory(int threads) {
  return static_cast<std::uint64_t>(threads) * worker_stack_bytes;
}

}  // namespace chokepoint
