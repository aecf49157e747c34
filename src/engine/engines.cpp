#include <fmt/format.h>

#include "engine/backend.hpp"
#include "engine/runners.hpp"

/// The engines of the program: their names, what they compute in and on what, who makes them, and which of them runs
/// where none was named or the one that was named cannot.
namespace chokepoint {

// How each is made, in the file of its own.
std::unique_ptr<Backend> make_cpu_backend(const RunOptions& options);
std::unique_ptr<Backend> make_cuda_backend(const RunOptions& options);

namespace {

struct Engine {
  EngineKind kind;
  std::string_view name, precision;
  bool on_gpu;
  std::unique_ptr<Backend> (*make)(const RunOptions&);
};

constexpr Engine engines[] = {
    {EngineKind::reference, "reference", "double", false, make_cpu_backend},
    {EngineKind::scalar, "scalar", "float", false, make_cpu_backend},
    {EngineKind::simd, "simd", "float", false, make_cpu_backend},
    {EngineKind::cuda, "cuda", "float", true, make_cuda_backend},
};

/// Null for `automatic`.
const Engine* engine_of(EngineKind kind) {
  for (const Engine& engine : engines)
    if (engine.kind == kind) return &engine;
  return nullptr;
}

}  // namespace

const std::vector<EngineKind>& engine_kinds() {
  static const std::vector<EngineKind> kinds = [] {
    std::vector<EngineKind> out{EngineKind::automatic};
    for (const Engine& engine : engines) out.push_back(engine.kind);
    return out;
  }();
  return kinds;
}

std::string_view name_of(EngineKind kind) {
  const Engine* const engine = engine_of(kind);
  return engine ? engine->name : "auto";
}

std::string_view precision_of(EngineKind kind) {
  const Engine* const engine = engine_of(kind);
  return engine ? engine->precision : "float";
}

bool runs_on_gpu(EngineKind kind) {
  const Engine* const engine = engine_of(kind);
  return engine && engine->on_gpu;
}

bool may_run_on_gpu(EngineKind kind) {
  return kind == EngineKind::automatic || runs_on_gpu(kind);
}

EngineKind gpu_engine() {
  return EngineKind::cuda;
}

std::unique_ptr<Backend> make_backend(const RunOptions& options) {
  return engine_of(options.engine.kind)->make(options);
}

std::string_view name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::automatic:
      return "auto";
    case InstructionSet::portable:
      return "portable";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      break;
  }
  return "avx512";
}

std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::portable};
#if CHOKEPOINT_X86
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets.push_back(InstructionSet::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw")) {
    sets.push_back(InstructionSet::avx512);
  }
#endif
  return sets;
}

namespace {

InstructionSet resolve_instruction_set(InstructionSet wanted) {
  const auto sets = available_instruction_sets();
  if (wanted == InstructionSet::automatic) return sets.back();
  for (const InstructionSet set : sets) {
    if (set == wanted) return set;
  }
  throw EngineError(fmt::format("this processor does not run {} code: use --isa {} or leave it at auto",
                                name_of(wanted), name_of(sets.back())));
}

}  // namespace

void check_gpu_usable(std::string_view instead) {
  if (const DeviceState device = cuda_device_state(); !device.usable)
    throw EngineError(fmt::format("--engine {} cannot run here: {}. Use --engine {}, or see `chokepoint doctor`",
                                  name_of(gpu_engine()), device.description, instead));
}

EngineChoice resolve_engine(EngineChoice wanted, std::string* note) {
  if (note) note->clear();
  const InstructionSet set = resolve_instruction_set(wanted.instruction_set);
  if (runs_on_gpu(wanted.kind)) check_gpu_usable(name_of(EngineKind::simd));
  if (wanted.kind != EngineKind::automatic) return {wanted.kind, set};
  const DeviceState device = cuda_device_state();
  if (device.usable) return {gpu_engine(), set};
  if (note) *note = fmt::format("running on the CPU: {}", device.description);
  return {EngineKind::simd, set};
}

EngineChoice resolve_walk_engine(EngineChoice wanted) {
  if (wanted.kind == EngineKind::automatic) wanted.kind = EngineKind::simd;
  return resolve_engine(wanted);
}

EngineChoice with_precision(EngineChoice wanted, std::string_view precision) {
  if (wanted.kind == EngineKind::automatic && precision != precision_of(wanted.kind))
    wanted.kind = EngineKind::reference;
  return wanted;
}

namespace {

struct RunnerRow {
  InstructionSet set;
  BlockRunner (*reference)();
  BlockRunner (*scalar)();
  BlockRunner (*simd)();
};

constexpr RunnerRow runner_table[] = {
    {InstructionSet::portable, reference_runner_portable, scalar_runner_portable, simd_runner_portable},
#if CHOKEPOINT_X86
    {InstructionSet::avx2, reference_runner_avx2, scalar_runner_avx2, simd_runner_avx2},
    {InstructionSet::avx512, reference_runner_avx512, scalar_runner_avx512, simd_runner_avx512},
#endif
};

}  // namespace

BlockRunner cpu_runner(EngineChoice choice) {
  for (const RunnerRow& row : runner_table) {
    if (row.set != choice.instruction_set) continue;
    if (choice.kind == EngineKind::reference) return row.reference();
    if (choice.kind == EngineKind::scalar) return row.scalar();
    if (choice.kind == EngineKind::simd) return row.simd();
  }
  throw EngineError("no CPU engine for this instruction set in this build");
}

}  // namespace chokepoint
