#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "output/temporary_folder.hpp"

/// Puts a finished folder in its place, by one of three ways:
///
/// - nothing stands there: one rename that refuses to go over anything;
/// - a result of ours and nothing else stands there, and may be replaced: the two change places in one step, then the
///   old one's files are removed;
/// - an empty folder, a mount point, or a result with files of others in it: the folder stays, and the files go into it
///   one by one, result.nc and then the manifest last. Until then the result is whole beside it.
///
/// If none of them is possible, the complete result stays under another name.
namespace chokepoint {

/// Where a folder is to stand.
struct PublishPlace {
  Descriptor parent;
  std::string name;             ///< in the parent
  std::filesystem::path shown;  ///< for messages
  std::set<std::string> known;  ///< names of files that such a result may consist of
  bool may_replace = false;     ///< --force
  bool was_folder = false;      ///< it stood there before the command began, empty or to be replaced
};

/// What went wrong, where the complete result is, and what to do about it.
struct Unpublished {
  std::string reason;
  std::filesystem::path whole;
  std::string remedy = "move it to where you want it";
};

/// @returns nothing where the result is in place, and what it replaced is gone
std::optional<Unpublished> publish(const PublishPlace& place, TemporaryFolder& fresh);

/// Gives a result that can't be published a name beside its target, where it stays. @returns its path
std::filesystem::path keep_beside(const PublishPlace& place, TemporaryFolder& fresh);

/// A name as a file system takes it, at most 255 bytes, with an ending of `NAME.result-1a2b3c4d`.
std::string kept_name(const std::string& name);

/// Describes a file that is in the place of a file of the result and is not known as ours: "a 'prices.csv' that ...".
std::string foreign_file(const std::string& name);

/// Makes commands publish into a folder one after the other, if its file system has locks and nobody else holds one for
/// long. Publishing is safe without this, only less tidy if two commands replace one result at the same time.
class PublishLock {
 public:
  explicit PublishLock(int folder);

 private:
  Descriptor lock_;
};

}  // namespace chokepoint
