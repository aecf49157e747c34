#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::simd_runner_avx512() {
  return Runner<Lanes<float, 16>>::runner();
}
