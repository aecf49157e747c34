#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::reference_runner_avx2() {
  return Runner<double>::runner();
}
