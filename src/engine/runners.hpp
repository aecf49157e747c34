#pragma once

#include "chokepoint/engine.hpp"
#include "engine/block_runner.hpp"

namespace chokepoint {

/// The CPU runner of a resolved choice (kind reference, scalar or simd).
BlockRunner cpu_runner(EngineChoice choice);

}  // namespace chokepoint
