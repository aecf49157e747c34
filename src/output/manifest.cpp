#include "output/manifest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "machine/stop.hpp"
#include "output/descriptor.hpp"
#include "output/errors.hpp"
#include "output/json_text.hpp"

namespace chokepoint {
namespace {

constexpr char format_words[] = "chokepoint 1";
constexpr char before_checksum[] = ",\n  \"checksum\": \"", after_checksum[] = "\"\n}\n";
constexpr std::size_t hash_digits = 32, most_manifest_bytes = 1 << 20;
constexpr std::size_t tail_bytes = sizeof before_checksum - 1 + hash_digits + sizeof after_checksum - 1;

std::string hex(const XXH128_hash_t& hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string text;
  for (const unsigned char byte : canonical.digest) text += fmt::format("{:02x}", byte);
  return text;
}

/// Ends a text with the checksum of what stands before.
std::string sealed(const std::string& body) {
  return body + before_checksum + hash_text(body) + after_checksum;
}

/// Files lie in the folder itself: a manifest must not lead elsewhere.
void check_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos || name == manifest_file)
    throw ManifestError(fmt::format("lists '{}', which is no name of a file", name));
}

/// @throws ManifestError with the reason in errno
[[noreturn]] void throw_unreadable() {
  const std::string text = fmt::format("cannot be read: {}", std::strerror(errno));
  if (is_of_the_machine(errno)) throw ManifestReadError(text);
  throw ManifestError(text);
}

ssize_t read_some(int file, std::vector<char>& buffer) {
  ssize_t got = 0;
  do got = ::read(file, buffer.data(), buffer.size());
  while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

std::string hash_text(std::string_view bytes) {
  return hex(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string manifest_text(const Manifest& manifest) {
  Json files = Json::object();
  for (const auto& [name, entry] : manifest.files) files[name] = {{"bytes", entry.bytes}, {"xxh128", entry.hash}};
  const Json body = {{"manifest", format_words},
                     {"version", manifest.version},
                     {"commit", manifest.commit},
                     {"digest", manifest.digest},
                     {"files", files}};
  const std::string text = body.dump(2, ' ', false, Json::error_handler_t::replace);
  return sealed(text.substr(0, text.size() - 2));  // without "\n}"
}

Manifest parse_manifest(std::string_view text) {
  if (text.size() <= tail_bytes || sealed(std::string(text.substr(0, text.size() - tail_bytes))) != text)
    throw ManifestError("does not carry its own checksum: damaged, edited, or no manifest of chokepoint");
  try {
    const Json json = Json::parse(text);
    if (json.at("manifest") != format_words)
      throw ManifestError(fmt::format("is of format '{}'; this version knows '{}'",
                                      json.at("manifest").get<std::string>(), format_words));
    Manifest out{json.at("version"), json.at("commit"), json.at("digest"), {}};
    for (const auto& [name, entry] : json.at("files").items()) {
      check_name(name);
      out.files[name] = {entry.at("bytes"), entry.at("xxh128")};
    }
    return out;
  } catch (const Json::exception& error) {
    throw ManifestError(fmt::format("is no manifest of chokepoint: {}", error.what()));
  }
}

std::optional<Manifest> read_manifest(int folder) {
  const Descriptor file = open_at(folder, manifest_file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) throw_unreadable();
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const ssize_t got = read_some(file.number(), buffer);
    if (got < 0) throw_unreadable();
    if (got == 0) return parse_manifest(text);
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > most_manifest_bytes) throw ManifestError("is larger than any manifest of chokepoint");
  }
}

std::optional<ManifestEntry> entry_of(int file) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  if (!state) throw std::bad_alloc();
  XXH3_128bits_reset(state.get());
  std::vector<char> buffer(1 << 18);
  ManifestEntry entry;
  for (;;) {
    stop_if_asked();
    const ssize_t got = read_some(file, buffer);
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    XXH3_128bits_update(state.get(), buffer.data(), static_cast<std::size_t>(got));
    entry.bytes += static_cast<std::uint64_t>(got);
  }
  entry.hash = hex(XXH3_128bits_digest(state.get()));
  return entry;
}

}  // namespace chokepoint
