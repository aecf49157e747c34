#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <xxhash.h>

#include "chokepoint/tally/tallies.hpp"

/// Canonical bytes: little-endian words, and LEB128 for counts, seven bits a byte and no longer than needed.
namespace chokepoint {

using TallyHash = std::array<std::byte, 16>;

/// Hashes what is put into it and keeps the bytes if asked to.
class TallyWriter {
 public:
  explicit TallyWriter(std::vector<std::byte>* kept);

  void word32(std::uint32_t value) { little_endian(value, 4); }
  void word64(std::uint64_t value) { little_endian(value, 8); }
  void count(std::uint64_t value);
  TallyHash hash();

 private:
  void little_endian(std::uint64_t value, int bytes);
  void put(unsigned value);
  void drain();

  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
  std::vector<std::byte>* kept_;
  std::vector<std::byte> buffer_;
};

/// XXH3-128 in its canonical (big-endian) form.
TallyHash tally_hash(const std::byte* bytes, std::size_t size);
std::string to_hex(const TallyHash& hash);

/// Reads what TallyWriter wrote.
/// @throws TallyFormatError where the bytes end too early or a count is longer than needed
class ByteReader {
 public:
  ByteReader(const std::byte* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  std::uint32_t word32() { return static_cast<std::uint32_t>(little_endian(4)); }
  std::int32_t signed32() { return static_cast<std::int32_t>(word32()); }
  std::uint64_t word64() { return little_endian(8); }
  std::uint64_t count();
  std::size_t left() const { return size_ - at_; }
  /// @throws TallyFormatError naming what is wrong, unless `holds`
  void require(bool holds, const char* what) const;

 private:
  std::uint64_t little_endian(int bytes);

  const std::byte* bytes_;
  std::size_t size_, at_ = 0;
};

}  // namespace chokepoint
