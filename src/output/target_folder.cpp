#include "output/target_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include "output/errors.hpp"
#include "output/folder_entries.hpp"
#include "output/manifest.hpp"
#include "output/netcdf_file.hpp"
#include "output/result_names.hpp"
#include "output/temporary_folder.hpp"

namespace chokepoint {
namespace {

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISREG(mode)) return "a plain file";
  return S_ISLNK(mode) ? "a link" : "a device or the like";
}

/// The digest that result.nc names, empty where there is no such file that can be read.
std::string stored_digest(int folder) {
  try {
    return NetcdfReader(fmt::format("/proc/self/fd/{}/{}", folder, result_file), {}).text_attribute("digest");
  } catch (const UsageError&) {
    return "";
  }
}

bool holds(int folder, const std::string& name, const std::string& digest) {
  const Descriptor file = open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  std::string text;
  std::string part(1 << 16, '\0');
  for (ssize_t got = 0; file && (got = ::read(file.number(), part.data(), part.size())) > 0;) {
    text += part.substr(0, static_cast<std::size_t>(got));
    if (text.find(digest) != std::string::npos) return true;
    text.erase(0, text.size() - std::min(text.size(), digest.size()));
  }
  return false;
}

std::set<std::string> files_by_digest(int folder) {
  std::set<std::string> files;
  const std::string digest = stored_digest(folder);
  if (digest.empty()) return files;
  files.insert(result_file);
  for (const std::string& name : result_file_names())
    if (name != result_file && holds(folder, name, digest)) files.insert(name);
  return files;
}

/// Names that a result of ours consists of, whether or not they are there.
std::set<std::string> names_of_ours(int folder) {
  std::set<std::string> names;
  try {
    const std::optional<Manifest> manifest = read_manifest(folder);
    if (!manifest) return files_by_digest(folder);
    names.insert(manifest_file);
    for (const auto& [name, entry] : manifest->files) names.insert(name);
    return names;
  } catch (const ManifestError&) {
    return files_by_digest(folder);
  }
}

bool has_access_list(int folder) {
  std::string names(4096, '\0');
  const ssize_t size = ::flistxattr(folder, names.data(), names.size());
  if (size < 0) return errno == ERANGE;
  return names.substr(0, static_cast<std::size_t>(size)).find("system.posix_acl") != std::string::npos;
}

}  // namespace

TargetFolder look_at(int parent, const std::string& name) {
  TargetFolder found;
  struct stat status {};
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return found;
    throw std::system_error(errno, std::generic_category());
  }
  found.is_there = true;
  found.what = kind_of(status.st_mode);
  if (!S_ISDIR(status.st_mode)) return found;
  found.folder = open_folder_at(parent, name);
  if (!found.folder) throw std::system_error(errno, std::generic_category());
  const std::vector<FolderEntry> entries = entries_of(found.folder.number());
  if (errno != 0) throw std::system_error(errno, std::generic_category());
  const std::set<std::string> names = entries.empty() ? std::set<std::string>() : names_of_ours(found.folder.number());
  for (const FolderEntry& entry : entries)
    if (entry.is_file && names.contains(entry.name))
      found.ours.insert(entry.name);
    else if (!is_temporary_name(entry.name))
      found.others.insert(entry.name);
  return found;
}

bool is_mount_point(int parent, const std::string& name) {
  struct statx status {};
  if (::statx(parent, name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status) != 0) return false;
  return (status.stx_attributes_mask & status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool may_be_exchanged(int folder, int fresh) {
  struct stat old_status {
  }, new_status{};
  return ::fstat(folder, &old_status) == 0 && ::fstat(fresh, &new_status) == 0 &&
         old_status.st_uid == new_status.st_uid && old_status.st_gid == new_status.st_gid && !has_access_list(folder) &&
         ::fchmod(fresh, old_status.st_mode & 07777) == 0;
}

}  // namespace chokepoint
