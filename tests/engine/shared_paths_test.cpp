#include "chokepoint/gpu/shared_paths.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace chokepoint {
namespace {

Ledger three_ranges() {
  Ledger paths({0, 100});
  paths.add({1000, 1});
  paths.add({5000000000, 37});
  return paths;
}

TEST(SharedPaths, EveryPathIsTakenOnceInBlocksOfOneRange) {
  for (const int threads : {1, 3})
    for (const std::uint64_t most : {1u, 16u, 1000u}) {
      std::uint64_t reported = 0;
      SharedPaths shared(three_ranges(), threads, nullptr, [&](std::uint64_t done) { reported = done; });
      shared.run([&](int) {
        for (PathRange block = shared.take(most); !block.empty(); block = shared.take(most)) {
          EXPECT_LE(block.count, most);
          EXPECT_TRUE(three_ranges().missing(block).empty());
          shared.add_done(block.count);
          shared.finish(Ledger(block));
        }
      });
      EXPECT_TRUE(shared.is_complete());
      EXPECT_EQ(shared.finished(), three_ranges());
      EXPECT_EQ(reported, 138u) << "the last report";
    }
}

/// As a device does whose memory did not suffice: what it has not finished is taken again, by itself or others.
TEST(SharedPaths, WhatIsGivenBackIsTakenAgain) {
  SharedPaths shared(three_ranges(), 2, nullptr, {});
  shared.run([&](int) {
    Ledger held;
    for (int k = 0; k < 3; ++k)
      if (const PathRange block = shared.take(20); !block.empty()) held.add(block);
    shared.give_back(held);
    for (PathRange block = shared.take(7); !block.empty(); block = shared.take(7)) shared.finish(Ledger(block));
  });
  EXPECT_EQ(shared.finished(), three_ranges());
}

TEST(SharedPaths, NoPathIsCountedTwice) {
  SharedPaths shared(three_ranges(), 1, nullptr, {});
  int counted = 0;
  EXPECT_THROW(shared.run([&](int) {
    shared.finish(Ledger({10, 5}), [&] { ++counted; });
    shared.finish(Ledger({14, 1}), [&] { ++counted; });
  }),
               LedgerError);
  EXPECT_EQ(counted, 1);
}

TEST(SharedPaths, EndsWhenStoppedOrWhereAThreadFails) {
  std::atomic<bool> stop{false};
  SharedPaths stopped(three_ranges(), 1, &stop, {});
  stopped.run([&](int) {
    stopped.finish(Ledger(stopped.take(30)));
    stop = true;
    EXPECT_TRUE(stopped.ended());
    EXPECT_TRUE(stopped.take(30).empty());
  });
  EXPECT_FALSE(stopped.is_complete());
  EXPECT_EQ(stopped.finished(), Ledger({0, 30})) << "what was counted before is known";
  SharedPaths failing(three_ranges(), 2, nullptr, {});
  EXPECT_THROW(failing.run([&](int thread) {
    if (thread == 0) throw std::runtime_error("lost");
    while (!failing.ended()) std::this_thread::yield();
    EXPECT_TRUE(failing.take(1).empty());
  }),
               std::runtime_error);
}

}  // namespace
}  // namespace chokepoint
