#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "chokepoint/gpu/gpu.hpp"

/// One way to call CUDA. CHOKEPOINT_CUDA_CHECK throws; CHOKEPOINT_CUDA_TRY, for destructors, forgets the error.
namespace chokepoint::gpu {

/// What to do about an error, for the end of its message.
inline const char* remedy_for(cudaError_t error) {
  switch (error) {
    case cudaErrorMemoryAllocation:
      return "Use a smaller --batch, or free memory on the device";
    case cudaErrorECCUncorrectable:
      return "The device's memory is damaged: take the device out of service";
    case cudaErrorDevicesUnavailable:
      return "Another process holds the device: wait, or choose another with --device";
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
      return "This build has no code for the device: build it with its architecture in CHOKEPOINT_CUDA_ARCHITECTURES";
    default:
      return "Results of this run were discarded; run again, on another device or with --engine simd";
  }
}

[[noreturn]] inline void throw_failure(cudaError_t error, const char* call) {
  cudaGetLastError();  // the error has been taken; a later call shall not report it again
  int device = -1;
  cudaGetDevice(&device);
  const std::string text = "CUDA device " + std::to_string(device) + ": " + cudaGetErrorName(error) + " (" +
                           cudaGetErrorString(error) + ") in " + call + ". " + remedy_for(error);
  if (error == cudaErrorMemoryAllocation) throw OutOfMemory(text);
  throw Failure(text);
}

inline void check(cudaError_t error, const char* call) {
  if (error != cudaSuccess) throw_failure(error, call);
}

/// Clears the error of a call that must not throw.
inline void forget(cudaError_t error) noexcept {
  if (error != cudaSuccess) cudaGetLastError();
}

}  // namespace chokepoint::gpu

#define CHOKEPOINT_CUDA_CHECK(call) ::chokepoint::gpu::check((call), #call)
#define CHOKEPOINT_CUDA_TRY(call) ::chokepoint::gpu::forget((call))
