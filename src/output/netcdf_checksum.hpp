#pragma once

#include <xxhash.h>

#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace chokepoint {

/// XXH3 over the names and values of all variables of a file, in the order in which they were added. The writer computes
/// it from what it was given, the reader from what the disk gives back.
class NetcdfChecksum {
 public:
  NetcdfChecksum() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
    XXH3_64bits_reset(state_.get());
  }
  void add(std::span<const std::byte> bytes) { XXH3_64bits_update(state_.get(), bytes.data(), bytes.size()); }
  /// With the zero at its end, so that "ab", "c" is not "a", "bc".
  void add(const char* text) { add(std::as_bytes(std::span(text, std::char_traits<char>::length(text) + 1))); }
  std::uint64_t value() const { return XXH3_64bits_digest(state_.get()); }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
};

/// Adds all variables of an open file or group, then those of its groups. @returns a netCDF status
int add_group(NetcdfChecksum& checksum, int group);

}  // namespace chokepoint
