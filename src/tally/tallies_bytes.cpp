#include "tally/tallies_bytes.hpp"

#include <new>

namespace chokepoint {

namespace {

constexpr std::size_t buffer_size = 1 << 16;

TallyHash canonical(XXH128_hash_t hash) {
  XXH128_canonical_t form;
  XXH128_canonicalFromHash(&form, hash);
  TallyHash bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(form.digest[i]);
  return bytes;
}

}  // namespace

TallyWriter::TallyWriter(std::vector<std::byte>* kept) : state_(XXH3_createState()), kept_(kept) {
  if (!state_) throw std::bad_alloc();
  XXH3_128bits_reset(state_.get());
  buffer_.reserve(buffer_size);
}

void TallyWriter::count(std::uint64_t value) {
  for (; value >= 128; value >>= 7) put(static_cast<unsigned>(value & 127) | 128U);
  put(static_cast<unsigned>(value));
}

TallyHash TallyWriter::hash() {
  drain();
  return canonical(XXH3_128bits_digest(state_.get()));
}

void TallyWriter::little_endian(std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) put(static_cast<unsigned>(value >> (8 * i) & 255));
}

void TallyWriter::put(unsigned value) {
  if (buffer_.size() == buffer_size) drain();
  buffer_.push_back(static_cast<std::byte>(value));
}

void TallyWriter::drain() {
  XXH3_128bits_update(state_.get(), buffer_.data(), buffer_.size());
  if (kept_ != nullptr) kept_->insert(kept_->end(), buffer_.begin(), buffer_.end());
  buffer_.clear();
}

TallyHash tally_hash(const std::byte* bytes, std::size_t size) {
  return canonical(XXH3_128bits(bytes, size));
}

std::string to_hex(const TallyHash& hash) {
  std::string text;
  for (const std::byte byte : hash) {
    text += "0123456789abcdef"[static_cast<unsigned>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned>(byte) & 15];
  }
  return text;
}

std::uint64_t ByteReader::count() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint64_t byte = little_endian(1);
    require(shift < 63 || byte <= 1, "a count is too large");
    value |= (byte & 127) << shift;
    if (byte < 128) {
      require(byte != 0 || shift == 0, "a count is longer than needed");
      return value;
    }
  }
  require(false, "a count is too large");
  return 0;
}

void ByteReader::require(bool holds, const char* what) const {
  if (holds) return;
  throw TallyFormatError("saved tallies are damaged: " + std::string(what) + " (before byte " + std::to_string(at_) +
                         " of " + std::to_string(size_) + ")");
}

std::uint64_t ByteReader::little_endian(int bytes) {
  require(left() >= static_cast<std::size_t>(bytes), "they end too early");
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(bytes_[at_++]) << (8 * i);
  return value;
}

}  // namespace chokepoint
