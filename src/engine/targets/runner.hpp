#pragma once

#include "chokepoint/market/step.hpp"
#include "engine/block_runner.hpp"

/// The CPU engine for one kind of number: included by one small file per engine and instruction set.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

template <class N>
struct Runner {
  using P = Parameters<scalar_t<N>>;
  static constexpr int lanes = lane_count<N>;

  static const P& parameters(const Block& block) { return *static_cast<const P*>(block.parameters); }
  static State<N>* states(const Block& block) { return static_cast<State<N>*>(block.states); }

  static void start(const Block& block) {
    for (int b = 0; b < block.bundles; ++b) start_path<N>(parameters(block), states(block)[b]);
  }

  static void keep_solution(const Block& block, int first, const Flows<N>& flows) {
    for (int k = 0; k < lanes; ++k) {
      block.residual[first + k] = static_cast<float>(lane(flows.residual, k));
      block.iterations[first + k] = static_cast<std::int32_t>(lane(flows.iterations, k));
    }
  }

  static void advance(const Block& block, int month) {
    const P& p = parameters(block);
    Flows<N>& flows = *static_cast<Flows<N>*>(block.flows);
    for (int b = 0; b < block.bundles; ++b) {
      const int first = b * lanes;
      const Draws<N> draws(p.seeds, block.first_path + static_cast<std::uint64_t>(first),
                           static_cast<std::uint32_t>(month));
      advance_month<N>(p, month, draws, states(block)[b], flows);
      measure<N>(p, month, states(block)[b], flows, block.rows + first, block.stride);
      keep_solution(block, first, flows);
    }
  }

  static void tally(const TallyView& view, const Block& block, int month, int paths, float tolerance) {
    accumulate_month(view, month, block.rows, block.stride, paths);
    accumulate_steps(view, block.iterations, block.residual, tolerance, paths);
  }

  static BlockRunner runner() {
    return {lanes, !is_float_kind<N>, sizeof(State<N>), sizeof(Flows<N>), &start, &advance, &tally};
  }
};

}  // inline namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
