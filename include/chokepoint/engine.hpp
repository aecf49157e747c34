#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chokepoint/exact_quantiles.hpp"
#include "chokepoint/ledger.hpp"
#include "chokepoint/scenario.hpp"

/// Runs paths of a scenario. Which engine, instruction set, thread count or batch runs them never changes a bit of what
/// the float engines return; the reference engine computes the same model in double.
namespace chokepoint {

enum class EngineKind { automatic, reference, scalar, simd, cuda };
enum class InstructionSet { automatic, portable, avx2, avx512 };

/// All of them, `automatic` first.
const std::vector<EngineKind>& engine_kinds();
std::string_view name_of(EngineKind kind);
std::string_view name_of(InstructionSet set);
/// The precision in which an engine computes, "float" or "double". Engines of one precision return the same bits.
std::string_view precision_of(EngineKind kind);
/// Whether an engine runs on a GPU, or (`automatic`) runs there if there is one.
bool runs_on_gpu(EngineKind kind);
bool may_run_on_gpu(EngineKind kind);
/// The engine that a user means by naming GPUs.
EngineKind gpu_engine();

struct EngineChoice {
  EngineKind kind{};  ///< automatic
  InstructionSet instruction_set = InstructionSet::automatic;
};

/// An engine that was asked for cannot run here; the message says why and what to do.
class EngineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The engine that runs: `automatic` parts are filled in with the fastest that this machine has. `note` says in one
/// line why no GPU is used; it is empty if none was asked for or one is used.
/// @throws EngineError if the choice cannot run here; an engine that was named is never replaced by another
EngineChoice resolve_engine(EngineChoice wanted, std::string* note = nullptr);

/// The same for walks and replays (replay_path, path_walk.hpp): `automatic` is the fastest on the CPU, as its threads
/// have to look at every value in any case.
/// @throws EngineError
EngineChoice resolve_walk_engine(EngineChoice wanted);

/// An `automatic` choice narrowed to engines of a precision ("float", "double"); any other choice is unchanged.
EngineChoice with_precision(EngineChoice wanted, std::string_view precision);

/// Instruction sets that this processor runs, slowest first.
std::vector<InstructionSet> available_instruction_sets();

/// Whether a CUDA device can be used, and if not why, in one line.
struct DeviceState {
  bool usable = false;
  std::string description;
  std::vector<int> devices = {};  ///< indices of those that can be used
};
DeviceState cuda_device_state();

struct RunOptions {
  std::uint64_t first_path = 0;
  std::uint64_t paths = 10000;
  std::uint64_t seed = 1;
  EngineChoice engine;
  int threads = 0;                ///< 0: as many as there are cores
  int batch = 0;                  ///< paths that one thread carries through the months together; 0: chosen
  std::vector<int> devices = {};  ///< of the cuda engine, by index; empty: the first usable one
  /// Measures whose values are kept on every path for exact quantiles: places in a row, rising. See exact_memory.
  std::vector<int> exact_measures = {};
};

/// The resources with which an engine runs.
struct WorkPlan {
  int threads = 0;          ///< or GPUs
  int batch = 0;            ///< paths that each carries at once
  std::uint64_t bytes = 0;  ///< of main memory
};

/// How a caller follows a run and ends it early. `report` is called from one thread only, some ten times a second.
struct RunControl {
  std::function<void(std::uint64_t paths_done)> report;
  const std::atomic<bool>* stop = nullptr;
};

struct RunOutcome {
  TalliesPointer all;
  Ledger paths = {};        ///< those in `all`
  TalliesPointer unsolved;  ///< the paths with an unsolved month again, alone; null where there are none
  std::optional<ExactQuantiles> exact = {};         ///< of the measures that were asked for
  std::optional<ExactQuantiles> exact_solved = {};  ///< without the unsolved paths, where there are any
  bool interrupted = false;                         ///< stopped early: the tallies are incomplete
  double seconds = 0;
  EngineChoice engine;
  int threads = 0, batch = 0;
  std::string devices = {};  ///< index and name of each GPU that ran paths; empty on the CPU
};

/// @throws EngineError; std::bad_alloc where the tallies do not fit
RunOutcome run_paths(const Scenario& scenario, const RunOptions& options, const RunControl& control = {});

/// One path in full.
struct ReplayedPath {
  int months = 0, measures = 0;
  std::vector<float> values;                ///< [month][measure]
  std::vector<float> residual, iterations;  ///< [month]
  float at(int month, int measure) const { return values[static_cast<std::size_t>(month) * measures + measure]; }
};

/// The measures of one path, the same bits as within a run. Without noise: every source frozen, the no-shock twin.
/// @throws EngineError
ReplayedPath replay_path(const Scenario& scenario, std::uint64_t seed, std::uint64_t path, EngineChoice engine,
                         bool with_noise = true);

/// The most main memory that a run takes, in bytes: while paths run, and later while the files are made, when the
/// tallies have been freed.
struct PlannedMemory {
  std::uint64_t running = 0, writing = 0;
  std::uint64_t peak() const { return running > writing ? running : writing; }
  /// The same for address space: freed memory may stay reserved.
  std::uint64_t address_space() const { return running + writing; }
};

PlannedMemory planned_memory(const Scenario& scenario, const RunOptions& options);

/// The part of that memory for the values of RunOptions::exact_measures: 4 bytes for each path, month and measure.
std::uint64_t exact_memory(const Scenario& scenario, const RunOptions& options);

/// The memory of a run on one GPU.
struct DevicePlan {
  int index = 0;
  std::string name;
  std::uint64_t batch = 0;        ///< paths carried at once
  std::uint64_t bytes = 0;        ///< of device memory at that batch
  std::uint64_t least_bytes = 0;  ///< with the smallest batch
};

/// The memory that the cuda engine would take, found without running it.
struct CudaPlan {
  std::vector<DevicePlan> devices;
  bool is_assumed = false;       ///< this machine has no device: the plan assumes H100s
  std::uint64_t host_bytes = 0;  ///< of main memory, all devices together
};
/// Nothing in builds without CUDA.
/// @throws EngineError if a named device does not exist or has too little memory
std::optional<CudaPlan> planned_devices(const Scenario& scenario, const RunOptions& options);

}  // namespace chokepoint
