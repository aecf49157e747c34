#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <string>

#include "cuda_runtime_api.h"

/// The calls of CUDA's runtime on the imagined machine.
namespace imagined {

namespace {

/// IMAGINED_MACHINE="driver 12040 counting 35" in the environment: a machine for the program as a whole.
Machine from_environment() {
  Machine out;
  const char* const text = std::getenv("IMAGINED_MACHINE");
  std::istringstream words(text ? text : "");
  std::string word;
  for (long value = 0; words >> word >> value;) {
    if (word == "devices")
      out.devices = static_cast<int>(value);
    else if (word == "driver")
      out.driver = static_cast<int>(value);
    else if (word == "mebibytes")
      out.bytes = static_cast<std::size_t>(value) << 20;
    else if (word == "mebibytes_in_truth")
      out.bytes_in_truth = static_cast<std::size_t>(value) << 20;
    else if (word == "counting")
      out.counting = static_cast<cudaError_t>(value);
    else if (word == "no_code")
      out.no_code = static_cast<cudaError_t>(value);
    else if (word == "launches_before_failure")
      out.launches_before_failure = static_cast<int>(value);
    else
      std::abort();
  }
  return out;
}

}  // namespace

Machine machine = from_environment();
std::size_t allocated = 0, most_allocated = 0;

}  // namespace imagined

namespace {
thread_local int current_device = 0;
thread_local cudaError_t last_error = cudaSuccess;

cudaError_t give(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
}

constexpr std::size_t header_bytes = 64;  // before every allocation: its size

std::mutex memory_mutex;  // the threads of two devices allocate at once

cudaError_t allocate(void** memory, std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(memory_mutex);
  if (imagined::allocated + bytes > imagined::machine.bytes_in_truth) return give(cudaErrorMemoryAllocation);
  imagined::allocated += bytes;
  imagined::most_allocated = std::max(imagined::most_allocated, imagined::allocated);
  char* const block = static_cast<char*>(std::malloc(header_bytes + bytes));
  std::memcpy(block, &bytes, sizeof bytes);
  *memory = block + header_bytes;
  std::memset(*memory, 0xa5, bytes);  // what the engine forgets to set shall show
  return cudaSuccess;
}
}  // namespace

const char* cudaGetErrorName(cudaError_t) {
  return "cudaErrorImagined";
}
const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorMemoryAllocation ? "out of memory" : "an imagined error";
}
cudaError_t cudaGetLastError() {
  const cudaError_t error = last_error;
  last_error = cudaSuccess;
  const int limit = imagined::machine.launches_before_failure;
  return limit >= 0 && imagined::launches > limit ? cudaErrorECCUncorrectable : error;
}
cudaError_t cudaGetDevice(int* device) {
  *device = current_device;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  current_device = device;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
  *count = imagined::machine.counting == cudaSuccess ? imagined::machine.devices : -1;
  return give(imagined::machine.counting);
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {"Imagined", 9, 0, imagined::machine.multiprocessors};
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* version) {
  *version = imagined::machine.driver;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  *free = *total = imagined::machine.bytes;
  return cudaSuccess;
}
cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  return allocate(memory, bytes);
}
cudaError_t cudaFree(void* memory) {
  if (!memory) return cudaSuccess;
  char* const block = static_cast<char*>(memory) - header_bytes;
  std::size_t bytes = 0;
  std::memcpy(&bytes, block, sizeof bytes);
  const std::lock_guard<std::mutex> lock(memory_mutex);
  imagined::allocated -= bytes;
  std::free(block);
  return cudaSuccess;
}
cudaError_t cudaMallocHost(void** memory, std::size_t bytes) {
  return allocate(memory, bytes);
}
cudaError_t cudaFreeHost(void* memory) {
  return cudaFree(memory);
}
cudaError_t cudaHostRegister(void*, std::size_t, unsigned) {
  return give(imagined::machine.pinning);
}
cudaError_t cudaHostUnregister(void*) {
  return cudaSuccess;
}
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind) {
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t) {
  return cudaMemcpy(to, from, bytes, kind);
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t) {
  std::memset(to, value, bytes);
  return cudaSuccess;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t*, unsigned) {
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t) {
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  return cudaSuccess;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned) {
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t*, unsigned) {
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t) {
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t) {
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t) {
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() {
  return cudaSuccess;
}
