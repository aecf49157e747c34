#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::scalar_runner_avx2() {
  return Runner<float>::runner();
}
