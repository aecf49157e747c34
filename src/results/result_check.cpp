#include "results/result_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "output/content_checksum.hpp"
#include "output/descriptor.hpp"
#include "output/errors.hpp"
#include "output/folder_entries.hpp"
#include "output/manifest.hpp"
#include "output/result_names.hpp"
#include "results/result_netcdf.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// What a hash says of a file: empty where it is that of the manifest.
std::string hash_fault(const fs::path& folder_path, int folder, const std::string& name, const ManifestEntry& listed) {
  struct stat status {};
  const Descriptor file = open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file && errno == ENOENT) return fmt::format("lacks '{}'", name);
  if (file && ::fstat(file.number(), &status) == 0 && !S_ISREG(status.st_mode))
    return fmt::format("has a '{}' that is no plain file", name);
  const std::optional<ManifestEntry> found = file ? entry_of(file.number()) : std::nullopt;
  if (!found && is_of_the_machine(errno))
    throw ResourceError(fmt::format("cannot read '{}': {}", (folder_path / name).string(), reason_text(errno)));
  if (!found) return fmt::format("has a '{}' that cannot be read: {}", name, std::strerror(errno));
  if (*found == listed) return "";
  return fmt::format("has a '{}' that is not the one that was written", name);
}

/// The same of result.nc, whose content may be intact where its bytes are not.
std::string result_fault(const fs::path& folder, std::string hash_fault, bool with_content,
                         std::vector<std::string>& added) {
  std::error_code error;
  if ((hash_fault.empty() && !with_content) || !fs::is_regular_file(folder / result_file, error)) return hash_fault;
  const ContentCheck content = check_content(folder / result_file);
  if (!content.fault.empty()) return fmt::format("has a damaged '{}': {}", result_file, content.fault);
  if (content.format_version == 1)
    return fmt::format("has a '{}' without checksums, although every version that writes a {} also writes checksums",
                       result_file, manifest_file);
  added = content.added_attributes;
  if (hash_fault.empty() || !added.empty()) return "";
  return fmt::format("has a '{}' that another program has rewritten: its content is unchanged, but other bytes differ",
                     result_file);
}

void check_files(const fs::path& folder, int descriptor, const Manifest& manifest, bool with_content,
                 FolderCheck& check) {
  for (const auto& [name, entry] : manifest.files) {
    std::string fault = hash_fault(folder, descriptor, name, entry);
    if (name == result_file) fault = result_fault(folder, fault, with_content, check.added_attributes);
    if (!fault.empty()) check.faults.push_back(fault);
    ++check.files;
  }
  for (const FolderEntry& entry : entries_of(descriptor))
    if (entry.name != manifest_file && !manifest.files.contains(entry.name)) check.unlisted.push_back(entry.name);
}

/// Where a publishing that was cut off left the whole of it.
std::string remedy(const fs::path& folder) {
  std::error_code error;
  const fs::path full = fs::absolute(folder, error).lexically_normal();
  const std::string name = (full.has_filename() ? full.filename() : full.parent_path().filename()).string();
  for (const auto& entry : fs::directory_iterator(full / "..", error))
    if (entry.path().filename().string().starts_with(name + ".result-"))
      return fmt::format("; a whole result may be in '{}'", entry.path().lexically_normal().string());
  return "; run it again, or take a copy that is whole";
}

}  // namespace

FolderCheck check_folder(const fs::path& folder, bool with_content) {
  FolderCheck check;
  const Descriptor descriptor = open_at(AT_FDCWD, folder.string(), O_RDONLY | O_DIRECTORY);
  if (!descriptor) {
    check.faults.push_back(fmt::format("is no folder that can be read: {}", std::strerror(errno)));
    return check;
  }
  try {
    const std::optional<Manifest> manifest = read_manifest(descriptor.number());
    if (!manifest) {
      check.faults.push_back(
          fmt::format("has no {}: a version before 0.3.0 wrote it, or it is not whole; there is nothing to check it by",
                      manifest_file));
      return check;
    }
    check.digest = manifest->digest;
    check_files(folder, descriptor.number(), *manifest, with_content, check);
  } catch (const ManifestReadError& error) {
    throw ResourceError(fmt::format("{} of '{}' {}", manifest_file, folder.string(), error.what()));
  } catch (const ManifestError& error) {
    check.faults.push_back(fmt::format("has a {} that {}", manifest_file, error.what()));
  }
  return check;
}

void check_before_use(const fs::path& place) {
  std::error_code error;
  const bool is_folder = fs::is_directory(place, error);
  const fs::path folder = is_folder ? place : place.has_parent_path() ? place.parent_path() : fs::path(".");
  if (!fs::exists(folder / manifest_file, error)) return;
  const FolderCheck check = check_folder(folder, false);
  if (!check.faults.empty())
    throw UsageError(fmt::format("'{}' {}{}", folder.string(), fmt::join(check.faults, "; it "), remedy(folder)));
}

}  // namespace chokepoint
