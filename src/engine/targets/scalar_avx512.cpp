#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::scalar_runner_avx512() {
  return Runner<float>::runner();
}
