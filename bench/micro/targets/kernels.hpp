#pragma once

#include "chokepoint/market/settlement.hpp"
#include "chokepoint/numeric/draws.hpp"
#include "micro/kernels.hpp"

/// What is measured, for one instruction set: included by one small file each.
namespace chokepoint {
inline namespace CHOKEPOINT_TARGET {

inline constexpr int chain_count = 12;  // more than latency times ports, few enough for 16 registers
inline constexpr int chain_steps = 8;   // between two looks at the loop counter

#if defined(__FMA__) || defined(__aarch64__)
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

template <class N>
struct NumberBench {
  static constexpr int lanes = lane_count<N>;

  static float chains(const float* factors, long rounds) {
    const N a(factors[0]), b(factors[1]);
    N x[chain_count];
    for (int k = 0; k < chain_count; ++k) x[k] = N(factors[2]) * N(static_cast<float>(k));
    for (long round = 0; round < rounds; ++round) {
      for (int step = 0; step < chain_steps; ++step) {
        for (int k = 0; k < chain_count; ++k) {
          if constexpr (has_fma) {
            x[k] = fma(x[k], a, b);
          } else {
            x[k] = x[k] * a + b;
          }
          // One register a chain and one instruction a step: without this the compiler makes vectors of scalar chains.
          if constexpr (lanes == 1) keep_apart(x[k]);
        }
      }
    }
    N sum = x[0];
    for (int k = 1; k < chain_count; ++k) sum += x[k];
    return lane(sum, 0);
  }

  static CHOKEPOINT_INLINE void keep_apart(float& x) {
#if defined(__SSE2__)
    asm volatile("" : "+x"(x));
#else
    asm volatile("" : "+w"(x));
#endif
  }
  template <class Lanes>
  static CHOKEPOINT_INLINE void keep_apart(Lanes&) {}

  /// Stops the compiler from making a vector loop of the scalar one.
  static CHOKEPOINT_INLINE void stay_scalar() {
    if constexpr (lanes == 1) asm volatile("" ::: "memory");
  }

  template <class Function>
  static CHOKEPOINT_INLINE void map(const float* in, float* out, std::size_t count, Function f) {
    for (std::size_t i = 0; i < count; i += lanes) {
      store<N>(out + i, f(load<N>(in + i)));
      stay_scalar();
    }
  }
  static void map_exp2(const float* in, float* out, std::size_t count) {
    map(in, out, count, [](N x) { return exp2(x); });
  }
  static void map_log2(const float* in, float* out, std::size_t count) {
    map(in, out, count, [](N x) { return log2(x); });
  }
  static void map_reciprocal(const float* in, float* out, std::size_t count) {
    map(in, out, count, [](N x) { return reciprocal(x); });
  }
  static void map_normal_quantile(const float* in, float* out, std::size_t count) {
    map(in, out, count, [](N x) { return normal_quantile(x); });
  }

  static CHOKEPOINT_INLINE void store_word(std::uint32_t* to, const uint_t<N>& word) {
    if constexpr (lanes == 1) {
      *to = word;
    } else {
      word.store(to);
    }
  }

  /// Blocks of four words of successive entities, as the model draws them.
  template <class Use>
  static CHOKEPOINT_INLINE void draw(std::size_t count, std::uint32_t step, Use use) {
    SourceSeeds seeds{};
    seeds.seed[static_cast<int>(Source::demand)] = 0x0123456789abcdefu;
    const Draws<N> draws(seeds, 0, step);
    std::uint32_t block = 0;
    for (std::size_t i = 0; i < count; i += 4 * lanes) {
      const auto words = draws.block(Source::demand, block++);
      for (int k = 0; k < 4; ++k) use(i + static_cast<std::size_t>(k * lanes), words.word[k]);
      stay_scalar();
    }
  }
  static void words(std::uint32_t* out, std::size_t count, std::uint32_t step) {
    draw(count, step, [out](std::size_t i, const uint_t<N>& word) { store_word(out + i, word); });
  }
  static void normals(float* out, std::size_t count, std::uint32_t step) {
    draw(count, step, [out](std::size_t i, const uint_t<N>& word) { store<N>(out + i, normal<N>(word)); });
  }

  static bench::NumberKernels kernels() {
    return {lanes,
            has_fma,
            2 * chain_count * chain_steps * lanes,
            &chains,
            &map_exp2,
            &map_log2,
            &map_reciprocal,
            &map_normal_quantile,
            &words,
            &normals};
  }
};

template <class N>
struct ClearingBench {
  using P = Parameters<scalar_t<N>>;

  static void clear(const void* parameters, int month, const void* before, void* state, void* flows) {
    const P& p = *static_cast<const P*>(parameters);
    const State<N>& old = *static_cast<const State<N>*>(before);
    State<N>& now = *static_cast<State<N>*>(state);
    for (const MarketIndex m : markets(p)) now.log2_price[m] = old.log2_price[m];
    for (const RegionIndex r : regions(p)) now.war[r] = old.war[r];  // a war found this month rules from the next on
    clear_rental_markets<N>(p, p.calendar[month], now, *static_cast<Flows<N>*>(flows));
  }
  static void iterations(const void* flows, std::int32_t* out) {
    for (int k = 0; k < lane_count<N>; ++k) {
      out[k] = static_cast<std::int32_t>(lane(static_cast<const Flows<N>*>(flows)->iterations, k));
    }
  }
  static bench::ClearingKernels kernels() { return {&clear, &iterations}; }
};

inline bench::TargetKernels target_kernels() {
  using Simd = Lanes<float, native_lanes>;
  return {NumberBench<float>::kernels(), NumberBench<Simd>::kernels(), ClearingBench<double>::kernels(),
          ClearingBench<float>::kernels(), ClearingBench<Simd>::kernels()};
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
