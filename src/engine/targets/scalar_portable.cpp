#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::scalar_runner_portable() {
  return Runner<float>::runner();
}
