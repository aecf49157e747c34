#include "engine/targets/runner.hpp"

chokepoint::BlockRunner chokepoint::reference_runner_portable() {
  return Runner<double>::runner();
}
