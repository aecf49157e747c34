#pragma once

#include <cstddef>
#include <cstdint>

#include "chokepoint/engine.hpp"

/// The boundary between the benchmarks and what is compiled for one instruction set (targets/): plain data and function
/// pointers, as in engine/block_runner.hpp.
namespace chokepoint::bench {

/// `count` is a multiple of 64.
using MapKernel = void (*)(const float* in, float* out, std::size_t count);

/// One kind of number of one instruction set.
struct NumberKernels {
  int lanes;
  bool fused;           ///< false: the instruction set has no fma, so the chains multiply and add
  int flops_per_round;  ///< of `chains`
  /// Independent chains of x = factors[0] * x + factors[1], in registers. Returns something of them all.
  float (*chains)(const float* factors, long rounds);
  MapKernel exp2, log2, reciprocal, normal_quantile;
  void (*words)(std::uint32_t* out, std::size_t count, std::uint32_t step);
  void (*normals)(float* out, std::size_t count, std::uint32_t step);
};

/// The rental markets of one month of one bundle of paths.
struct ClearingKernels {
  /// Solves them again: `state` and `flows` as a BlockRunner left them after the month, `before` the state before it.
  void (*clear)(const void* parameters, int month, const void* before, void* state, void* flows);
  /// Iterations of each path in that solve.
  void (*iterations)(const void* flows, std::int32_t* out);
};

struct TargetKernels {
  NumberKernels scalar, simd;
  ClearingKernels reference_clearing, scalar_clearing, simd_clearing;
};

TargetKernels target_kernels_portable();
TargetKernels target_kernels_avx2();
TargetKernels target_kernels_avx512();

}  // namespace chokepoint::bench
