#pragma once

#include "chokepoint/gpu/gpu.hpp"

namespace chokepoint::gpu {

constexpr std::uint64_t smallest_batch = 128;
/// Paths that a multiprocessor walks at a time.
constexpr int path_threads_per_multiprocessor = 384;
/// A round that is long enough for loading and storing the state to be cheap beside it.
constexpr int months_per_round = 8;

/// Octaves that the pool of histograms has room for at first: generous, since a run that needs more starts again.
std::uint64_t first_octaves(const Work& work);

/// Bytes that every path of a batch takes, when `months` are carried between two looks at the tallies.
std::uint64_t bytes_per_path(const Work& work, int months);

/// The plan with another batch, carrying as many months at a time as fit, at most `most_months`.
MemoryPlan plan_with_batch(const Work& work, const Device& device, std::uint64_t batch,
                           int most_months = months_per_round);

}  // namespace chokepoint::gpu
