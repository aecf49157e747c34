#include "kernel_pair.hpp"
#include "chokepoint/market/parameters.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace chokepoint::gpu {

Difference difference(const std::vector<float>& exact, const std::vector<float>& approximate) {
  Difference out;
  double exact_sum = 0, approximate_sum = 0, compared = 0;
  for (std::size_t k = 0; k < exact.size(); ++k) {
    const double x = exact[k], y = approximate[k];
    if (std::isnan(x) || std::isnan(y)) continue;
    const double relative = x == y ? 0 : std::abs(y - x) / std::max(std::abs(x), 1e-30);
    out.largest = std::max(out.largest, relative);
    out.mean += relative;
    exact_sum += x;
    approximate_sum += y;
    ++compared;
  }
  if (compared > 0) out.mean /= compared;
  if (exact_sum != 0) out.of_means = std::abs(approximate_sum / exact_sum - 1);
  return out;
}

Batch::Batch(const Parameters<float>& parameters, std::size_t state_words, int paths, int months_per_round)
    : parameters_(parameters),
      paths_(paths),
      months_per_round_(months_per_round),
      rows_(static_cast<std::size_t>(months_per_round) * static_cast<std::size_t>(parameters.sizes.measures) *
            static_cast<std::size_t>(paths)),
      residual_(static_cast<std::size_t>(months_per_round) * static_cast<std::size_t>(paths)),
      iterations_(residual_.size()),
      states_(state_words * static_cast<std::size_t>(paths)) {}

double Batch::run(const PathKernel& kernel) const {
  const Sizes& sizes = parameters_.sizes;
  const Slot slot{rows_.data(), residual_.data(), iterations_.data()};
  const auto begin = std::chrono::steady_clock::now();
  for (int month = 0; month < sizes.months; month += months_per_round_) {
    const Round round{{0, nullptr}, paths_,         month, std::min(month + months_per_round_, sizes.months),
                      sizes.months, sizes.measures, paths_};
    kernel.run(round, slot, states_.data(), stream_);
  }
  stream_.wait();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class T>
std::vector<T> Batch::fetched(const T* from) const {
  std::vector<T> out(static_cast<std::size_t>(paths_));
  CHOKEPOINT_CUDA_CHECK(cudaMemcpyAsync(out.data(), from, out.size() * sizeof(T), cudaMemcpyDeviceToHost, stream_));
  stream_.wait();
  return out;
}

Ending Batch::ending(const std::vector<int>& rows) const {
  Ending out;
  const int months = parameters_.sizes.months - last_round_begin();
  for (const int row : rows) {
    const auto place = static_cast<std::ptrdiff_t>(months - 1) * parameters_.sizes.measures + row;
    out.measures.push_back(fetched(rows_.data() + place * paths_));
  }
  for (std::ptrdiff_t month = 0; month < months; ++month) {
    for (const float residual : fetched(residual_.data() + month * paths_)) {
      out.unsolved += residual < parameters_.solver.tolerance ? 0 : 1;
    }
    const std::vector<std::int32_t> steps = fetched(iterations_.data() + month * paths_);
    out.newton_steps += std::accumulate(steps.begin(), steps.end(), 0.0) / paths_ / months;
  }
  return out;
}

}  // namespace chokepoint::gpu
