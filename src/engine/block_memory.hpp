#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "engine/block_runner.hpp"
#include "engine/lowered.hpp"

namespace chokepoint {

/// Memory of one thread for blocks of up to `paths` paths.
class BlockMemory {
 public:
  BlockMemory(const BlockRunner& runner, const LoweredScenario& scenario, int paths)
      : bundles_((paths + runner.lanes - 1) / runner.lanes),
        stride_(static_cast<std::int64_t>(bundles_) * runner.lanes),
        lanes_(runner.lanes),
        parameters_(scenario.data()),
        states_(allocate(runner.state_bytes * static_cast<std::size_t>(bundles_))),
        flows_(allocate(runner.flows_bytes)),
        rows_(static_cast<std::size_t>(stride_) * static_cast<std::size_t>(scenario.sizes().measures)),
        residual_(static_cast<std::size_t>(stride_)),
        iterations_(static_cast<std::size_t>(stride_)) {}

  /// A block of `paths` paths in this memory; lanes beyond them are run and ignored.
  Block block(std::uint64_t first_path, int paths) {
    const int bundles = (paths + lanes_ - 1) / lanes_;
    return {parameters_,  first_path, bundles,          states_.get(),     flows_.get(),
            rows_.data(), stride_,    residual_.data(), iterations_.data()};
  }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Release {
    void operator()(std::byte* memory) const { ::operator delete[](memory, alignment); }
  };
  using Memory = std::unique_ptr<std::byte[], Release>;
  static Memory allocate(std::size_t bytes) {
    return Memory(static_cast<std::byte*>(::operator new[](bytes, alignment)));
  }

  int bundles_;
  std::int64_t stride_;
  int lanes_;
  const void* parameters_;
  Memory states_, flows_;
  std::vector<float> rows_, residual_;
  std::vector<std::int32_t> iterations_;
};

}  // namespace chokepoint
