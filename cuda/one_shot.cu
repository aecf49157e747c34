#include "chokepoint/gpu/one_shot.hpp"

#include "chokepoint/gpu/gpu.hpp"
#include "device_buffer.hpp"
#include "launch.cuh"

/// One-shot markets on the device: the solver of `chokepoint clear`, one thread a market.
namespace chokepoint::gpu {

struct OneShotTask {
  static constexpr int threads = 32;
  static constexpr int blocks_per_multiprocessor = 1;
  static constexpr const char* name = "the one-shot kernel";

  const OneShotMarkets<double>* curves;  ///< [count]
  OneShotSolve* solves;                  ///< [count]
  std::int64_t count;

  __device__ void operator()() const {
    const std::int64_t k = thread_number();
    if (k >= count) return;
    OneShotSystem<double> system(curves[k]);
    OneShotSolve& solve = solves[k];
    solve.solution = clear_markets<double>(system, solve.limits, solve.position, solve.response);
  }
};

void clear_one_shot(const std::vector<OneShotMarkets<double>>& curves, std::vector<OneShotSolve>& solves) {
  CHOKEPOINT_CUDA_CHECK(cudaSetDevice(choose(probe(), {}).front().index));
  const DeviceBuffer<OneShotMarkets<double>> curves_there(curves);
  const DeviceBuffer<OneShotSolve> solves_there(solves);
  const Stream stream;
  const OneShotTask task{curves_there.data(), solves_there.data(), static_cast<std::int64_t>(solves.size())};
  launch(task, blocks_for<OneShotTask>(task.count), 0, stream);
  solves_there.copy_to(solves.data(), solves.size(), stream);
  stream.wait();
}

}  // namespace chokepoint::gpu
