#include "numeric/kinds.hpp"

namespace chokepoint::test {
namespace {

struct Triple {
  float a, b, c;
};

/// Random bits; near-cancelling sums; products whose tail lies a hair beside the half of c's last place, where rounding
/// twice goes wrong; every combination of awkward numbers.
std::vector<Triple> hard_triples() {
  std::vector<Triple> triples;
  std::mt19937 random(1);
  const auto near = [&](float x) { return from_pattern(pattern_of(x) + random() % 5 - 2); };
  const auto moderate = [&] {
    return std::ldexp(1.0f + static_cast<float>(random() >> 9) * 0x1p-23f, int(random() % 40) - 20);
  };
  for (int i = 0; i < 40000; ++i) {
    triples.push_back({from_pattern(std::uint32_t(random())), from_pattern(std::uint32_t(random())),
                       from_pattern(std::uint32_t(random()))});
    const float a = moderate(), b = moderate();
    triples.push_back({a, -b, near(a * b)});
    const float tiny = std::ldexp(moderate(), -30);
    triples.push_back({1.0f + 0x1p-12f * float(random() % 9), 0x1p-24f * (1.0f + 0x1p-12f * float(random() % 9)),
                       1.0f + 0x1p-23f * float(random() % 9)});
    triples.push_back({tiny, random() % 2 ? tiny : -tiny, a});
    triples.push_back({std::ldexp(a, -70), std::ldexp(b, -66), from_pattern(random() % 0x1000000)});
    const float power = std::ldexp(1.0f, int(random() % 20));
    triples.push_back({power, random() % 2 ? 0x1p-60f : -0x1p-60f, near(power)});
  }
  const std::vector<float> awkward = awkward_numbers();
  for (float a : awkward) {
    for (float b : awkward) {
      for (float c : awkward) triples.push_back({a, b, c});
    }
  }
  return triples;
}

TYPED_TEST(EveryFloatKind, FmaRoundsOnce) {
  constexpr int width = lane_count<TypeParam>;
  static const std::vector<Triple> triples = hard_triples();
  int wrong = 0;
  for (std::size_t i = 0; i + width <= triples.size(); i += width) {
    float a[width], b[width], c[width], got[width];
    for (int k = 0; k < width; ++k) a[k] = triples[i + k].a, b[k] = triples[i + k].b, c[k] = triples[i + k].c;
    store(got, fma(load<TypeParam>(a), load<TypeParam>(b), load<TypeParam>(c)));
    for (int k = 0; k < width; ++k) {
      const float expected = std::fmaf(a[k], b[k], c[k]);
      if (pattern_of(got[k]) == pattern_of(expected)) continue;
      if (++wrong < 5)
        ADD_FAILURE() << std::hexfloat << a[k] << " * " << b[k] << " + " << c[k] << " = " << expected << ", not "
                      << got[k];
    }
  }
  EXPECT_EQ(wrong, 0);
}

/// Also where the machine has the instruction, and fma() never comes here.
TEST(FusedByDouble, RoundsOnce) {
  int wrong = 0;
  for (const Triple& t : hard_triples()) {
    wrong += pattern_of(fused_by_double(t.a, t.b, t.c)) != pattern_of(std::fmaf(t.a, t.b, t.c));
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace chokepoint::test
