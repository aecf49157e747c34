#pragma once

#include <cstdint>
#include <memory>

#include "chokepoint/market/parameters.hpp"
#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// The parameter block of a scenario in the number type that a runner takes.
class LoweredScenario {
 public:
  LoweredScenario(const Scenario& scenario, std::uint64_t seed, bool in_double, bool with_noise = true);

  const void* data() const;
  const Sizes& sizes() const { return double_ ? double_->sizes : float_->sizes; }
  float tolerance() const { return double_ ? static_cast<float>(double_->solver.tolerance) : float_->solver.tolerance; }

 private:
  std::unique_ptr<Parameters<float>> float_;
  std::unique_ptr<Parameters<double>> double_;
};

}  // namespace chokepoint
