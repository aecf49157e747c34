#include "machine/memory_limit.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <new>
#include <sstream>

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t megabyte = std::uint64_t{1} << 20;

void take_least(MemoryLimit& limit, std::optional<std::uint64_t> bytes, const std::string& source) {
  if (bytes && *bytes < limit.bytes) limit = {*bytes, source};
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

void take_file(MemoryLimit& limit, const fs::path& file, const std::string& source) {
  if (const auto line = first_line(file)) take_least(limit, whole_number(*line), source);  // "max" is no number
}

/// Slurm says megabytes; 0 is all of the machine.
void take_slurm(MemoryLimit& limit, const Surroundings& around) {
  const auto number = [&around](const char* name) {
    const std::optional<std::string> value = around.variable(name);
    return value ? whole_number(*value, 1) : std::nullopt;
  };
  if (const auto of_node = number("SLURM_MEM_PER_NODE")) take_least(limit, *of_node * megabyte, "SLURM_MEM_PER_NODE");
  const auto of_cpu = number("SLURM_MEM_PER_CPU"), cpus = number("SLURM_CPUS_ON_NODE");
  if (of_cpu && cpus) take_least(limit, *of_cpu * *cpus * megabyte, "SLURM_MEM_PER_CPU");
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

std::uint64_t bytes_of(std::uint64_t pages) { return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)); }

void take_ulimit(MemoryLimit& left, decltype(RLIMIT_AS) resource, std::uint64_t used, const std::string& source) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  take_least(left, limit.rlim_cur > used ? limit.rlim_cur - used : 0, source);
}

}  // namespace

MemoryLimit memory_limit(const Surroundings& around) {
  MemoryLimit limit;
  take_least(limit, bytes_of(static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES))), "the memory of the machine");
  take_least(limit, available_memory(around), "the memory available now");
  for (const fs::path& group : control_groups(around, "")) {
    take_file(limit, group / "memory.max", "memory.max of its control group");
    take_file(limit, group / "memory.high", "memory.high of its control group");
  }
  for (const fs::path& group : control_groups(around, "memory"))
    take_file(limit, group / "memory.limit_in_bytes", "memory.limit_in_bytes of its control group");
  take_slurm(limit, around);
  return limit;
}

MemoryLimit address_space_left() {
  const Pages pages = pages_of_this_process();
  MemoryLimit left;
  take_ulimit(left, RLIMIT_AS, bytes_of(pages.total), "ulimit -v");
  take_ulimit(left, RLIMIT_DATA, bytes_of(pages.data), "ulimit -d");
  return left;
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

std::uint64_t resident_memory() { return bytes_of(pages_of_this_process().resident); }

}  // namespace chokepoint
