#include <fmt/format.h>

#include "chokepoint/engine.hpp"
#include "engine/runners.hpp"

namespace chokepoint {

std::string_view name_of(EngineKind kind) {
  switch (kind) {
    case EngineKind::automatic: return "auto";
    case EngineKind::reference: return "reference";
    case EngineKind::scalar: return "scalar";
    case EngineKind::simd: return "simd";
    case EngineKind::cuda: break;
  }
  return "cuda";
}

std::string_view name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::automatic: return "auto";
    case InstructionSet::portable: return "portable";
    case InstructionSet::avx2: return "avx2";
    case InstructionSet::avx512: break;
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
  throw EngineError(fmt::format("this processor does not run {} code: use --isa {} or leave it at auto", name_of(wanted),
                                name_of(sets.back())));
}

}  // namespace

EngineChoice resolve_engine(EngineChoice wanted, std::string* note) {
  if (note) note->clear();
  const InstructionSet set = resolve_instruction_set(wanted.instruction_set);
  if (wanted.kind == EngineKind::automatic || wanted.kind == EngineKind::cuda) {
    const DeviceState device = cuda_device_state();
    if (device.usable) return {EngineKind::cuda, set};
    if (wanted.kind == EngineKind::cuda) {
      throw EngineError(fmt::format("--engine cuda cannot run here: {}. Use --engine simd, or see `chokepoint doctor`",
                                    device.description));
    }
    if (note) *note = fmt::format("running on the CPU: {}", device.description);
    return {EngineKind::simd, set};
  }
  return {wanted.kind, set};
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
    return choice.kind == EngineKind::scalar ? row.scalar() : row.simd();
  }
  throw EngineError("no CPU engine for this instruction set in this build");
}

}  // namespace chokepoint
