#pragma once

#include <vector>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Weights of a segment over rental markets (region * classes + class): (taste / trade cost)^sigma, summing to 1, 0
/// where barred (5.6). Empty where the segment can rent nowhere.
std::vector<double> market_weights(const Scenario& scenario, const config::Segment& segment);

}  // namespace chokepoint
