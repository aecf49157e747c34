#include "chokepoint/base/crew.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cfenv>
#include <new>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "machine/arithmetic.hpp"

namespace chokepoint {
namespace {

TEST(Crew, EveryThreadWorksOnceOnAStackOfItsSize) {
  std::vector<int> calls(7);
  std::vector<std::size_t> stacks(7);
  Crew crew(7);
  bool followed = false;
  crew.run(
      [&](int thread) {
        const auto k = static_cast<std::size_t>(thread);
        ++calls[k];
        pthread_attr_t attributes;
        pthread_getattr_np(pthread_self(), &attributes);
        pthread_attr_getstacksize(&attributes, &stacks[k]);
        pthread_attr_destroy(&attributes);
      },
      [&] { followed = true; });
  EXPECT_EQ(calls, std::vector<int>(7, 1));
  EXPECT_EQ(stacks, std::vector<std::size_t>(7, worker_stack_bytes));
  EXPECT_TRUE(followed);
  EXPECT_FALSE(crew.failed());
}

TEST(Crew, WhatAThreadThrowsComesToTheCaller) {
  Crew crew(3);
  const auto one_fails = [&crew](int thread) {
    if (thread == 1) throw std::bad_alloc();
    while (!crew.failed()) {
    }
  };
  EXPECT_THROW(crew.run(one_fails), std::bad_alloc);
  Crew another(2);
  EXPECT_THROW(another.run([](int) {}, [] { throw std::runtime_error("follow"); }), std::runtime_error);
}

TEST(Crew, ThreadsComputeInTheDefaultModes) {
  std::fesetround(FE_UPWARD);  // which threads inherit
  FloatingPointState state;
  Crew(1).run([&state](int) { state = floating_point_state(); });
  EXPECT_EQ(floating_point_state().rounding, "upward");
  set_arithmetic();
  EXPECT_TRUE(state.good());
  EXPECT_TRUE(floating_point_state().good());
}

TEST(Crew, AThreadWhoseModesChangeFails) {
  EXPECT_THROW(Crew(2).run([](int thread) { std::fesetround(thread == 1 ? FE_DOWNWARD : FE_TONEAREST); }),
               ArithmeticError);
}

TEST(Arithmetic, EveryModeHasItsName) {
  for (const auto& [mode, name] : std::vector<std::pair<int, std::string>>{{FE_TONEAREST, "nearest"},
                                                                           {FE_UPWARD, "upward"},
                                                                           {FE_DOWNWARD, "downward"},
                                                                           {FE_TOWARDZERO, "towards zero"}}) {
    std::fesetround(mode);
    const std::string found = floating_point_state().rounding;
    set_arithmetic();
    EXPECT_EQ(found, name);
  }
}

}  // namespace
}  // namespace chokepoint
