#pragma once

#include <cstddef>
#include <cstdint>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/tally/accumulate.hpp"

/// The boundary between the portable program and code compiled for one instruction set: plain data and function
/// pointers, no template that the linker could share between targets.
namespace chokepoint {

/// A block of paths that a thread carries through the months together, in bundles of `lanes` paths.
struct Block {
  const void* parameters;  ///< Parameters<float> or Parameters<double>, as the runner takes
  std::uint64_t first_path;
  int bundles;
  void* states;              ///< [bundles] of state_bytes, aligned to 64
  void* flows;               ///< one of flows_bytes, aligned to 64
  float* rows;               ///< [measures][stride]
  std::int64_t stride;       ///< at least bundles * lanes
  float* residual;           ///< [stride] of the month
  std::int32_t* iterations;  ///< [stride] of the month
};

struct BlockRunner {
  int lanes;
  bool is_double;
  std::size_t state_bytes, flows_bytes;
  void (*start)(const Block&);               ///< puts all paths before month 0
  void (*advance)(const Block&, int month);  ///< one month; fills rows, residual and iterations
  void (*tally)(const TallyView&, const Block&, int month, int paths, float tolerance);
};

// One runner per engine and instruction set (src/engine/targets).
BlockRunner reference_runner_portable();
BlockRunner scalar_runner_portable();
BlockRunner simd_runner_portable();
BlockRunner reference_runner_avx2();
BlockRunner scalar_runner_avx2();
BlockRunner simd_runner_avx2();
BlockRunner reference_runner_avx512();
BlockRunner scalar_runner_avx512();
BlockRunner simd_runner_avx512();

}  // namespace chokepoint
