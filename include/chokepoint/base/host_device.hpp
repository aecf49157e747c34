#pragma once

// The only place that looks at the compiler and its target. Everything under base/, numeric/, market/ and tally/ is
// C++17 and compiles for host and device alike.

#if defined(__CUDACC__)
#define CHOKEPOINT_HD __host__ __device__
#define CHOKEPOINT_INLINE __host__ __device__ __forceinline__
#else
#define CHOKEPOINT_HD
#define CHOKEPOINT_INLINE inline __attribute__((always_inline))
#endif

// One template compiled for two instruction sets would be one symbol to the linker, and a plain machine could end up
// running AVX-512 code. So every function lives in a namespace named after the target it was compiled for; plain data
// types, which carry no code, live in `chokepoint` itself and cross between targets freely.
#ifndef CHOKEPOINT_TARGET
#define CHOKEPOINT_TARGET portable
#endif

namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {}
}  // namespace chokepoint
