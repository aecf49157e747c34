#pragma once

/// Sizes of the scenario: by default those of configs/baseline.toml. bench/peers/bench.py defines them for others.
#ifndef PEER_SIZES
#define PEER_SIZES 72, 4, 4, 3, 24, 10, 21, 4, 4, 1, 213
#endif

namespace peer {

struct Sizes {
  int months, regions, classes, pools, units, segments, owners, export_classes, outages, component_pools, measures;
};

constexpr Sizes sizes{PEER_SIZES};
constexpr int regions = sizes.regions, classes = sizes.classes, units = sizes.units, segments = sizes.segments;
constexpr int pools = sizes.pools, outages = sizes.outages, component_pools = sizes.component_pools;
constexpr int export_classes = sizes.export_classes;
constexpr int markets = regions * classes;
constexpr int regimes = 4, stages = 3, sources = 16;

/// Room for an index set that may be empty.
constexpr int room(int size) {
  return size > 0 ? size : 1;
}

}  // namespace peer
