#include "chokepoint/version.hpp"

namespace chokepoint {

constinit const BuildInfo build_info{
    "0.1.0",    "e309ac3e9ba9", "GNU 12.2.0", R"(-O3 -DNDEBUG -ffp-contract=off -fno-fast-math -fno-math-errno)",
    "Release", "13.0.88",
};

}  // namespace chokepoint
