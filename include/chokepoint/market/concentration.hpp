#pragma once

#include "chokepoint/numeric/lanes.hpp"

/// Concentration of a market: the Herfindahl-Hirschman index and concentration ratios (docs/model.md, section 7).
namespace chokepoint {

/// `hhi` in points, 0 to 10000; `ratio[k-1]` is the joint share of the k largest firms.
template <class N>
struct Concentration {
  N hhi;
  N ratio[5];
};

inline namespace CHOKEPOINT_TARGET {

/// Keeps the five largest values seen, in falling order.
template <class N>
class LargestFive {
 public:
  CHOKEPOINT_INLINE LargestFive() {
    for (N& v : largest_) v = N(scalar_t<N>(0));
  }
  CHOKEPOINT_INLINE void insert(N value) {
    for (N& held : largest_) {
      const N larger = greatest(held, value);
      value = least(held, value);
      held = larger;
    }
  }
  /// Enters five or more equal values: each place keeps the larger of its old value and the new one.
  CHOKEPOINT_INLINE void insert_many(const N& value) {
    for (N& held : largest_) held = greatest(held, value);
  }
  CHOKEPOINT_INLINE const N& operator[](int k) const { return largest_[k]; }

 private:
  N largest_[5];
};

/// Concentration (7.1) of `size` groups with outputs `value`; group k stands for `count[k]` equal firms, each of which
/// counts by itself. All zero where there is no output.
template <class N, class R>
CHOKEPOINT_HD Concentration<N> concentration(const N* value, const R* count, const R* inverse_count, int size) {
  const N zero = N(0);
  N total = zero, squares = zero;
  LargestFive<N> largest;
  for (int k = 0; k < size; ++k) {
    const N firm = value[k] * N(inverse_count[k]);
    total += value[k];
    squares = fma(value[k], firm, squares);
    if (count[k] >= R(5)) {
      largest.insert_many(firm);
      continue;
    }
    for (int copy = 0; R(copy) < count[k]; ++copy) largest.insert(firm);
  }
  const auto empty = total < N(1e-9);
  const N inverse = select(empty, zero, reciprocal(maximum(total, N(1e-9))));
  Concentration<N> out;
  out.hhi = squares * inverse * inverse * N(10000);
  N sum = zero;
  for (int k = 0; k < 5; ++k) {
    sum += largest[k] * inverse;
    out.ratio[k] = minimum(sum, N(1));
  }
  return out;
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
