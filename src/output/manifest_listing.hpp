#pragma once

#include <optional>
#include <string>

#include "output/manifest.hpp"

namespace chokepoint {

/// A file that is put into a finished folder of ours, such as the page of a report. While the file is replaced the
/// manifest does not list it; whatever happens between, the folder is a good result.
class ManifestListing {
 public:
  /// Takes a file off the manifest of an open folder, where there is one that lists it. @throws OutputError
  ManifestListing(int folder, std::string name);
  /// Puts the file on it, as it now is. @throws OutputError
  void add();

 private:
  void write() const;

  int folder_;
  std::string name_;
  std::optional<Manifest> manifest_;
};

}  // namespace chokepoint
