#include "memory_plan.hpp"

#include <algorithm>
#include <cstdlib>

#include "path_launch.hpp"
#include "path_tally.cuh"

namespace chokepoint::gpu {

namespace {

constexpr std::uint64_t slots = 2;
// Full several times over, so that slow paths do not leave multiprocessors idle.
constexpr std::uint64_t waves = 4;
constexpr std::uint64_t largest_resident_threads =
    2048;  // of a multiprocessor: CUDA keeps local memory for all of them
constexpr std::uint64_t reserve_bytes = std::uint64_t{256} << 20;

constexpr std::uint64_t bytes_of_octave = sizeof(std::uint32_t) << histogram_mantissa_bits;
constexpr std::uint64_t bytes_of_row = (octave_numbers + special_bins) * sizeof(std::uint32_t) + sizeof(RowSums);
constexpr std::uint64_t octaves_of_row = 16;

std::uint64_t fixed_bytes(const Work& work, const Device& device) {
  const TallyLayout& layout = *work.layout;
  const PathKernelSize kernel = path_kernel_size(*work.parameters);
  const auto multiprocessors = static_cast<std::uint64_t>(std::max(device.multiprocessors, 1));
  const std::uint64_t tallies = layout.rows() * bytes_of_row + first_octaves(work) * bytes_of_octave;
  const std::uint64_t events = 2 * layout.rules.size() * static_cast<std::uint64_t>(event_slots(layout.months)) * 8;
  return tallies + events + kernel.parameter_bytes + multiprocessors * largest_resident_threads * kernel.local_bytes;
}

std::uint64_t rounded_up(std::uint64_t paths) {
  return (paths + smallest_batch - 1) / smallest_batch * smallest_batch;
}

std::uint64_t wished_batch(const Work& work, const Device& device) {
  const std::uint64_t full =
      static_cast<std::uint64_t>(std::max(device.multiprocessors, 1)) * path_threads_per_multiprocessor * waves;
  const std::uint64_t wish = work.batch != 0 ? work.batch : full;
  const std::uint64_t devices = std::max<std::uint64_t>(work.devices.size(), 1),
                      share = (work.paths + devices - 1) / devices;
  return rounded_up(std::clamp<std::uint64_t>(share, 1, std::min<std::uint64_t>(wish, 0x7fffff00u)));
}

}  // namespace

std::uint64_t first_octaves(const Work& work) {
  if (work.octaves != 0) return work.octaves;
  if (const char* const wanted = std::getenv("CHOKEPOINT_FIRST_OCTAVES")) return std::strtoull(wanted, nullptr, 10);
  return work.layout->rows() * octaves_of_row;
}

std::uint64_t fetched_tally_bytes(const TallyLayout& layout) {
  return layout.rows() * (bytes_of_row + octaves_of_row * bytes_of_octave);
}

std::uint64_t bytes_per_path(const Work& work, int months) {
  const TallyLayout& layout = *work.layout;
  const std::uint64_t state = path_kernel_size(*work.parameters).state_words * sizeof(std::uint32_t);
  const std::uint64_t month = (layout.specs.size() + 2) * sizeof(float);
  const std::uint64_t memory = sizeof(ChecksumState) + 1 + layout.rules.size() * sizeof(EventState);
  const std::uint64_t numbers = slots * 2 * sizeof(std::uint64_t);
  return state + slots * static_cast<std::uint64_t>(months) * month + memory + numbers;
}

MemoryPlan plan_with_batch(const Work& work, const Device& device, std::uint64_t batch, int most_months) {
  MemoryPlan out;
  out.fixed = fixed_bytes(work, device);
  out.least = out.fixed + bytes_per_path(work, 1) * smallest_batch;
  const std::uint64_t usable = device.free_bytes - std::min(device.free_bytes, device.free_bytes / 16 + reserve_bytes);
  const std::uint64_t room = usable > out.fixed ? usable - out.fixed : 0;
  for (batch = rounded_up(batch); batch >= smallest_batch; batch = batch / 2 / smallest_batch * smallest_batch) {
    for (out.months = std::min(most_months, work.layout->months); out.months >= 1; out.months /= 2) {
      out.per_path = bytes_per_path(work, out.months);
      out.batch = batch;
      if (out.per_path * batch <= room) return out;
    }
  }
  out.batch = 0;
  return out;
}

MemoryPlan plan(const Work& work, const Device& device) {
  return plan_with_batch(work, device, wished_batch(work, device));
}

std::string no_room_text(const Device& device, const MemoryPlan& plan) {
  return "CUDA device " + std::to_string(device.index) + " (" + device.name + ") has " +
         std::to_string(device.free_bytes >> 20) + " MiB free; this scenario takes " +
         std::to_string(plan.least >> 20) +
         " MiB at the least, and some must stay free. Use a device with more memory, fewer months, or --engine simd";
}

Device assumed_device() {
  return {0, "H100 SXM", 9, 0, 132, std::uint64_t{80} << 30, std::uint64_t{80} << 30};
}

}  // namespace chokepoint::gpu
