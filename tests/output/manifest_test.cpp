#include "output/manifest.hpp"

#include <gtest/gtest.h>

namespace chokepoint {
namespace {

Manifest some_manifest() {
  return {"1.2.3", "0123456789ab", "00ff", {{"a.txt", {3, hash_text("one")}}, {"b.txt", {0, hash_text("")}}}};
}

TEST(Manifest, HashesAreThoseOfXxhsum) {
  EXPECT_EQ(hash_text(""), "99aa06d3014798d86001c324468d497f");  // printf '' | xxhsum -H2
}

TEST(Manifest, ComesBack) {
  const Manifest manifest = parse_manifest(manifest_text(some_manifest()));
  EXPECT_EQ(manifest.version, "1.2.3");
  EXPECT_EQ(manifest.commit, "0123456789ab");
  EXPECT_EQ(manifest.digest, "00ff");
  EXPECT_EQ(manifest.files, some_manifest().files);
}

TEST(Manifest, EveryChangedBitShows) {
  const std::string text = manifest_text(some_manifest());
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string changed = text;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THROW(parse_manifest(changed), ManifestError) << bit;
  }
  EXPECT_THROW(parse_manifest(text + "\n"), ManifestError);
  EXPECT_THROW(parse_manifest(text.substr(0, text.size() - 1)), ManifestError);
  EXPECT_THROW(parse_manifest(""), ManifestError);
  EXPECT_THROW(parse_manifest("{}"), ManifestError);
}

/// A manifest says which files --force removes: none outside its folder.
TEST(Manifest, ListsFilesOfItsFolderAlone) {
  for (const std::string name : {"../a", "/etc/passwd", "a/b", ".", "..", "", "manifest.json"}) {
    Manifest manifest = some_manifest();
    manifest.files[name] = {};
    EXPECT_THROW(parse_manifest(manifest_text(manifest)), ManifestError) << name;
  }
}

}  // namespace
}  // namespace chokepoint
