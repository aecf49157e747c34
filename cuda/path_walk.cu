#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "chokepoint/market/parameters.hpp"
#include "memory_plan.hpp"
#include "path_launch.hpp"

/// Paths with every value: rounds of the path kernel, each followed by a copy of its rows to the host. No tally
/// kernels.
namespace chokepoint::gpu {

namespace {

class DeviceWalker : public PathWalker {
 public:
  DeviceWalker(const Parameters<float>& parameters, std::uint64_t most_paths)
      : months_(parameters.sizes.months),
        measures_(parameters.sizes.measures),
        round_months_(std::min(months_per_round, months_)),
        kernel_(make_path_kernel(parameters)),
        states_(round_months_ < months_ ? kernel_->state_words() * static_cast<std::size_t>(most_paths) : 0),
        rows_(places(round_months_, measures_, most_paths)),
        residual_(places(round_months_, 1, most_paths)),
        iterations_(places(round_months_, 1, most_paths)),
        host_rows_(places(months_, measures_, most_paths)),
        host_residual_(places(months_, 1, most_paths)),
        host_iterations_(places(months_, 1, most_paths)),
        pinned_(host_rows_.data(), host_rows_.size() * sizeof(float)) {}
  ~DeviceWalker() override { CHOKEPOINT_CUDA_TRY(cudaStreamSynchronize(stream_)); }

  WalkedRows walk(std::uint64_t first_path, std::uint64_t paths) override {
    const auto stride = static_cast<std::int64_t>(paths);
    Round round{{first_path, nullptr}, static_cast<std::int32_t>(paths), 0, 0, months_, measures_, stride};
    for (int month = 0; month < months_; month += round_months_) {
      round.month_begin = month;
      round.month_end = std::min(month + round_months_, months_);
      kernel_->run(round, {rows_.data(), residual_.data(), iterations_.data()}, states_.data(), stream_);
      fetch(rows_, host_rows_, round, measures_);
      fetch(residual_, host_residual_, round, 1);
      fetch(iterations_, host_iterations_, round, 1);
    }
    stream_.wait();
    return {host_rows_.data(), host_residual_.data(), host_iterations_.data(), stride};
  }

 private:
  static std::size_t places(int months, int measures, std::uint64_t paths) {
    return static_cast<std::size_t>(months) * static_cast<std::size_t>(measures) * static_cast<std::size_t>(paths);
  }

  template <class T>
  void fetch(const DeviceBuffer<T>& from, std::vector<T>& to, const Round& round, int measures) const {
    const auto paths = static_cast<std::uint64_t>(round.paths);
    from.copy_to(to.data() + places(round.month_begin, measures, paths),
                 places(round.month_end - round.month_begin, measures, paths), stream_);
  }

  int months_, measures_, round_months_;
  Stream stream_;
  std::unique_ptr<PathKernel> kernel_;
  DeviceBuffer<std::uint32_t> states_;
  DeviceBuffer<float> rows_, residual_;
  DeviceBuffer<std::int32_t> iterations_;
  std::vector<float> host_rows_, host_residual_;
  std::vector<std::int32_t> host_iterations_;
  PinnedMemory pinned_;
};

}  // namespace

std::unique_ptr<PathWalker> make_walker(const Parameters<float>& parameters, const Device& device,
                                        std::uint64_t most_paths) {
  CHOKEPOINT_CUDA_CHECK(cudaSetDevice(device.index));
  return std::make_unique<DeviceWalker>(parameters, most_paths);
}

}  // namespace chokepoint::gpu
