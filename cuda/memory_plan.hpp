#pragma once

#include "chokepoint/gpu.hpp"

namespace chokepoint::gpu {

constexpr std::uint64_t smallest_batch = 128;

/// Bytes that every path of a batch takes, when `months` are carried between two looks at the tallies.
std::uint64_t bytes_per_path(const Work& work, int months);

/// The plan with another batch: the months it carries are chosen again.
MemoryPlan plan_with_batch(const Work& work, const Device& device, std::uint64_t batch);

}  // namespace chokepoint::gpu
