#include "chokepoint/path_walk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace chokepoint {
namespace {

std::string smoke_file() {
  return std::string(CHOKEPOINT_SOURCE_DIR) + "/configs/smoke.toml";
}

RunOptions options_for(std::uint64_t first, std::uint64_t paths) {
  RunOptions options;
  options.first_path = first;
  options.paths = paths;
  options.seed = 3;
  options.threads = 3;
  return options;
}

TEST(PathWalk, GivesEveryPathOnceWithTheBitsOfAReplay) {
  const Scenario scenario = read_scenario(smoke_file());
  const Scenario* const walked[] = {&scenario};
  const RunOptions options = options_for(5, 150);
  std::mutex mutex;
  std::map<std::uint64_t, std::vector<float>> paths;
  ASSERT_EQ(planned_walk(walked, options).threads, 3);
  ASSERT_TRUE(walk_paths(walked, options, [&](int thread, std::uint64_t first, std::span<const PathRows> rows) {
    const std::lock_guard lock(mutex);
    ASSERT_LT(thread, 3);
    for (int k = 0; k < rows[0].paths; ++k) {
      std::vector<float>& path = paths[first + static_cast<std::uint64_t>(k)];
      ASSERT_TRUE(path.empty());
      for (int month = 0; month < rows[0].months; ++month) {
        for (int measure = 0; measure < rows[0].measures; ++measure) path.push_back(rows[0].at(month, measure, k));
      }
    }
  }));
  ASSERT_EQ(paths.size(), 150u);
  EXPECT_EQ(paths.begin()->first, 5u);
  for (const std::uint64_t path : {5u, 68u, 69u, 154u})
    EXPECT_EQ(paths.at(path), replay_path(scenario, 3, path, {}).values) << "path " << path;
}

TEST(PathWalk, PairsScenariosByCommonDraws) {
  const Scenario a = read_scenario(smoke_file());
  const Scenario* const walked[] = {&a, &a};
  ASSERT_TRUE(walk_paths(walked, options_for(0, 70), [](int, std::uint64_t, std::span<const PathRows> rows) {
    ASSERT_EQ(rows.size(), 2u);
    for (int measure = 0; measure < rows[0].measures; ++measure) {
      const int last = rows[0].months - 1;
      for (int k = 0; k < rows[0].paths; ++k) EXPECT_EQ(rows[0].at(last, measure, k), rows[1].at(last, measure, k));
    }
  }));
}

TEST(PathWalk, HandsOnWhatAVisitorThrowsAndStopsOnRequest) {
  const Scenario scenario = read_scenario(smoke_file());
  const Scenario* const walked[] = {&scenario};
  const auto throwing = [](int, std::uint64_t, std::span<const PathRows>) { throw std::runtime_error("visitor"); };
  EXPECT_THROW(walk_paths(walked, options_for(0, 10), throwing), std::runtime_error);
  const std::atomic<bool> stop{true};
  const auto none = [](int, std::uint64_t, std::span<const PathRows>) { FAIL(); };
  RunControl control;
  control.stop = &stop;
  EXPECT_FALSE(walk_paths(walked, options_for(0, 10), none, control));
}

}  // namespace
}  // namespace chokepoint
