#pragma once

#include <optional>

#include "chokepoint/market/one_shot/system.hpp"

/// Profit and consumer surplus in a cleared market (docs/model.md, section 5g). Money is in the units of the file.
namespace chokepoint {

/// Marginal cost of a firm at an output.
double marginal_cost(const FirmCurve<double>& firm, double quantity);

/// Revenue less the integral of marginal cost (5.34), with `margin` = 1 - cost of the first unit / price.
double profit(const FirmCurve<double>& firm, double price, double margin, double quantity);

/// Consumer surplus of a segment (5.35), at the prices that `system` saw last; infinite where buyers would pay any sum.
double consumer_surplus(const OneShotMarkets<double>& curves, const OneShotSystem<double>& system, int segment);

}  // namespace chokepoint
