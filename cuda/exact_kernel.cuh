#pragma once

#include <vector>

#include "chokepoint/market/parameters.hpp"
#include "exact_parameters.hpp"
#include "kernel_table.hpp"
#include "path_kernel.cuh"

namespace chokepoint::gpu {

/// The path kernel for scenarios of exactly these sizes: loops over regions, classes, markets and segments have
/// constant lengths, and parameters are constants of the kernel.
template <class ShapeType, class N = float>
class ExactKernel : public PathKernel {
 public:
  using P = Parameters<float, ShapeType>;
  using Month = CalendarMonth<float, ShapeType>;
  using Task = PathTask<InConstants<P>, N>;
  static_assert(sizeof(Task) <= 32764, "more than a kernel takes as arguments");

  explicit ExactKernel(const Parameters<float>& parameters)
      : parameters_(exact_parameters<ShapeType>(parameters)), calendar_(exact_calendar(parameters)) {
    parameters_.calendar = calendar_.data();
  }

  std::size_t state_words() const override { return Task::state_words; }
  void run(const Round& round, const Slot& slot, std::uint32_t* states, cudaStream_t stream) const override {
    const Task task{{parameters_}, round, states, slot};
    launch(task, blocks_for<Task>(round.paths), 0, stream);
  }
  const char* name() const override { return "exact"; }

  static ExactKernelRow row() {
    return {&fits_exactly<ShapeType>,
            [](const Parameters<float>& p) -> std::unique_ptr<PathKernel> { return std::make_unique<ExactKernel>(p); },
            {Task::state_words, Task::local_bytes, sizeof(Month) * max_months}};
  }

 private:
  static std::vector<Month> exact_calendar(const Parameters<float>& parameters) {
    std::vector<Month> months(static_cast<std::size_t>(parameters.sizes.months));
    for (std::size_t k = 0; k < months.size(); ++k) copy_group(months[k], parameters.calendar[k]);
    return months;
  }

  P parameters_;
  DeviceBuffer<Month> calendar_;
};

}  // namespace chokepoint::gpu
