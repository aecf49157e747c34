#pragma once

#include <type_traits>

#include "chokepoint/market/exact_view.hpp"
#include "chokepoint/market/step.hpp"
#include "engine/block_runner.hpp"

/// The CPU engine for one kind of number: included by one small file per engine and instruction set.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

/// Bundles of paths through the model, on parameters of one shape or a view of them.
template <class N, class P>
struct Walker {
  using StateType = State<N, typename P::ShapeType>;
  using FlowsType = Flows<N, typename P::ShapeType>;
  static constexpr int lanes = lane_count<N>;

  static StateType* states(const Block& block) { return static_cast<StateType*>(block.states); }

  static void start(const P& p, const Block& block) {
    for (int b = 0; b < block.bundles; ++b) start_path<N>(p, states(block)[b]);
  }

  static void keep_solution(const Block& block, int first, const FlowsType& flows) {
    for (int k = 0; k < lanes; ++k) {
      block.residual[first + k] = static_cast<float>(lane(flows.residual, k));
      block.iterations[first + k] = static_cast<std::int32_t>(lane(flows.iterations, k));
    }
  }

  static void advance(const P& p, const Block& block, int month) {
    FlowsType& flows = *static_cast<FlowsType*>(block.flows);
    for (int b = 0; b < block.bundles; ++b) {
      const int first = b * lanes;
      const Draws<N> draws(p.seeds, block.first_path + static_cast<std::uint64_t>(first),
                           static_cast<std::uint32_t>(month));
      advance_month<N>(p, month, draws, states(block)[b], flows);
      measure<N>(p, month, states(block)[b], flows, block.rows + first, block.stride);
      keep_solution(block, first, flows);
    }
  }
};

template <class N>
struct Runner {
  using R = scalar_t<N>;
  using P = Parameters<R>;
  static constexpr int lanes = lane_count<N>;

  /// Calls use(parameters): as they are, or in bundles as a view of exactly their size where there is code for it.
  template <class Use>
  static void with_parameters(const Block& block, Use use) {
    const P& p = *static_cast<const P*>(block.parameters);
    if constexpr (lanes > 1) {
      if (fits_exactly<BaselineShape>(p.sizes)) return use(exact_view<BaselineShape>(p));
    }
    use(p);
  }

  static void start(const Block& block) {
    with_parameters(block, [&](const auto& p) { Walker<N, std::decay_t<decltype(p)>>::start(p, block); });
  }

  static void advance(const Block& block, int month) {
    with_parameters(block, [&](const auto& p) { Walker<N, std::decay_t<decltype(p)>>::advance(p, block, month); });
  }

  static void tally(const TallyView& view, const Block& block, int month, int paths, float tolerance) {
    accumulate_month(view, month, block.rows, block.stride, paths);
    accumulate_steps(view, block.iterations, block.residual, tolerance, paths);
  }

  /// Memory for states and flows of the largest size: an exact one takes less of it.
  static BlockRunner runner() {
    return {lanes, !is_float_kind<N>, sizeof(State<N>), sizeof(Flows<N>), &start, &advance, &tally};
  }
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
