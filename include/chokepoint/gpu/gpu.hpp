#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "chokepoint/ledger.hpp"
#include "chokepoint/tally/exact_sum.hpp"
#include "chokepoint/tally/layout.hpp"

/// The door between the host program and cuda/: plain C++17, no CUDA type. Only builds with CUDA define what it
/// declares.
namespace chokepoint::gpu {

struct Device {
  int index = 0;
  std::string name;
  int major = 0, minor = 0;  ///< compute capability
  int multiprocessors = 0;
  std::uint64_t total_bytes = 0, free_bytes = 0;
};

/// What was found when the devices were tried. Usable where `devices` is not empty; otherwise `problem` says in one
/// line what is wrong and what to do.
struct Probe {
  std::vector<Device> devices;  ///< those that this build can use
  std::string problem;
};

/// Tries the driver and every device. Never throws for what it finds; makes a context on each usable device.
Probe probe();

/// The devices of these indices; the first usable one for none.
/// @throws Failure where one of them is not there or cannot be used
std::vector<Device> choose(const Probe& found, const std::vector<int>& indices);

/// A failure of the GPU: the message names the device, the call and the remedy. Partial results must not be kept.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Not enough memory on the device: the only failure that a smaller batch may avoid.
class OutOfMemory : public Failure {
 public:
  using Failure::Failure;
};

/// Paths to run. Either the range first_path, first_path + 1, ... or those listed in `numbers`.
struct Work {
  const Parameters<float>* parameters = nullptr;
  const TallyLayout* layout = nullptr;
  std::uint64_t first_path = 0, paths = 0;
  const std::uint64_t* numbers = nullptr;  ///< [paths], or null
  std::uint64_t batch = 0;                 ///< paths that a device carries at once; 0: chosen
  std::vector<int> devices;                ///< indices; empty: the first usable one
  std::uint64_t octaves = 0;               ///< room in the pool of histograms to begin with; 0: chosen
  std::vector<int> kept;                   ///< measures whose values are handed over as they are
  float* kept_values = nullptr;            ///< [months][kept][paths], filled in; null for none
};

/// What one device has tallied, as arrays on the host that live during the call of Hooks::deliver.
struct Harvest {
  const std::uint32_t* counts;     ///< [claimed octaves][bins of an octave]
  const std::uint32_t* directory;  ///< [months][measures][octave_numbers] which of them, counted from 1; 0: none
  const std::uint32_t* special;    ///< [months][measures][special_bins]
  const RowSums* sums;             ///< [months][measures]
  std::uint64_t paths, unsolved_paths, unsolved_steps, checksum_sum, checksum_xor;
  float max_residual;
  const std::uint64_t* iterations;     ///< [iteration_limit + 1]
  const std::uint64_t* first_passage;  ///< [events][event_slots]
  const std::uint64_t* recovery;       ///< [events][event_slots]
};

/// How the caller follows a run. `deliver` is needed, the others may be empty.
struct Hooks {
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::uint64_t paths_done)> report;  ///< called by the thread that called run()
  // Called by the threads of the devices, one at a time, while the one above may be called too.
  std::function<void(const std::string&)> warn;
  std::function<void(const Harvest&)> deliver;
};

struct Outcome {
  Ledger done;                          ///< places within the work, from 0: fewer than all where it was stopped
  std::uint64_t batch = 0;              ///< the largest that was used
  std::vector<std::uint64_t> unsolved;  ///< numbers of the paths with an unsolved month, in any order
};

/// Runs the paths and delivers tallies, the same integers for every batch, device and number of devices.
/// @throws Failure if a device fails, is lost or lacks memory; what was delivered before must then be thrown away
Outcome run(const Work& work, const Hooks& hooks);

/// All measures of every month of some paths, on the host: [months][measures][stride] and [months][stride].
struct WalkedRows {
  const float* values;
  const float* residual;
  const std::int32_t* iterations;
  std::int64_t stride;
};

/// Walks blocks of paths of one scenario on a device. Made, used and destroyed by one thread, whose current device it
/// sets; walkers of several threads keep a device busy while rows are copied and looked at.
class PathWalker {
 public:
  virtual ~PathWalker() = default;
  /// @returns rows that last until the next call
  /// @throws Failure
  virtual WalkedRows walk(std::uint64_t first_path, std::uint64_t paths) = 0;
};

/// @param most_paths of a block
/// @throws OutOfMemory where the device lacks the memory; Failure where it fails
std::unique_ptr<PathWalker> make_walker(const Parameters<float>& parameters, const Device& device,
                                        std::uint64_t most_paths);

/// Sorts rows of `length` floats in rising order, none of them NaN or a negative zero, on a device. The function that
/// is returned holds 8 bytes of device memory a float, and sorts one row of the host at a time.
/// @throws OutOfMemory where the device lacks the memory; Failure where it fails
std::function<void(float*)> row_sorter(const Device& device, std::uint64_t length);

/// Whether there is a path kernel compiled for these sizes; the generic one runs all others, more slowly.
bool has_exact_kernel(const Sizes& sizes);

/// Device memory that a run takes, in bytes.
struct MemoryPlan {
  std::uint64_t fixed = 0;     ///< tallies and parameters
  std::uint64_t per_path = 0;  ///< of a batch
  std::uint64_t batch = 0;     ///< paths
  int months = 0;              ///< carried between two looks at the tallies
  std::uint64_t least = 0;     ///< bytes of the smallest batch
  std::uint64_t bytes() const { return fixed + per_path * batch; }
};

/// Bytes that the tallies of one device take on the host while they are handed over.
std::uint64_t fetched_tally_bytes(const TallyLayout& layout);

/// The plan for a device with so much free memory. A batch of 0 says that even the smallest does not fit.
MemoryPlan plan(const Work& work, const Device& device);

/// The message for a device on which not even the smallest batch fits.
std::string no_room_text(const Device& device, const MemoryPlan& plan);

/// An H100 (SXM) with all of its memory free, to plan for where there is no device.
Device assumed_device();

}  // namespace chokepoint::gpu
