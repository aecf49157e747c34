#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::simd_runner_portable() {
  return Runner<Lanes<float, 4>>::runner();
}
