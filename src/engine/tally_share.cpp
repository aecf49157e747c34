#include "engine/tally_share.hpp"

#include <time.h>

#include "chokepoint/tally/thread_tallies.hpp"
#include "engine/block_memory.hpp"
#include "engine/runners.hpp"
#include "engine/tally_layout.hpp"
#include "machine/stop.hpp"

namespace chokepoint {
namespace {

constexpr double long_enough = 0.3;  // seconds

/// Processor time of this thread: what others do on the machine counts as little as it can.
double thread_seconds() {
  timespec now;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

double tally_share(const Scenario& scenario, const RunOptions& options) {
  const BlockRunner runner = cpu_runner(resolve_engine(options.engine));
  const LoweredScenario lowered(scenario, options.seed, runner.is_double);
  ThreadTallies tallies(tally_layout(scenario), options.batch);
  Tallies emptied(tally_layout(scenario));
  BlockMemory memory(runner, lowered, options.batch);
  const double begin = thread_seconds();
  double all = 0, tallying = 0;
  for (int batch = 0; thread_seconds() - begin < long_enough; ++batch) {
    if (batch == 1) all = tallying = 0;  // the first makes the octaves that the others find
    if (tallies.room() < options.batch) tallies.flush(emptied);
    const Block block = memory.block(options.first_path, options.batch);
    tallies.begin(options.first_path, options.batch);
    runner.start(block);
    for (int month = 0; month < scenario.months && (batch == 0 || thread_seconds() - begin < long_enough); ++month) {
      stop_if_asked();
      const double start = thread_seconds();
      runner.advance(block, month);
      const double measured = thread_seconds();
      runner.tally(tallies.view(), block, month, options.batch, lowered.tolerance());
      const double end = thread_seconds();
      all += end - start;
      tallying += end - measured;
    }
    tallies.end();
  }
  return all > 0 ? tallying / all : 0;
}

}  // namespace chokepoint
