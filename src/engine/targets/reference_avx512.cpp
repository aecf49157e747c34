#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::reference_runner_avx512() {
  return Runner<double>::runner();
}
