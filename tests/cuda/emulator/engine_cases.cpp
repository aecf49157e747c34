#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "cases.hpp"
#include "chokepoint/gpu/gpu.hpp"
#include "chokepoint/market/parameters.hpp"
#include "chokepoint/tally/tallies.hpp"
#include "cuda_runtime_api.h"
#include "engine/tally_layout.hpp"
#include "exact_parameters.hpp"

/// The CUDA engine on an imagined machine, against the scalar CPU engine. Usage: engine_cases SCENARIO
namespace chokepoint {
namespace {

int faults = 0;

/// Words of 32 bits that are not marked. One may be padding.
std::size_t holes(const void* memory, std::size_t bytes) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + 4 <= bytes; at += 4) {
    std::uint32_t word;
    std::memcpy(&word, static_cast<const char*>(memory) + at, 4);
    count += word != 0x5a5a5a5au;
  }
  return count;
}

struct Case {
  std::uint64_t paths = 300;
  int batch = 0;
  std::vector<int> devices;
  std::vector<int> exact = {};
};

RunOptions options_of(const Case& c) {
  RunOptions options;
  options.first_path = 5000000000;  // beyond 32 bits
  options.paths = c.paths;
  options.batch = c.batch;
  options.devices = c.devices;
  options.exact_measures = c.exact;
  return options;
}

RunOutcome on_gpu(const Scenario& scenario, const Case& c, const RunControl& control = {}) {
  RunOptions options = options_of(c);
  options.engine = on_cuda;
  return run_paths(scenario, options, control);
}

RunOutcome on_cpu(const Scenario& scenario, const Case& c) {
  RunOptions options = options_of(c);
  options.engine = on_scalar;
  options.batch = 0;
  return run_paths(scenario, options);
}

/// Prices from nothing to nearly all that a float holds, of measures that count far more octaves than usual.
Scenario with_wide_values(Scenario scenario) {
  for (config::Segment& segment : scenario.segments) segment.tokens_per_user_million *= 1e12;
  scenario.efficiency.volatility = 3;
  return scenario;
}

/// Every word of a parameter block arrives in the blocks of the specialised kernels.
void test_exact_parameters() {
  using Small = ConstantShape<2, 3, 2, 5, 4, true>;
  const auto marked = std::make_unique<Parameters<float>>();
  std::memset(static_cast<void*>(marked.get()), 0x5a, sizeof *marked);
  const Parameters<float, Small> copied = gpu::exact_parameters<Small>(*marked);
  CalendarMonth<float, Small> month;
  std::memset(static_cast<void*>(&month), 0, sizeof month);
  gpu::copy_group(month, marked->calendar[3]);
  expect(holes(&copied, offsetof(decltype(copied), calendar) / 4 * 4) <= 1 && holes(&month, sizeof month) == 0,
         "specialised parameter blocks have no holes");
}

void test_parity(const Scenario& scenario) {
  for (const Case& c : {Case{300, 0, {}}, Case{300, 128, {}}, Case{1, 0, {}}, Case{300, 128, {0, 1}}}) {
    const RunOutcome cpu = on_cpu(scenario, c), gpu = on_gpu(scenario, c);
    const std::string name = std::to_string(c.paths) + " paths, batch " + std::to_string(c.batch) + ", " +
                             std::to_string(c.devices.size()) + " devices named";
    expect(gpu.all->digest() == cpu.all->digest(), "same digest: " + name);
    expect(!gpu.interrupted && !gpu.unsolved == !cpu.unsolved, "nothing unsolved is hidden: " + name);
  }
}

void test_generic_kernel(const Scenario& scenario) {
  const Case c{200, 128, {}};
  setenv("CHOKEPOINT_GENERIC_KERNEL", "1", 1);
  const std::string digest = on_gpu(scenario, c).all->digest();
  unsetenv("CHOKEPOINT_GENERIC_KERNEL");
  expect(digest == on_cpu(scenario, c).all->digest(), "same digest: the generic kernel");
}

/// A tolerance that rounding misses: some paths are unsolved, and tallied again alone.
void test_unsolved(Scenario scenario) {
  scenario.market.tolerance = 1e-6;
  scenario.market.newton_limit = 4;
  scenario.market.sweep_limit = 0;
  const Case c{200, 128, {}};
  const RunOutcome cpu = on_cpu(scenario, c), gpu = on_gpu(scenario, c);
  expect(cpu.unsolved != nullptr && cpu.all->totals().unsolved_paths > 0, "the scenario leaves paths unsolved");
  expect(gpu.all->digest() == cpu.all->digest(), "same digest with unsolved paths");
  expect(gpu.unsolved && cpu.unsolved && gpu.unsolved->digest() == cpu.unsolved->digest(), "same unsolved paths");
}

bool same(const std::optional<ExactQuantiles>& a, const std::optional<ExactQuantiles>& b) {
  if (!a || !b) return !a && !b;
  const std::size_t bytes = a->statistics.size() * sizeof(ExactStatistic);
  return a->measures == b->measures && a->statistics.size() == b->statistics.size() &&
         std::memcmp(a->statistics.data(), b->statistics.data(), bytes) == 0;
}

/// All measures at once, which never are numbers on some paths among them.
void test_exact_quantiles(Scenario scenario) {
  Case c{300, 128, {}};
  for (int k = 0; k < tally_layout(scenario).measures(); ++k) c.exact.push_back(k);
  const RunOutcome cpu = on_cpu(scenario, c);
  imagined::sorts = 0;
  expect(cpu.exact && same(on_gpu(scenario, c).exact, cpu.exact), "same exact quantiles");
  expect(imagined::sorts == 11 * static_cast<long>(c.exact.size()), "every row is sorted on the device");
  imagined::machine.pinning = cudaErrorMemoryAllocation;
  c.devices = {0, 1};
  expect(same(on_gpu(scenario, c).exact, cpu.exact), "same exact quantiles: two devices, no pinned memory");
  imagined::machine = imagined::Machine{};
  imagined::machine.sort_scratch = imagined::machine.bytes_in_truth;
  imagined::sorts = 0;
  expect(same(on_gpu(scenario, c).exact, cpu.exact) && imagined::sorts == 0,
         "the CPU sorts what a device has no room for");
  imagined::machine = imagined::Machine{};
  imagined::machine.sorting = cudaErrorECCUncorrectable;
  const std::string lost = failure_of([&] { on_gpu(scenario, c); });
  expect(has(lost, "damaged"), "a device that fails while sorting ends the run: " + lost);
  imagined::machine = imagined::Machine{};
  scenario.market.newton_limit = 5;
  scenario.market.sweep_limit = 0;
  const RunOutcome hard = on_cpu(scenario, c), gpu = on_gpu(scenario, c);
  const std::uint64_t unsolved = hard.all->totals().unsolved_paths;
  expect(0 < unsolved && unsolved < c.paths, "the scenario leaves some paths unsolved");
  expect(hard.exact_solved && same(gpu.exact, hard.exact) && same(gpu.exact_solved, hard.exact_solved),
         "same exact quantiles without unsolved paths");
}

void test_memory(const Scenario& scenario) {
  const Case c{700, 0, {}};
  const std::string expected = on_cpu(scenario, c).all->digest();
  imagined::most_allocated = 0;
  const RunOutcome roomy = on_gpu(scenario, c);
  const DevicePlan planned = planned_devices(scenario, options_of(c))->devices.at(0);
  expect(imagined::most_allocated <= planned.bytes && planned.batch == static_cast<std::uint64_t>(roomy.batch),
         "the memory planned is held");
  imagined::machine.bytes_in_truth = imagined::most_allocated - (std::size_t{1} << 20);
  const RunOutcome halved = on_gpu(scenario, c);
  expect(halved.batch < roomy.batch && halved.all->digest() == expected, "out of memory: halved, the same digest");
  imagined::machine.bytes_in_truth = 4096;
  expect(has(failure_of([&] { on_gpu(scenario, c); }), "out of memory"), "out of memory for good is said");
  imagined::machine = imagined::Machine{};
  imagined::machine.bytes = std::size_t{64} << 20;
  expect(has(failure_of([&] { on_gpu(scenario, c); }), "MiB free"), "a device too small for the tallies is named");
  imagined::machine = imagined::Machine{};
}

/// A pool of histograms that is too small for one batch: the run begins again, and loses nothing. One that is half full
/// grows between two batches.
void test_octaves(const Scenario& scenario) {
  const Scenario wide = with_wide_values(scenario);
  const Case c{300, 128, {0, 1}};
  const std::string expected = on_cpu(wide, c).all->digest();
  for (const char* const room : {"150", "2500"}) {
    setenv("CHOKEPOINT_FIRST_OCTAVES", room, 1);
    expect(on_gpu(wide, c).all->digest() == expected,
           std::string("same digest: room for ") + room + " octaves at first");
    unsetenv("CHOKEPOINT_FIRST_OCTAVES");
  }
}

void test_failures(const Scenario& scenario) {
  imagined::launches = 0;
  imagined::machine.launches_before_failure = 4;
  const std::string lost = failure_of([&] { on_gpu(scenario, Case{300, 128, {1}}); });
  expect(has(lost, "device 1") && has(lost, "damaged"), "a lost device is named: " + lost);
  imagined::machine = imagined::Machine{};
  expect(has(failure_of([&] {
               on_gpu(scenario, Case{10, 0, {7}});
             }),
             "no usable CUDA device 7"),
         "a device that is not there");
  expect(on_gpu(scenario, Case{10, 0, {1}}).devices == "1 (Imagined)", "the results of a run name its devices");
}

void test_probe() {
  expect(cuda_device_state().usable, "two imagined devices are found: " + cuda_device_state().description);
  imagined::machine.counting = cudaErrorInsufficientDriver;
  imagined::machine.driver = 0;
  expect(has(cuda_device_state().description, "no NVIDIA driver"), "no driver: " + cuda_device_state().description);
  imagined::machine.driver = 12040;
  expect(has(cuda_device_state().description, "12.4"), "old driver: " + cuda_device_state().description);
  imagined::machine.driver = 13000;
  imagined::machine.counting = cudaErrorNoDevice;
  expect(has(cuda_device_state().description, "no device"), "no device: " + cuda_device_state().description);
  imagined::machine = imagined::Machine{};
  imagined::machine.no_code = cudaErrorNoKernelImageForDevice;
  expect(has(cuda_device_state().description, "sm_90"), "wrong architecture: " + cuda_device_state().description);
  imagined::machine = imagined::Machine{};
}

void test_stop(const Scenario& scenario) {
  std::atomic<bool> stop{true};
  RunControl control;
  control.stop = &stop;
  std::uint64_t reported = 0;
  control.report = [&](std::uint64_t done) { reported = done; };
  const RunOutcome outcome = on_gpu(scenario, Case{5000, 128, {}}, control);
  expect(outcome.interrupted && outcome.all->totals().paths < 5000, "a run stops when asked to");
  stop = false;
  on_gpu(scenario, Case{300, 128, {}}, control);
  expect(reported == 300, "progress is reported");
}

}  // namespace

void expect(bool holds, const std::string& what) {
  std::printf("%s %s\n", holds ? "ok  " : "FAIL", what.c_str());
  std::fflush(stdout);
  faults += holds ? 0 : 1;
}

}  // namespace chokepoint

int main(int, char** arguments) {
  using namespace chokepoint;
  Scenario scenario = read_scenario(arguments[1]);
  scenario.months = 11;  // a round of eight months and one of three
  test_probe();
  test_exact_parameters();
  test_parity(scenario);
  test_generic_kernel(scenario);
  test_unsolved(scenario);
  test_exact_quantiles(scenario);
  test_walks(scenario);
  test_octaves(scenario);
  test_memory(scenario);
  test_failures(scenario);
  test_stop(scenario);
  std::printf("%d faults\n", faults);
  return faults == 0 ? 0 : 1;
}
