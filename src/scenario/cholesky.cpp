#include "scenario/cholesky.hpp"

#include <cmath>

namespace chokepoint {

bool cholesky_factor(const config::FactorMatrix& matrix, config::FactorMatrix& lower) {
  constexpr double least_pivot = 1e-12;
  lower = {};
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) rest -= lower[i][k] * lower[j][k];
      if (i == j && rest < least_pivot) return false;
      lower[i][j] = i == j ? std::sqrt(rest) : rest / lower[j][j];
    }
  }
  return true;
}

}  // namespace chokepoint
