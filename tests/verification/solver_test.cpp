#include <gtest/gtest.h>

#include "verification/hostile_markets.hpp"

// The solver on markets meant to break it: docs/verification.md tells a million, this test some.
namespace chokepoint::verification {
namespace {

TEST(Solver, HostileMarketsAreSolved) {
  const HostileReport report = solve_hostile_markets(0, 4000);
  EXPECT_EQ(report.unsolved, 0u);
  EXPECT_LT(report.beyond, report.cases / 100) << "but for some whose prices are out of range";
  EXPECT_GT(report.rationed, 20u);
  EXPECT_GT(report.empty, 50u);
  EXPECT_LT(report.largest_residual, 3e-5);
}

/// With one Newton step and no last resort hardly any is solved, and every one that is not is counted.
TEST(Solver, WhatIsNotSolvedIsCounted) {
  const HostileReport report = solve_hostile_markets(0, 500, 1, 0);
  EXPECT_GT(report.unsolved, 450u);
}

}  // namespace
}  // namespace chokepoint::verification
