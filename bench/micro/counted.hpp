#pragma once

#include <cstdint>
#include <type_traits>

#include "chokepoint/numeric/lanes.hpp"

/// A kind of number that counts what is done with it: W floats, one count an operation whatever W is. The model takes
/// it like any other kind (numeric/lanes.hpp) and gives the same bits, so the counts are those of the real engines: W =
/// 1 what a path needs by itself, W > 1 what a bundle of W executes, its waiting for the slowest included. What is the
/// same on every path (plain numbers of the parameter block) costs a bundle next to nothing and is not counted.
namespace chokepoint {

enum class Operation {
  add,  ///< and subtract
  multiply,
  fused,    ///< multiply-add
  divide,   ///< and square root
  extreme,  ///< minimum, maximum
  compare,
  choose,   ///< select
  sign,     ///< negate, absolute
  convert,  ///< between number and word
  integer,  ///< add, subtract, logic and shift of words
  wide,     ///< 32 x 32 bit product
  mask,     ///< logic and votes of masks
  count
};

inline constexpr int operation_count = static_cast<int>(Operation::count);
inline std::uint64_t operations_seen[operation_count];

inline namespace CHOKEPOINT_TARGET {

inline void seen(Operation operation) {
  ++operations_seen[static_cast<int>(operation)];
}

// Not inlined: the model is large, and its compile time matters more here than its speed.
#define CHOKEPOINT_COUNTED friend __attribute__((noinline))
#define CHOKEPOINT_EACH_LANE for (int k = 0; k < W; ++k)

template <int W>
struct CountedMask {
  bool v[W];

  CountedMask() = default;
  CountedMask(bool value) { CHOKEPOINT_EACH_LANE v[k] = value; }

#define CHOKEPOINT_COUNTED_LOGIC(op)                                         \
  CHOKEPOINT_COUNTED CountedMask operator op(CountedMask a, CountedMask b) { \
    seen(Operation::mask);                                                   \
    CHOKEPOINT_EACH_LANE a.v[k] = (a.v[k] op b.v[k]) != 0;                   \
    return a;                                                                \
  }                                                                          \
  CountedMask& operator op##=(CountedMask b) {                               \
    return *this = *this op b;                                               \
  }
  CHOKEPOINT_COUNTED_LOGIC(&)
  CHOKEPOINT_COUNTED_LOGIC(|)
  CHOKEPOINT_COUNTED_LOGIC(^)
#undef CHOKEPOINT_COUNTED_LOGIC
  CHOKEPOINT_COUNTED CountedMask operator!(CountedMask a) {
    seen(Operation::mask);
    CHOKEPOINT_EACH_LANE a.v[k] = !a.v[k];
    return a;
  }

  CHOKEPOINT_COUNTED int count(CountedMask m) {
    seen(Operation::mask);
    int sum = 0;
    CHOKEPOINT_EACH_LANE sum += m.v[k] ? 1 : 0;
    return sum;
  }
  friend bool any(CountedMask m) {
    return count(m) > 0;
  }
  friend bool none(CountedMask m) {
    return count(m) == 0;
  }
  friend bool all(CountedMask m) {
    return count(m) == W;
  }
  friend bool lane(CountedMask m, int k) {
    return m.v[k];
  }
  friend CountedMask select(CountedMask m, CountedMask a, CountedMask b) {
    return (m & a) | (!m & b);
  }
};

template <int W>
struct Counted;

template <int W>
struct CountedWord {
  std::uint32_t v[W];

  CountedWord() = default;
  CountedWord(std::uint32_t x) { CHOKEPOINT_EACH_LANE v[k] = x; }
  explicit operator std::int32_t() const { return static_cast<std::int32_t>(v[0]); }  // for W = 1
  static CountedWord load(const std::uint32_t* from) {
    CountedWord words;
    CHOKEPOINT_EACH_LANE words.v[k] = from[k];
    return words;
  }

#define CHOKEPOINT_COUNTED_WORDS(op)                                         \
  CHOKEPOINT_COUNTED CountedWord operator op(CountedWord a, CountedWord b) { \
    seen(Operation::integer);                                                \
    CHOKEPOINT_EACH_LANE a.v[k] = a.v[k] op b.v[k];                          \
    return a;                                                                \
  }                                                                          \
  CountedWord& operator op##=(CountedWord b) {                               \
    return *this = *this op b;                                               \
  }
  CHOKEPOINT_COUNTED_WORDS(+)
  CHOKEPOINT_COUNTED_WORDS(-)
  CHOKEPOINT_COUNTED_WORDS(*)
  CHOKEPOINT_COUNTED_WORDS(&)
  CHOKEPOINT_COUNTED_WORDS(|)
  CHOKEPOINT_COUNTED_WORDS(^)
#undef CHOKEPOINT_COUNTED_WORDS
  CHOKEPOINT_COUNTED CountedWord operator<<(CountedWord a, int by) {
    seen(Operation::integer);
    CHOKEPOINT_EACH_LANE a.v[k] <<= by;
    return a;
  }
  CHOKEPOINT_COUNTED CountedWord operator>>(CountedWord a, int by) {
    seen(Operation::integer);
    CHOKEPOINT_EACH_LANE a.v[k] >>= by;
    return a;
  }

#define CHOKEPOINT_COUNTED_COMPARE(Number, op)                        \
  CHOKEPOINT_COUNTED CountedMask<W> operator op(Number a, Number b) { \
    seen(Operation::compare);                                         \
    CountedMask<W> mask;                                              \
    CHOKEPOINT_EACH_LANE mask.v[k] = a.v[k] op b.v[k];                \
    return mask;                                                      \
  }
#define CHOKEPOINT_COUNTED_COMPARISONS(Number) \
  CHOKEPOINT_COUNTED_COMPARE(Number, <)        \
  CHOKEPOINT_COUNTED_COMPARE(Number, <=)       \
  CHOKEPOINT_COUNTED_COMPARE(Number, >)        \
  CHOKEPOINT_COUNTED_COMPARE(Number, >=)       \
  CHOKEPOINT_COUNTED_COMPARE(Number, ==)       \
  CHOKEPOINT_COUNTED_COMPARE(Number, !=)
  CHOKEPOINT_COUNTED_COMPARISONS(CountedWord)

  CHOKEPOINT_COUNTED CountedWord select(CountedMask<W> mask, CountedWord a, CountedWord b) {
    seen(Operation::choose);
    CHOKEPOINT_EACH_LANE a.v[k] = mask.v[k] ? a.v[k] : b.v[k];
    return a;
  }
  CHOKEPOINT_COUNTED WideProduct<CountedWord> multiply_wide(CountedWord a, CountedWord b) {
    seen(Operation::wide);
    WideProduct<CountedWord> product;
    CHOKEPOINT_EACH_LANE {
      const auto wide = multiply_wide(a.v[k], b.v[k]);
      product.low.v[k] = wide.low;
      product.high.v[k] = wide.high;
    }
    return product;
  }
  friend std::uint32_t lane(CountedWord a, int k) {
    return a.v[k];
  }
  friend Counted<W> float_of(CountedWord words) {
    return Counted<W>::of_bits(words);
  }
};

template <int W>
struct Counted {
  using Words = CountedWord<W>;
  float v[W];

  Counted() = default;
  Counted(float x) { CHOKEPOINT_EACH_LANE v[k] = x; }
  template <class Constant,
            std::enable_if_t<std::is_arithmetic_v<Constant> && !std::is_same_v<Constant, float>, int> = 0>
  explicit Counted(Constant x) : Counted(static_cast<float>(x)) {}
  static Counted load(const float* from) {
    Counted numbers;
    CHOKEPOINT_EACH_LANE numbers.v[k] = from[k];
    return numbers;
  }
  void store(float* to) const { CHOKEPOINT_EACH_LANE to[k] = v[k]; }

#define CHOKEPOINT_COUNTED_ARITHMETIC(op, operation)             \
  CHOKEPOINT_COUNTED Counted operator op(Counted a, Counted b) { \
    seen(Operation::operation);                                  \
    CHOKEPOINT_EACH_LANE a.v[k] = a.v[k] op b.v[k];              \
    return a;                                                    \
  }                                                              \
  Counted& operator op##=(Counted b) {                           \
    return *this = *this op b;                                   \
  }
  CHOKEPOINT_COUNTED_ARITHMETIC(+, add)
  CHOKEPOINT_COUNTED_ARITHMETIC(-, add)
  CHOKEPOINT_COUNTED_ARITHMETIC(*, multiply)
  CHOKEPOINT_COUNTED_ARITHMETIC(/, divide)
#undef CHOKEPOINT_COUNTED_ARITHMETIC
  CHOKEPOINT_COUNTED Counted operator-(Counted a) {
    seen(Operation::sign);
    CHOKEPOINT_EACH_LANE a.v[k] = -a.v[k];
    return a;
  }
  friend Counted operator+(Counted a) {
    return a;
  }
  CHOKEPOINT_COUNTED Counted absolute(Counted a) {
    seen(Operation::sign);
    CHOKEPOINT_EACH_LANE a.v[k] = absolute(a.v[k]);
    return a;
  }
  CHOKEPOINT_COUNTED Counted square_root(Counted a) {
    seen(Operation::divide);
    CHOKEPOINT_EACH_LANE a.v[k] = square_root(a.v[k]);
    return a;
  }
  CHOKEPOINT_COUNTED Counted fma(Counted a, Counted b, Counted c) {
    seen(Operation::fused);
    CHOKEPOINT_EACH_LANE a.v[k] = fused(a.v[k], b.v[k], c.v[k]);
    return a;
  }
  CHOKEPOINT_COUNTED Counted minimum(Counted a, Counted b) {
    seen(Operation::extreme);
    CHOKEPOINT_EACH_LANE a.v[k] = minimum(a.v[k], b.v[k]);
    return a;
  }
  CHOKEPOINT_COUNTED Counted maximum(Counted a, Counted b) {
    seen(Operation::extreme);
    CHOKEPOINT_EACH_LANE a.v[k] = maximum(a.v[k], b.v[k]);
    return a;
  }
  CHOKEPOINT_COUNTED Counted select(CountedMask<W> mask, Counted a, Counted b) {
    seen(Operation::choose);
    CHOKEPOINT_EACH_LANE a.v[k] = mask.v[k] ? a.v[k] : b.v[k];
    return a;
  }
  CHOKEPOINT_COUNTED_COMPARISONS(Counted)

  // The bits of a number are the number: no operation.
  friend Words bits_of(Counted a) {
    Words words;
    CHOKEPOINT_EACH_LANE words.v[k] = bits_of(a.v[k]);
    return words;
  }
  static Counted of_bits(Words words) {
    Counted numbers;
    CHOKEPOINT_EACH_LANE numbers.v[k] = chokepoint::float_of(words.v[k]);
    return numbers;
  }
  static Counted of_signed(Words words) {
    seen(Operation::convert);
    Counted numbers;
    CHOKEPOINT_EACH_LANE numbers.v[k] = static_cast<float>(static_cast<std::int32_t>(words.v[k]));
    return numbers;
  }
  friend Words truncated(Counted a) {
    seen(Operation::convert);
    Words words;
    CHOKEPOINT_EACH_LANE words.v[k] = static_cast<std::uint32_t>(static_cast<std::int32_t>(a.v[k]));
    return words;
  }
  friend float lane(Counted a, int k) {
    return a.v[k];
  }
};

#undef CHOKEPOINT_COUNTED_COMPARISONS
#undef CHOKEPOINT_COUNTED_COMPARE
#undef CHOKEPOINT_EACH_LANE
#undef CHOKEPOINT_COUNTED

template <int W>
struct NumberTraits<Counted<W>> {
  using mask = CountedMask<W>;
  using scalar = float;
  using word = CountedWord<W>;
  static constexpr int lanes = W;
};

// The vocabulary takes a kind of one lane for a plain number. These say the same words for this one.
template <>
inline void store<Counted<1>>(float* to, Counted<1> x) {
  x.store(to);
}
template <>
inline Counted<1> signed_to_number<Counted<1>>(CountedWord<1> word) {
  return Counted<1>::of_signed(word);
}
template <>
inline CountedWord<1> to_word<Counted<1>>(Counted<1> x) {
  return truncated(x);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
