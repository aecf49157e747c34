#pragma once

#include <memory>
#include <string>

#include "chokepoint/market/one_shot/system.hpp"
#include "chokepoint/one_shot.hpp"

namespace chokepoint {

/// Lowers a market file that was read to the block that the solver takes. Markets with buyers and sellers are active.
std::unique_ptr<OneShotMarkets<double>> lower(const OneShot& one_shot);

/// Whether a segment may buy in a market.
bool buys(const config::OneShotSegment& segment, const OneShot& one_shot, int market);

/// Position of the market a firm or segment names; the first where it names none.
int market_of(const OneShot& one_shot, const std::string& name);

}  // namespace chokepoint
