#include "engine/block_memory.hpp"
#include "engine/runners.hpp"

namespace chokepoint {

ReplayedPath replay_path(const Scenario& scenario, std::uint64_t seed, std::uint64_t path, EngineChoice engine,
                         bool with_noise) {
  const EngineChoice choice = resolve_engine(engine);
  // One path is the CPU's work: the GPU would give the same bits later.
  const BlockRunner runner = cpu_runner(
      {choice.kind == EngineKind::cuda ? EngineKind::simd : choice.kind, choice.instruction_set});
  const LoweredScenario lowered(scenario, seed, runner.is_double, with_noise);
  BlockMemory memory(runner, lowered, 1);
  const Block block = memory.block(path, 1);
  ReplayedPath out;
  out.months = lowered.sizes().months;
  out.measures = lowered.sizes().measures;
  runner.start(block);
  for (int month = 0; month < out.months; ++month) {
    runner.advance(block, month);
    for (int k = 0; k < out.measures; ++k) out.values.push_back(block.rows[k * block.stride]);
    out.residual.push_back(block.residual[0]);
    out.iterations.push_back(static_cast<float>(block.iterations[0]));
  }
  return out;
}

}  // namespace chokepoint
