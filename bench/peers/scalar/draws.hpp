#pragma once

#include <cmath>
#include <cstdint>

#include "parameters.hpp"

/// Random numbers: Philox4x32-10, keyed by seed, path, step, source and entity as docs/model.md, section 8, says.
namespace peer {

enum Source {
  demand_source = 1,
  efficiency_source,
  sentiment_source,
  fab_source,
  outage_source,
  regime_source,
  power_source,
  grid_source,
  component_source,
  conduct_source
};

struct Block {
  std::uint32_t word[4];
};

inline Block philox(Block x, std::uint64_t seed) {
  std::uint32_t key_0 = static_cast<std::uint32_t>(seed), key_1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xd2511f53} * x.word[0], b = std::uint64_t{0xcd9e8d57} * x.word[2];
    x = {{static_cast<std::uint32_t>(b >> 32) ^ x.word[1] ^ key_0, static_cast<std::uint32_t>(b),
          static_cast<std::uint32_t>(a >> 32) ^ x.word[3] ^ key_1, static_cast<std::uint32_t>(a)}};
    key_0 += 0x9e3779b9;
    key_1 += 0xbb67ae85;
  }
  return x;
}

/// In (0, 1), on a grid of 2^23 values.
inline float uniform(std::uint32_t word) {
  return (static_cast<float>(word >> 9) + 0.5f) * 0x1p-23f;
}

/// Standard normal: the quantile of a uniform number as a rational function (docs/numerics.md).
inline float normal(std::uint32_t word) {
  const float u = uniform(word), q = u - 0.5f, distance = std::fabs(q);
  const float w = -std::log2((2 - 4 * distance) * (0.5f + distance));
  const float above =
      ((((0x1.f30b1cp-19f * w + 0x1.3fb52ep-11f) * w + 0x1.434372p-7f) * w + 0x1.a9bfd8p-4f) * w + 0x1.6dccb4p-1f) * w +
      0x1.40d97p+1f;
  const float below = (((0x1.0be9a4p-15f * w + 0x1.402f7p-10f) * w + 0x1.0c450ep-6f) * w + 0x1.a842fcp-4f) * w + 1;
  return q * above / below;
}

/// The words of one source in one month of one path, entity after entity: four to a block.
class Words {
 public:
  Words(const Parameters& p, std::uint64_t path, int step, Source source, std::uint32_t entity = 0)
      : seed_(p.seeds[source]),
        path_(path),
        step_(static_cast<std::uint32_t>(step)),
        source_(source),
        entity_(entity) {}

  std::uint32_t next() {
    const std::uint32_t number = entity_ >> 2;
    if (number != loaded_) {
      block_ = philox({{static_cast<std::uint32_t>(path_), static_cast<std::uint32_t>(path_ >> 32), step_,
                        static_cast<std::uint32_t>(source_) << 16 | number}},
                      seed_);
      loaded_ = number;
    }
    return block_.word[entity_++ & 3];
  }
  float next_uniform() { return uniform(next()); }
  float next_normal() { return normal(next()); }

 private:
  std::uint64_t seed_, path_;
  std::uint32_t step_;
  Source source_;
  std::uint32_t entity_, loaded_ = 0xffffffff;
  Block block_{};
};

}  // namespace peer
