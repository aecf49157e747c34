#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "machine/surroundings.hpp"

namespace chokepoint {

/// A limit of memory, and what sets it.
struct MemoryLimit {
  std::uint64_t bytes = ~std::uint64_t{0};
  std::string source;  ///< in words
};

/// All limits of main memory that apply to this process; of several with the same name, the smallest.
std::vector<MemoryLimit> memory_limits(const Surroundings& around = {});

/// Main memory that this process may fill: the least of what is available on the machine, of the limits of its control
/// groups and their ancestors (`memory.max`, `memory.high`, `memory.limit_in_bytes`) and of a Slurm job.
MemoryLimit memory_limit(const Surroundings& around = {});

/// The unused part of each limit of address space: `ulimit -v` and `ulimit -d`, if they are set.
std::vector<MemoryLimit> address_space_limits();

/// Address space that this process may still take, beyond what it has by now: `ulimit -v` and `ulimit -d`, which count
/// what is set aside (stacks, say) as well as what is filled.
MemoryLimit address_space_left();

/// Asks for memory and gives it back, before a call of a library that does not survive a failed allocation.
/// @throws std::bad_alloc
void require_memory(std::uint64_t bytes);

/// Returns freed memory to the machine, if the C library can: otherwise it keeps what many small frees leave.
void return_free_memory();

/// Main memory that this process fills by now, in bytes.
std::uint64_t resident_memory();

}  // namespace chokepoint
