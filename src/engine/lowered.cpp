#include "engine/lowered.hpp"
#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/lower.hpp"

#include <algorithm>
#include <iterator>

namespace chokepoint {

namespace {

template <class Real>
std::unique_ptr<Parameters<Real>> lower_with(const Scenario& scenario, std::uint64_t seed, bool with_noise) {
  auto parameters = lower<Real>(scenario, seed);
  if (!with_noise) std::fill(std::begin(parameters->noise), std::end(parameters->noise), 0);
  return parameters;
}

}  // namespace

LoweredScenario::LoweredScenario(const Scenario& scenario, std::uint64_t seed, bool in_double, bool with_noise) {
  if (in_double) {
    double_ = lower_with<double>(scenario, seed, with_noise);
  } else {
    float_ = lower_with<float>(scenario, seed, with_noise);
  }
}

const void* LoweredScenario::data() const {
  return double_ ? static_cast<const void*>(double_.get()) : static_cast<const void*>(float_.get());
}

}  // namespace chokepoint
