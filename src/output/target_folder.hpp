#pragma once

#include <set>
#include <string>
#include <vector>

#include "output/descriptor.hpp"

/// What exists at the target of a result.
namespace chokepoint {

struct TargetFolder {
  Descriptor folder;             ///< open where there is a folder
  bool is_there = false;         ///< anything at all, a link that leads nowhere included
  std::string what;              ///< "a folder", "a plain file", "a link"
  std::set<std::string> ours;    ///< plain files that a result of ours consists of, its manifest included
  std::set<std::string> others;  ///< everything else, but for temporary folders of runs
  bool is_free() const { return ours.empty() && others.empty(); }
};

/// Files of ours are those that the manifest lists. Without an intact manifest (versions before 0.3.0 wrote none) they
/// are result.nc and the files next to it with the usual names whose text contains its digest.
/// @throws std::system_error where it can't be looked at
TargetFolder look_at(int parent, const std::string& name);

/// Whether a new folder could stand for this one, so that the two may change places: no mount point, of the same owner
/// and group, without access lists.
bool may_be_exchanged(int folder, int fresh);

/// Whether a folder is where another file system, or a part of one, was mounted.
bool is_mount_point(int parent, const std::string& name);

}  // namespace chokepoint
