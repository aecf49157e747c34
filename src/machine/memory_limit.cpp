#include "machine/memory_limit.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <new>
#include <sstream>

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t megabyte = std::uint64_t{1} << 20;

using Limits = std::vector<MemoryLimit>;

/// Adds a limit, or lowers the one of that name.
void take(Limits& limits, std::optional<std::uint64_t> bytes, const std::string& source) {
  if (!bytes) return;
  for (MemoryLimit& limit : limits)
    if (limit.source == source) {
      limit.bytes = std::min(limit.bytes, *bytes);
      return;
    }
  limits.push_back({*bytes, source});
}

MemoryLimit least_of(const Limits& limits) {
  MemoryLimit least;
  for (const MemoryLimit& limit : limits)
    if (limit.bytes < least.bytes) least = limit;
  return least;
}

/// What can be filled without swapping, in bytes.
std::optional<std::uint64_t> available_memory(const Surroundings& around) {
  std::ifstream file(around.root / "proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t kilobytes = 0;
    if (words >> name >> kilobytes && name == "MemAvailable:") return kilobytes << 10;
  }
  return std::nullopt;
}

/// Version 1 writes the largest number of pages where there is no limit, version 2 "max", which is no number.
void take_file(Limits& limits, const fs::path& file, const std::string& source) {
  constexpr std::uint64_t none = std::uint64_t{1} << 62;
  const std::optional<std::string> line = first_line(file);
  const std::optional<std::uint64_t> bytes = line ? whole_number(*line) : std::nullopt;
  if (bytes && *bytes < none) take(limits, bytes, source);
}

/// Slurm says megabytes; 0 is all of the machine.
void take_slurm(Limits& limits, const Surroundings& around) {
  const auto number = [&around](const char* name) {
    const std::optional<std::string> value = around.variable(name);
    return value ? whole_number(*value, 1) : std::nullopt;
  };
  if (const auto of_node = number("SLURM_MEM_PER_NODE")) take(limits, *of_node * megabyte, "SLURM_MEM_PER_NODE");
  const auto of_cpu = number("SLURM_MEM_PER_CPU"), cpus = number("SLURM_CPUS_ON_NODE");
  if (of_cpu && cpus) take(limits, *of_cpu * *cpus * megabyte, "SLURM_MEM_PER_CPU");
}

/// Pages of this process: all of its address space, what is filled, what is its own to write.
struct Pages {
  std::uint64_t total = 0, resident = 0, shared = 0, text = 0, library = 0, data = 0;
};

Pages pages_of_this_process() {
  Pages pages;
  std::ifstream("/proc/self/statm") >> pages.total >> pages.resident >> pages.shared >> pages.text >> pages.library >>
      pages.data;
  return pages;
}

std::uint64_t bytes_of(std::uint64_t pages) {
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void take_ulimit(Limits& limits, decltype(RLIMIT_AS) resource, std::uint64_t used, const std::string& source) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  take(limits, limit.rlim_cur > used ? limit.rlim_cur - used : 0, source);
}

}  // namespace

std::vector<MemoryLimit> memory_limits(const Surroundings& around) {
  Limits limits;
  take(limits, bytes_of(static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES))), "the memory of the machine");
  take(limits, available_memory(around), "the memory available now");
  for (const fs::path& group : control_groups(around, "")) {
    take_file(limits, group / "memory.max", "memory.max of its control group");
    take_file(limits, group / "memory.high", "memory.high of its control group");
  }
  for (const fs::path& group : control_groups(around, "memory"))
    take_file(limits, group / "memory.limit_in_bytes", "memory.limit_in_bytes of its control group");
  take_slurm(limits, around);
  return limits;
}

MemoryLimit memory_limit(const Surroundings& around) {
  return least_of(memory_limits(around));
}

std::vector<MemoryLimit> address_space_limits() {
  const Pages pages = pages_of_this_process();
  Limits limits;
  take_ulimit(limits, RLIMIT_AS, bytes_of(pages.total), "ulimit -v");
  take_ulimit(limits, RLIMIT_DATA, bytes_of(pages.data), "ulimit -d");
  return limits;
}

MemoryLimit address_space_left() {
  return least_of(address_space_limits());
}

void require_memory(std::uint64_t bytes) {
  void* volatile memory = std::malloc(bytes);  // volatile: the compiler knows what malloc and free come to
  if (!memory) throw std::bad_alloc();
  std::free(memory);
}

void return_free_memory() {
#if defined(__GLIBC__)
  ::malloc_trim(0);
#endif
}

std::uint64_t resident_memory() {
  return bytes_of(pages_of_this_process().resident);
}

}  // namespace chokepoint
