#pragma once

#include <cstdint>

/// How large a scenario may be, and the few numbers and words that its parts share.
namespace chokepoint {

/// Capacity of every index set. `exact` tells the compiler that the sizes of the scenario equal these numbers, so loops
/// over them have constant trip counts; otherwise the sizes are read from the block.
template <int Regions, int Classes, int Pools, int Units, int Segments, bool Exact = false>
struct Shape {
  static constexpr int regions = Regions;
  static constexpr int classes = Classes;
  static constexpr int pools = Pools;
  static constexpr int units = Units;
  static constexpr int segments = Segments;
  static constexpr int markets = Regions * Classes;
  static constexpr int fleets = Units * Classes;
  static constexpr bool exact = Exact;
};

/// The stated maxima of the model (docs/model.md, section 1).
using LargestShape = Shape<8, 8, 8, 32, 16>;

/// Sizes of configs/baseline.toml and of the scenarios that build on it: engines keep code for exactly these.
using BaselineShape = Shape<4, 4, 3, 24, 10, true>;

inline constexpr int max_months = 240;
inline constexpr int max_export_classes = 8;
inline constexpr int max_outages = 8;
inline constexpr int max_component_pools = 4;
inline constexpr int max_events = 64;
inline constexpr int max_iterations = 96;
inline constexpr int regime_count = 4;
inline constexpr int pipeline_stages = 3;
inline constexpr double no_ceiling_log2 = 100;  ///< log2 of a price that no market reaches

/// Export regime of one export class towards one region.
enum Regime : std::uint32_t { regime_open = 0, regime_window = 1, regime_quota = 2, regime_ban = 3 };

/// What a provider unit is for (docs/model.md, section 5).
enum ProviderKind : std::int32_t { provider_commercial = 0, provider_public, provider_captive, provider_community };

struct Sizes {
  std::int32_t months, regions, classes, pools, units, segments, owners, export_classes, outages, component_pools,
      events, measures;
};

/// The flat block of a scenario (parameters.hpp).
template <class R, class S = LargestShape>
struct Parameters;

}  // namespace chokepoint
