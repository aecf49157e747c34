#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::simd_runner_avx2() {
  return Runner<Lanes<float, 8>>::runner();
}
