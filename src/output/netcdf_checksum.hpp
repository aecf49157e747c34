#pragma once

#include <xxhash.h>

#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace chokepoint {

/// A checksum of all variables of a file: the sum of one XXH3 each, over its group, name and values, because the
/// library gives variables back in another order than they were added in. The writer computes it from what it was
/// given, the reader from what the disk gives back.
class NetcdfChecksum {
 public:
  NetcdfChecksum() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
  }
  /// Starts a variable. @param group "/" for the root
  void begin(const char* group, const char* name) {
    XXH3_64bits_reset(state_.get());
    add(group);
    add(name);
  }
  void add(std::span<const std::byte> bytes) { XXH3_64bits_update(state_.get(), bytes.data(), bytes.size()); }
  /// With the zero at its end, so that "ab", "c" is not "a", "bc".
  void add(const char* text) { add(std::as_bytes(std::span(text, std::char_traits<char>::length(text) + 1))); }
  void end() { sum_ += XXH3_64bits_digest(state_.get()); }
  std::uint64_t value() const { return sum_; }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
  std::uint64_t sum_ = 0;
};

/// Adds all variables of an open file or group, then those of its groups. @returns a netCDF status
int add_group(NetcdfChecksum& checksum, int group);

}  // namespace chokepoint
