#include <gtest/gtest.h>

#include <map>

#include "machine/memory_limit.hpp"
#include "machine/thread_count.hpp"
#include "temporary_folder.hpp"

namespace chokepoint {
namespace {

/// A tree of files as the system would show them, and variables. Without a limit of its own beyond those planted.
class Planted : public WithTemporaryFolder {
 protected:
  void SetUp() override {
    around_.root = root;
    around_.variable = [this](const std::string& variable) {
      const auto found = variables_.find(variable);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
  }

  void plant(const std::string& path, const std::string& text) { write_file(path, text); }
  /// Version 2 alone, this process in /job.slice/step_0.
  void plant_version_2() {
    plant("proc/self/cgroup", "0::/job.slice/step_0\n");
    plant("proc/self/mountinfo",
          "24 30 0:22 / /proc rw,nosuid - proc proc rw\n"
          "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
  }
  /// Version 1, one hierarchy for memory, one for two controllers; beside an empty one of version 2.
  void plant_version_1() {
    plant("proc/self/cgroup",
          "9:name=systemd:/\n5:memory:/slurm/uid_7/job_1\n3:cpu,cpuacct:/slurm/uid_7/job_1\n0::/\n");
    plant("proc/self/mountinfo",
          "36 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
          "37 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
          "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  }
  std::uint64_t memory() const { return memory_limit(around_).bytes; }
  int threads() const { return default_threads(around_).threads; }

  std::map<std::string, std::string> variables_;
  Surroundings around_;
  static constexpr std::uint64_t mib = std::uint64_t{1} << 20;
};

TEST_F(Planted, MemoryIsWhatTheMachineHasWhereNothingLimitsIt) {
  EXPECT_GT(memory(), 16 * mib);
  EXPECT_EQ(memory_limit(around_).source, "the memory of the machine");
  plant("proc/meminfo", "MemTotal:       24000000 kB\nMemAvailable:     102400 kB\n");
  EXPECT_EQ(memory(), 100 * mib);
  EXPECT_EQ(memory_limit(around_).source, "the memory available now");
}

TEST_F(Planted, MemoryOfNestedGroupsOfVersion2) {
  plant_version_2();
  const std::uint64_t free = memory();
  plant("sys/fs/cgroup/job.slice/step_0/memory.max", "max\n");
  plant("sys/fs/cgroup/job.slice/memory.max", "max\n");
  EXPECT_EQ(memory(), free);
  plant("sys/fs/cgroup/job.slice/memory.max", "13631488\n");  // an ancestor's
  EXPECT_EQ(memory(), 13 * mib);
  EXPECT_EQ(memory_limit(around_).source, "memory.max of its control group");
  plant("sys/fs/cgroup/job.slice/step_0/memory.high", "12582912\n");  // its own
  EXPECT_EQ(memory(), 12 * mib);
  plant("sys/fs/cgroup/memory.max", "11534336\n");  // where the hierarchy is mounted
  EXPECT_EQ(memory(), 11 * mib);
}

TEST_F(Planted, MemoryOfNestedGroupsOfVersion1) {
  plant_version_1();
  const std::uint64_t free = memory();
  plant("sys/fs/cgroup/memory/slurm/uid_7/job_1/memory.limit_in_bytes", "9223372036854771712\n");  // none
  EXPECT_EQ(memory(), free);
  plant("sys/fs/cgroup/memory/slurm/uid_7/memory.limit_in_bytes", "13631488\n");
  EXPECT_EQ(memory(), 13 * mib);
  plant("sys/fs/cgroup/memory/slurm/uid_7/job_1/memory.limit_in_bytes", "12582912\n");
  EXPECT_EQ(memory(), 12 * mib);
}

/// Containers show part of the hierarchy: the mount's root is the container's group, or the path leads out of it.
TEST_F(Planted, MemoryInAContainer) {
  plant("proc/self/cgroup", "0::/docker/a b/job\n");
  plant("proc/self/mountinfo", "31 23 0:28 /docker/a\\040b /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  plant("sys/fs/cgroup/job/memory.max", "13631488\n");
  EXPECT_EQ(memory(), 13 * mib);
  plant("sys/fs/cgroup/memory.max", "12582912\n");
  EXPECT_EQ(memory(), 12 * mib);
  plant("proc/self/cgroup", "0::/../elsewhere\n");
  plant("proc/self/mountinfo", "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(memory(), 12 * mib);
}

TEST_F(Planted, EveryLimitIsListedOnceWithTheLeastOfItsName) {
  plant_version_2();
  plant("proc/meminfo", "MemAvailable:     102400 kB\n");
  plant("sys/fs/cgroup/job.slice/step_0/memory.max", "23631488\n");
  plant("sys/fs/cgroup/job.slice/memory.max", "13631488\n");
  plant("sys/fs/cgroup/job.slice/memory.high", "max\n");
  variables_ = {{"SLURM_MEM_PER_NODE", "20"}};
  std::map<std::string, std::uint64_t> found;
  for (const MemoryLimit& limit : memory_limits(around_)) EXPECT_TRUE(found.emplace(limit.source, limit.bytes).second);
  EXPECT_EQ(found.erase("the memory of the machine"), 1U);
  EXPECT_EQ(found, (std::map<std::string, std::uint64_t>{{"the memory available now", 100 * mib},
                                                         {"memory.max of its control group", 13 * mib},
                                                         {"SLURM_MEM_PER_NODE", 20 * mib}}));
}

TEST_F(Planted, MemoryOfASlurmJob) {
  variables_ = {{"SLURM_MEM_PER_NODE", "20"}};
  EXPECT_EQ(memory(), 20 * mib);
  variables_ = {{"SLURM_MEM_PER_CPU", "9"}, {"SLURM_CPUS_ON_NODE", "2"}};
  EXPECT_EQ(memory(), 18 * mib);
  for (const char* nonsense : {"0", "", "all", "-5", "1e3"}) {
    variables_ = {{"SLURM_MEM_PER_NODE", nonsense}};
    EXPECT_GT(memory(), 20 * mib) << nonsense;
  }
}

TEST_F(Planted, ThreadsAreTheProcessorsItMayRunOn) {
  EXPECT_GE(threads(), 1);
  EXPECT_EQ(default_threads(around_).source, "the processors it may run on");
}

TEST_F(Planted, ThreadsOfAQuotaAreRoundedUp) {
  plant_version_2();
  const int all = threads();
  plant("sys/fs/cgroup/job.slice/step_0/cpu.max", "max 100000\n");
  EXPECT_EQ(threads(), all);
  plant("sys/fs/cgroup/job.slice/cpu.max", "20000 100000\n");
  EXPECT_EQ(threads(), 1);
  EXPECT_EQ(default_threads(around_).source, all > 1 ? "cpu.max of its control group" : "the processors it may run on");
  plant("sys/fs/cgroup/job.slice/cpu.max", "100001 100000\n");
  EXPECT_EQ(threads(), std::min(all, 2));
}

TEST_F(Planted, ThreadsOfAQuotaOfVersion1) {
  plant_version_1();
  const int all = threads();
  const std::string group = "sys/fs/cgroup/cpu,cpuacct/slurm/uid_7/";
  plant(group + "job_1/cpu.cfs_quota_us", "-1\n");
  plant(group + "job_1/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(threads(), all);
  plant(group + "cpu.cfs_quota_us", "50000\n");
  plant(group + "cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(threads(), 1);
}

TEST_F(Planted, ThreadsOfVariables) {
  const int all = threads();
  variables_ = {{"SLURM_CPUS_PER_TASK", "1"}};
  EXPECT_EQ(threads(), 1);
  variables_ = {{"OMP_NUM_THREADS", "1,4"}};
  EXPECT_EQ(threads(), 1);
  variables_ = {{"OMP_NUM_THREADS", "100000"}, {"SLURM_CPUS_PER_TASK", ""}};
  EXPECT_EQ(threads(), all);
  EXPECT_TRUE(default_threads(around_).ignored.empty());
  for (const char* nonsense : {"0", "-1", "two", "1.5", "0x1", "99999999999999999999"}) {
    variables_ = {{"OMP_NUM_THREADS", nonsense}};
    EXPECT_EQ(threads(), all) << nonsense;
    ASSERT_EQ(default_threads(around_).ignored.size(), 1U) << nonsense;
    EXPECT_EQ(default_threads(around_).ignored[0],
              std::string("OMP_NUM_THREADS='") + nonsense + "' is ignored: it is no number of threads");
  }
}

}  // namespace
}  // namespace chokepoint
