#include "machine/thread_count.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <thread>

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

void take_least(ThreadChoice& count, std::uint64_t threads, const std::string& source) {
  if (threads >= static_cast<std::uint64_t>(count.threads)) return;
  count.threads = static_cast<int>(std::max<std::uint64_t>(threads, 1));
  count.source = source;
}

/// Processors that this process may run on. The system refuses a set that is too small for its processors.
int allowed_processors() {
  for (std::size_t most = 1024; most <= 1U << 20; most *= 4) {
    cpu_set_t* set = CPU_ALLOC(most);
    if (!set) break;
    const bool known = ::sched_getaffinity(0, CPU_ALLOC_SIZE(most), set) == 0;
    const bool too_small = !known && errno == EINVAL;
    const int count = known ? CPU_COUNT_S(CPU_ALLOC_SIZE(most), set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
    if (!too_small) break;
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// A share of the processors' time: `quota` of every `period`.
void take_quota(ThreadChoice& count, const std::string& quota, const std::string& period, const std::string& source) {
  const auto time = whole_number(quota, 1), of = whole_number(period, 1);  // "max" and "-1" are no limits
  if (time && of) take_least(count, *time / *of + (*time % *of > 0), source);
}

void take_control_groups(ThreadChoice& count, const Surroundings& around) {
  for (const fs::path& group : control_groups(around, ""))
    if (const auto line = first_line(group / "cpu.max")) {
      const std::size_t blank = std::min(line->find(' '), line->size());
      take_quota(count, line->substr(0, blank), line->substr(std::min(blank + 1, line->size())),
                 "cpu.max of its control group");
    }
  for (const fs::path& group : control_groups(around, "cpu")) {
    const auto quota = first_line(group / "cpu.cfs_quota_us"), period = first_line(group / "cpu.cfs_period_us");
    if (quota && period) take_quota(count, *quota, *period, "cpu.cfs_quota_us of its control group");
  }
}

void take_variable(ThreadChoice& count, const Surroundings& around, const std::string& name) {
  const std::optional<std::string> value = around.variable(name);
  if (!value || value->empty()) return;
  // OMP_NUM_THREADS may list one number for each level of nesting.
  const std::optional<std::uint64_t> threads = whole_number(value->substr(0, value->find(',')), 1);
  if (threads)
    take_least(count, *threads, name);
  else
    count.ignored.push_back(fmt::format("{}='{}' is ignored: it is no number of threads", name, value->substr(0, 40)));
}

}  // namespace

ThreadChoice default_threads(const Surroundings& around) {
  ThreadChoice count{std::numeric_limits<int>::max(), "", {}};
  take_least(count, static_cast<std::uint64_t>(allowed_processors()), "the processors it may run on");
  take_control_groups(count, around);
  take_variable(count, around, "SLURM_CPUS_PER_TASK");
  take_variable(count, around, "OMP_NUM_THREADS");
  return count;
}

}  // namespace chokepoint
