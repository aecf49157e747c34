#include "chokepoint/market/indices.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <type_traits>
#include <vector>

#include "chokepoint/market/chips.hpp"

namespace chokepoint {
namespace {

using P = Parameters<double>;

template <class... Arguments>
constexpr bool makes_a_market = requires(const P& p, Arguments... arguments) {
  market_index(p, arguments...);
};
template <class... Arguments>
constexpr bool makes_a_fleet = requires(const P& p, Arguments... arguments) {
  fleet_index(p, arguments...);
};
template <class... Arguments>
constexpr bool has_a_markup = requires(const P& p, const State<double>& state, Arguments... arguments) {
  trade_markup<double>(p, state, arguments...);
};

static_assert(makes_a_market<RegionIndex, ClassIndex> && !makes_a_market<ClassIndex, RegionIndex>);
static_assert(makes_a_fleet<UnitIndex, ClassIndex> && !makes_a_fleet<ClassIndex, UnitIndex>);
static_assert(has_a_markup<ClassIndex, RegionIndex> && !has_a_markup<RegionIndex, ClassIndex>);
static_assert(!makes_a_market<RegionIndex, int> && !makes_a_market<int, int>, "a bare number is no index");
static_assert(!std::is_constructible_v<UnitIndex, MarketIndex>, "nor is an index of another set");
static_assert(std::is_convertible_v<RegionIndex, int> && sizeof(RegionIndex) == sizeof(int));

template <class Range>
std::vector<int> listed(const Range& range) {
  std::vector<int> out;
  for (const auto index : range) out.push_back(index);
  return out;
}

/// Two regions of two classes, with one unit and two.
std::unique_ptr<P> small_block() {
  auto p = std::make_unique<P>();
  p->sizes.regions = p->sizes.classes = 2;
  p->sizes.units = 3;
  const int first[] = {0, 1, 3}, region[] = {0, 1, 1};
  std::copy_n(first, 3, p->providers.first);
  std::copy_n(region, 3, p->providers.region);
  return p;
}

TEST(Indices, RangesListTheirSetsInOrder) {
  const auto p = small_block();
  EXPECT_EQ(listed(regions(*p)), (std::vector{0, 1}));
  EXPECT_EQ(listed(markets(*p)), (std::vector{0, 1, 2, 3}));
  EXPECT_EQ(listed(markets_of(*p, RegionIndex(1))), (std::vector{2, 3}));
  EXPECT_EQ(listed(units_of(*p, RegionIndex(1))), (std::vector{1, 2}));
  EXPECT_EQ(units_of(*p, RegionIndex(1)).size(), 2);
  EXPECT_EQ(units_of(*p, RegionIndex(1)).first(), UnitIndex(1));
  EXPECT_EQ(listed(segments(*p)), std::vector<int>{}) << "an empty set has no turn";
}

TEST(Indices, MarketsAndUnitsLieInTheirRegions) {
  const auto p = small_block();
  for (const RegionIndex r : regions(*p)) {
    for (const ClassIndex c : classes(*p)) EXPECT_EQ(region_of(*p, market_index(*p, r, c)), r);
    for (const UnitIndex i : units_of(*p, r)) EXPECT_EQ(region_of(*p, i), r);
  }
}

}  // namespace
}  // namespace chokepoint
