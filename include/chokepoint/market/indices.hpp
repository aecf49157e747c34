#pragma once

#include "chokepoint/base/host_device.hpp"

/// Indices of the model's sets, each of a type of its own, so that a region cannot pass for a class of chips; and the
/// ranges that loops run over.
namespace chokepoint {

struct RegionTag;
struct ClassTag;
struct PoolTag;
struct UnitTag;
struct OwnerTag;
struct SegmentTag;
struct MarketTag;
struct FleetTag;
struct ExportClassTag;
struct OutageTag;
struct ComponentPoolTag;

inline namespace CHOKEPOINT_TARGET {

/// A place in one index set. It reads as an int, as an array index say, but no int and no other index becomes one by
/// itself.
template <class Tag>
class Index {
 public:
  CHOKEPOINT_INLINE constexpr explicit Index(int value) : value_(value) {}
  template <class Other>
  explicit Index(Index<Other>) = delete;
  CHOKEPOINT_INLINE constexpr operator int() const { return value_; }

 private:
  int value_;
};

using RegionIndex = Index<RegionTag>;
using ClassIndex = Index<ClassTag>;
using PoolIndex = Index<PoolTag>;
using UnitIndex = Index<UnitTag>;
using OwnerIndex = Index<OwnerTag>;
using SegmentIndex = Index<SegmentTag>;
using MarketIndex = Index<MarketTag>;  ///< of a region and a class
using FleetIndex = Index<FleetTag>;    ///< of a unit and a class
using ExportClassIndex = Index<ExportClassTag>;
using OutageIndex = Index<OutageTag>;
using ComponentPoolIndex = Index<ComponentPoolTag>;

/// Successive indices, for `for (const RegionIndex r : regions(p))`. The end is read at every turn, as in
/// `r < p.sizes.regions`: if nvcc knew it beforehand, it would unroll every loop, for a sixth more code.
/// @tparam End gives the end when called
template <class I, class End>
class IndexRange {
 public:
  class Iterator {
   public:
    CHOKEPOINT_INLINE explicit Iterator(int at) : at_(at) {}
    CHOKEPOINT_INLINE I operator*() const { return I(at_); }
    CHOKEPOINT_INLINE void operator++() { ++at_; }
    CHOKEPOINT_INLINE bool operator!=(const IndexRange& range) const { return at_ < range.end_(); }

   private:
    int at_;
  };

  CHOKEPOINT_INLINE IndexRange(int begin, End end) : begin_(begin), end_(end) {}
  CHOKEPOINT_INLINE Iterator begin() const { return Iterator(begin_); }
  CHOKEPOINT_INLINE const IndexRange& end() const { return *this; }
  CHOKEPOINT_INLINE I first() const { return I(begin_); }
  CHOKEPOINT_INLINE int size() const { return end_() - begin_; }

 private:
  int begin_;
  End end_;
};

template <class I, class End>
CHOKEPOINT_INLINE IndexRange<I, End> index_range(int begin, End end) {
  return IndexRange<I, End>(begin, end);
}

#define CHOKEPOINT_SHAPE_RANGE(set, I)                                          \
  template <class P, class S = typename P::ShapeType>                           \
  CHOKEPOINT_INLINE auto set(const P& p) {                                      \
    return index_range<I>(0, [&p] { return S::exact ? S::set : p.sizes.set; }); \
  }
CHOKEPOINT_SHAPE_RANGE(regions, RegionIndex)
CHOKEPOINT_SHAPE_RANGE(classes, ClassIndex)
CHOKEPOINT_SHAPE_RANGE(pools, PoolIndex)
CHOKEPOINT_SHAPE_RANGE(units, UnitIndex)
CHOKEPOINT_SHAPE_RANGE(segments, SegmentIndex)
#undef CHOKEPOINT_SHAPE_RANGE

#define CHOKEPOINT_RANGE(set, I)                            \
  template <class P>                                        \
  CHOKEPOINT_INLINE auto set(const P& p) {                  \
    return index_range<I>(0, [&p] { return p.sizes.set; }); \
  }
CHOKEPOINT_RANGE(owners, OwnerIndex)
CHOKEPOINT_RANGE(export_classes, ExportClassIndex)
CHOKEPOINT_RANGE(outages, OutageIndex)
CHOKEPOINT_RANGE(component_pools, ComponentPoolIndex)
#undef CHOKEPOINT_RANGE

template <class P>
CHOKEPOINT_INLINE auto markets(const P& p) {
  return index_range<MarketIndex>(0, [&p] { return regions(p).size() * classes(p).size(); });
}

/// Markets of a region, in the order of classes.
template <class P>
CHOKEPOINT_INLINE auto markets_of(const P& p, RegionIndex region) {
  return index_range<MarketIndex>(region * classes(p).size(),
                                  [&p, region] { return (region + 1) * classes(p).size(); });
}

/// Units of a region; units are sorted by region.
template <class P>
CHOKEPOINT_INLINE auto units_of(const P& p, RegionIndex region) {
  return index_range<UnitIndex>(p.providers.first[region], [&p, region] { return p.providers.first[region + 1]; });
}

template <class P>
CHOKEPOINT_INLINE MarketIndex market_index(const P& p, RegionIndex region, ClassIndex chip_class) {
  return MarketIndex(region * classes(p).size() + chip_class);
}

template <class P>
CHOKEPOINT_INLINE FleetIndex fleet_index(const P& p, UnitIndex unit, ClassIndex chip_class) {
  return FleetIndex(unit * classes(p).size() + chip_class);
}

template <class P>
CHOKEPOINT_INLINE RegionIndex region_of(const P& p, MarketIndex market) {
  return RegionIndex(market / classes(p).size());
}
template <class P>
CHOKEPOINT_INLINE RegionIndex region_of(const P& p, UnitIndex unit) {
  return RegionIndex(p.providers.region[unit]);
}
template <class P>
CHOKEPOINT_INLINE OwnerIndex owner_of(const P& p, UnitIndex unit) {
  return OwnerIndex(p.providers.owner[unit]);
}
/// @param rank from 0: units in falling order of priority
template <class P>
CHOKEPOINT_INLINE UnitIndex unit_by_priority(const P& p, int rank) {
  return UnitIndex(p.providers.by_priority[rank]);
}
template <class P>
CHOKEPOINT_INLINE PoolIndex pool_of(const P& p, ClassIndex chip_class) {
  return PoolIndex(p.chips.pool[chip_class]);
}
/// Below 0: never restricted.
template <class P>
CHOKEPOINT_INLINE ExportClassIndex export_class_of(const P& p, ClassIndex chip_class) {
  return ExportClassIndex(p.chips.export_class[chip_class]);
}
/// Region whose domestic floor counts the class; below 0: none.
template <class P>
CHOKEPOINT_INLINE RegionIndex home_of(const P& p, ClassIndex chip_class) {
  return RegionIndex(p.chips.home[chip_class]);
}
template <class P>
CHOKEPOINT_INLINE RegionIndex home_of(const P& p, SegmentIndex segment) {
  return RegionIndex(p.demand.home[segment]);
}

}  // namespace CHOKEPOINT_TARGET
}  // namespace chokepoint
