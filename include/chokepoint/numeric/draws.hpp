#pragma once

#include "chokepoint/numeric/elementary.hpp"
#include "chokepoint/numeric/philox.hpp"
#include "chokepoint/numeric/sources.hpp"

/// Random numbers keyed by what they are for. A draw is a pure function of (seed of its source, path, step, source,
/// entity): asking for one more, or leaving one out, shifts no other.
namespace chokepoint {

inline namespace CHOKEPOINT_TARGET {

/// (k + 1/2) / 2^23 with k the upper 23 bits of the word: every value exact in float, from 2^-24 to 1 - 2^-24, never 0
/// nor 1, symmetric about 1/2. double uses the same grid, so that the reference sees the same draws.
template <class N>
CHOKEPOINT_INLINE N uniform(uint_t<N> word) {
  if constexpr (is_float_kind<N>) {
    // The bits as a mantissa make 1 + k / 2^23; taking off 1 - 2^-24 is exact.
    return number_of_bits<N>(word >> 9 | uint_t<N>(0x3f800000u)) - (1.0f - 0x1p-24f);
  } else {
    return (to_number<N>(word >> 9) + 0.5) * 0x1p-23;
  }
}

/// Standard normal, between -5.3 and 5.3.
template <class N>
CHOKEPOINT_INLINE N normal(uint_t<N> word) {
  return normal_quantile(uniform<N>(word));
}

/// The draws of lane_count<N> successive paths in one step. Keeps a reference to the seeds.
template <class N>
class Draws {
 public:
  using Word = uint_t<N>;

  /// Lane k is path first_path + k.
  CHOKEPOINT_INLINE Draws(const SourceSeeds& seeds, std::uint64_t first_path, std::uint32_t step)
      : seeds_(&seeds), step_(step) {
    const Word first_low(static_cast<std::uint32_t>(first_path));
    path_low_ = first_low + lane_numbers<N>();
    const Word carry = select(path_low_ < first_low, Word(1u), Word(0u));
    path_high_ = Word(static_cast<std::uint32_t>(first_path >> 32)) + carry;
  }

  /// The words of entities 4 b, 4 b + 1, 4 b + 2 and 4 b + 3, for b = block_index < 2^16.
  CHOKEPOINT_INLINE PhiloxBlock<Word> block(Source source, std::uint32_t block_index) const {
    const std::uint32_t number = static_cast<std::uint32_t>(source);
    const std::uint64_t seed = seeds_->seed[number];
    const PhiloxBlock<Word> counter = {{path_low_, path_high_, Word(step_), Word(number << 16 | block_index)}};
    return philox(counter, static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
  }

  /// The word of one entity < 2^18. Where several are needed, block() gives four for the price of one.
  CHOKEPOINT_INLINE Word word(Source source, std::uint32_t entity) const {
    const PhiloxBlock<Word> words = block(source, entity >> 2);
    return words.word[entity & 3];
  }

 private:
  const SourceSeeds* seeds_;
  Word path_low_, path_high_;
  std::uint32_t step_;
};

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
