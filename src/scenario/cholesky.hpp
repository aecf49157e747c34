#pragma once

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Lower factor L with L L' = matrix. False where the matrix is not positive definite.
bool cholesky_factor(const config::FactorMatrix& matrix, config::FactorMatrix& lower);

}  // namespace chokepoint
