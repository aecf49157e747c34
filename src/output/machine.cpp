#include "output/machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cfenv>
#include <cfloat>
#include <cstring>
#include <fstream>
#include <thread>

namespace chokepoint {

FloatingPointState floating_point_state() {
  // volatile: the compiler would answer for its own machine.
  volatile float smallest_normal = FLT_MIN, half = 0.5F;
  volatile std::uint32_t subnormal_bits = 1U << 20;
  const std::uint32_t bits = subnormal_bits;
  float subnormal = 0;
  std::memcpy(&subnormal, &bits, sizeof subnormal);
  volatile float operand = subnormal, large = 0x1p60F;
  const volatile float result = smallest_normal * half, raised = operand * large;
  return {std::fegetround() == FE_TONEAREST, result > 0, raised > 0};
}

std::string rounding_mode_name() {
  switch (std::fegetround()) {
    case FE_TONEAREST:
      return "nearest";
    case FE_UPWARD:
      return "upward";
    case FE_DOWNWARD:
      return "downward";
    default:
      return "towards zero";
  }
}

std::uint64_t memory_limit() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  std::uint64_t limit =
      pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) : ~std::uint64_t{0};
  rlimit address_space{};
  if (::getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY)
    limit = std::min<std::uint64_t>(limit, address_space.rlim_cur);
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::uint64_t bytes = 0;
    if (std::ifstream(file) >> bytes && bytes > 0) limit = std::min(limit, bytes);  // "max" is no number
  }
  return limit;
}

int usable_cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(std::min(line.find(": ") + 2, line.size()));
  return "";
}

}  // namespace chokepoint
