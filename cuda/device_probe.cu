#include <algorithm>

#include "cuda_check.hpp"
#include "path_launch.hpp"

namespace chokepoint::gpu {

namespace {

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// Why there is no device to count. The driver is asked first: without one, the count is -1 and nothing else may be
/// called.
std::string counting_problem(cudaError_t error) {
  int driver = 0, runtime = 0;
  CHOKEPOINT_CUDA_TRY(cudaDriverGetVersion(&driver));
  CHOKEPOINT_CUDA_TRY(cudaRuntimeGetVersion(&runtime));
  if (driver == 0) return "no NVIDIA driver is installed (install one for CUDA " + version_text(runtime) + " or later)";
  if (error == cudaErrorInsufficientDriver || driver / 1000 < runtime / 1000) {
    return "the NVIDIA driver is for CUDA " + version_text(driver) + " and too old: this build needs one for CUDA " +
           version_text(runtime);
  }
  if (error == cudaErrorNoDevice) return "the NVIDIA driver sees no device (is CUDA_VISIBLE_DEVICES empty?)";
  return std::string("the NVIDIA driver does not answer: ") + cudaGetErrorString(error);
}

Device describe(int index, const cudaDeviceProp& properties) {
  Device device;
  device.index = index;
  device.name = properties.name;
  device.major = properties.major;
  device.minor = properties.minor;
  device.multiprocessors = properties.multiProcessorCount;
  return device;
}

std::string name_of(const Device& device) {
  return "device " + std::to_string(device.index) + " (" + device.name + ", sm_" + std::to_string(device.major) +
         std::to_string(device.minor) + ")";
}

std::string kernel_problem(const Device& device, cudaError_t error) {
  if (error == cudaErrorMemoryAllocation) return name_of(device) + " has no memory left";
  if (error == cudaErrorNoKernelImageForDevice || error == cudaErrorInvalidDeviceFunction ||
      error == cudaErrorUnsupportedPtxVersion) {
    return "this build has no code for " + name_of(device) + ": add its architecture to CHOKEPOINT_CUDA_ARCHITECTURES";
  }
  return name_of(device) + " cannot be used: " + cudaGetErrorString(error);
}

/// Makes a context on the device and looks for kernels in it. Returns what is wrong, empty where nothing is.
std::string try_device(int index, Device& device) {
  cudaDeviceProp properties;
  device.index = index;
  cudaError_t error = cudaGetDeviceProperties(&properties, index);
  if (error == cudaSuccess) device = describe(index, properties);
  if (error == cudaSuccess) error = cudaSetDevice(index);
  std::size_t free_bytes = 0, total_bytes = 0;
  if (error == cudaSuccess) error = cudaMemGetInfo(&free_bytes, &total_bytes);
  if (error == cudaSuccess) error = find_kernel_code();
  CHOKEPOINT_CUDA_TRY(error);
  device.free_bytes = free_bytes;
  device.total_bytes = total_bytes;
  return error == cudaSuccess ? std::string() : kernel_problem(device, error);
}

std::string indices_of(const std::vector<Device>& devices) {
  std::string text;
  for (const Device& device : devices) text += (text.empty() ? "" : ", ") + std::to_string(device.index);
  return text;
}

}  // namespace

std::vector<Device> choose(const Probe& found, const std::vector<int>& indices) {
  if (found.devices.empty()) throw Failure(found.problem);
  if (indices.empty()) return {found.devices.front()};
  std::vector<Device> out;
  for (const int index : indices) {
    const auto at = std::find_if(found.devices.begin(), found.devices.end(),
                                 [index](const Device& device) { return device.index == index; });
    if (at == found.devices.end()) {
      throw Failure("there is no usable CUDA device " + std::to_string(index) + ": usable here is " +
                    indices_of(found.devices) + (found.problem.empty() ? "" : "; " + found.problem));
    }
    out.push_back(*at);
  }
  return out;
}

Probe probe() {
  Probe out;
  int count = -1;
  const cudaError_t error = cudaGetDeviceCount(&count);
  CHOKEPOINT_CUDA_TRY(error);
  if (error != cudaSuccess || count < 1) {
    out.problem = counting_problem(error == cudaSuccess ? cudaErrorNoDevice : error);
    return out;
  }
  for (int index = 0; index < count; ++index) {
    Device device;
    const std::string problem = try_device(index, device);
    if (problem.empty()) {
      out.devices.push_back(device);
    } else if (out.problem.empty()) {
      out.problem = problem;
    }
  }
  return out;
}

}  // namespace chokepoint::gpu
