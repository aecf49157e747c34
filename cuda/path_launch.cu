#include "path_launch.hpp"

#include <cstdlib>

#include "chokepoint/gpu/gpu.hpp"
#include "chokepoint/market/parameters.hpp"
#include "kernel_table.hpp"
#include "path_kernel.cuh"

namespace chokepoint::gpu {

namespace {

/// Reads the sizes of a scenario from its parameters: slower, and right for all of them.
class GenericKernel : public PathKernel {
 public:
  using Task = PathTask<InMemory<Parameters<float>>>;

  explicit GenericKernel(const Parameters<float>& parameters) : parameters_(&parameters, 1) {}

  std::size_t state_words() const override { return Task::state_words; }
  void run(const Round& round, const Slot& slot, std::uint32_t* states, cudaStream_t stream) const override {
    const Task task{{parameters_.data()}, round, states, slot};
    launch(task, blocks_for<Task>(round.paths), 0, stream);
  }
  const char* name() const override { return "generic"; }

 private:
  DeviceBuffer<Parameters<float>> parameters_;
};

/// CHOKEPOINT_GENERIC_KERNEL in the environment, whatever its value: the generic kernel for all, for tests and
/// comparisons.
bool wants_generic_kernel() {
  return std::getenv("CHOKEPOINT_GENERIC_KERNEL") != nullptr;
}

const ExactKernelRow* exact_kernel_for(const Sizes& sizes) {
  if (wants_generic_kernel()) return nullptr;
  for (const ExactKernelRow* row : {&baseline_kernel, &smoke_kernel}) {
    if (row->fits(sizes)) return row;
  }
  return nullptr;
}

}  // namespace

bool has_exact_kernel(const Sizes& sizes) {
  return exact_kernel_for(sizes) != nullptr;
}

std::unique_ptr<PathKernel> make_path_kernel(const Parameters<float>& parameters) {
  if (const ExactKernelRow* row = exact_kernel_for(parameters.sizes)) return row->make(parameters);
  return std::make_unique<GenericKernel>(parameters);
}

PathKernelSize path_kernel_size(const Parameters<float>& parameters) {
  if (const ExactKernelRow* row = exact_kernel_for(parameters.sizes)) return row->size;
  return {GenericKernel::Task::state_words, GenericKernel::Task::local_bytes, sizeof(Parameters<float>)};
}

cudaError_t find_kernel_code() {
  cudaFuncAttributes attributes;
  return cudaFuncGetAttributes(&attributes, run_task<GenericKernel::Task>);
}

}  // namespace chokepoint::gpu
