#pragma once

#include <optional>
#include <string>

#include "output/manifest.hpp"

namespace chokepoint {

/// A file that is put into a finished folder of ours, such as the page of a report. While the file is replaced the
/// manifest does not list it, so the folder is a good result even if the program is interrupted.
class ManifestListing {
 public:
  /// Removes a file from the manifest of an open folder, if the manifest lists it. @throws OutputError
  ManifestListing(int folder, std::string name);
  /// Adds the file to the manifest, as it now is. @throws OutputError
  void add();

 private:
  void write() const;

  int folder_;
  std::string name_;
  std::optional<Manifest> manifest_;
};

}  // namespace chokepoint
