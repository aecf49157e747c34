#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

/// manifest.json: which files a folder of ours holds, with the size and hash of each. It is written last and contains a
/// checksum of itself, so a mix of two results, or a changed file, never passes as a good result. `xxhsum -H2` prints
/// the same hashes.
namespace chokepoint {

inline constexpr char manifest_file[] = "manifest.json";

struct ManifestEntry {
  std::uint64_t bytes = 0;
  std::string hash;  ///< XXH3, 128 bits, 32 hexadecimal digits
  bool operator==(const ManifestEntry&) const = default;
};

struct Manifest {
  std::string version, commit;  ///< of the program that wrote it
  std::string digest;           ///< of the result; empty for other folders
  std::map<std::string, ManifestEntry> files;
};

/// What is wrong with a manifest, as the end of a sentence.
class ManifestError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Those of them that are due to the machine: reading failed.
class ManifestReadError : public ManifestError {
 public:
  using ManifestError::ManifestError;
};

/// The text of the file. A manifest has exactly one valid text, so every changed bit is detected.
std::string manifest_text(const Manifest& manifest);

/// @throws ManifestError for a text that manifest_text never wrote: damaged, edited, or no manifest of ours
Manifest parse_manifest(std::string_view text);

/// The manifest of an open folder; none where it has no such file. @throws ManifestError also where it can't be read
std::optional<Manifest> read_manifest(int folder);

/// Size and hash of an open file, read from its beginning. @returns none where it can't be read; errno says why
std::optional<ManifestEntry> entry_of(int file);  ///< @throws Stopped

/// Hash of bytes as it stands in a manifest.
std::string hash_text(std::string_view bytes);

}  // namespace chokepoint
