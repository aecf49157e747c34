#include "output/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <system_error>

#include "chokepoint/version.hpp"
#include "machine/stop.hpp"
#include "output/errors.hpp"
#include "output/folder_entries.hpp"
#include "output/free_space.hpp"
#include "output/manifest.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// Room for the names of temporary folders and files below the target.
constexpr std::size_t spare_length = 256;

/// Absolute and without links or a slash at the end, so that a temporary folder beside it is on the same disk.
fs::path full_path(const fs::path& path) {
  std::error_code error;
  fs::path full = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error || full.empty())
    throw OutputError(fmt::format("cannot use '{}' for results: {}", path.string(), error.message()));
  if (!full.has_filename()) full = full.parent_path();
  if (!full.has_filename()) throw UsageError(fmt::format("'{}' cannot be replaced by results", path.string()));
  if (full.string().size() + spare_length > PATH_MAX) throw output_error("use", path.string(), ENAMETOOLONG);
  if (fs::is_symlink(full, error))
    throw UsageError(fmt::format("'{}' is a link to '{}', which is not there; make that folder, or choose another",
                                 path.string(), fs::read_symlink(full, error).string()));
  return full;
}

/// @throws UsageError unless what stands at the target leaves room for results or may be replaced
void check_target(const PublishPlace& place, const TargetFolder& found) {
  const std::string target = place.shown.string();
  if (!found.is_there || (found.folder && found.is_free())) return;
  if (!found.folder) throw UsageError(fmt::format("'{}' is {}; results need a folder", target, found.what));
  if (found.ours.empty())
    throw UsageError(
        fmt::format("'{}' holds '{}', which is no file of ours, so it will not be replaced; choose another folder",
                    target, *found.others.begin()));
  for (const std::string& name : found.ours)
    if (!place.known.contains(name))
      throw UsageError(
          fmt::format("'{}' holds '{}', a result of another command, so it will not be replaced; choose "
                      "another folder",
                      target, name));
  if (!place.may_replace)
    throw UsageError(
        fmt::format("'{}' already holds results; --force replaces them, or choose another folder", target));
  for (const std::string& name : found.others)
    if (place.known.contains(name))
      throw UsageError(fmt::format("'{}' holds {}, so it will not be replaced; move it away, or choose another folder",
                                   target, foreign_file(name)));
}

/// Where results are written that cannot be written where they belong.
Descriptor rescue_place() {
  std::error_code ignored;
  return open_at(AT_FDCWD, fs::temp_directory_path(ignored).string(), O_RDONLY | O_DIRECTORY);
}

/// Results that an earlier run or its kill left beside the target: the program never removes one.
void name_kept_results(int parent, const std::string& name) {
  for (const FolderEntry& entry : entries_of(parent)) {
    if (!entry.is_folder || !entry.name.starts_with(name + ".result-")) continue;
    spdlog::warn(
        "'{}' beside '{}' is a result that an earlier run could not put in place; remove it when it is of no use",
        entry.name, name);
    if (const Descriptor folder = open_folder_at(parent, entry.name)) remove_dead_folders(folder.number());
  }
}

}  // namespace

void sync_to_disk(const fs::path& path) {
  const Descriptor file = open_at(AT_FDCWD, path.string(), O_RDONLY);
  const int error = file ? sync_descriptor(file.number()) : errno;
  if (error != 0) throw output_error("write", path.string(), error);
}

OutputFolder::OutputFolder(fs::path target, const std::vector<std::string>& known, bool force) {
  place_.shown = full_path(target);
  place_.name = place_.shown.filename().string();
  place_.known = {known.begin(), known.end()};
  place_.known.insert(manifest_file);
  place_.may_replace = force;
  // Another run that gives up may remove a folder above the target that it made, until ours is in it.
  for (int tries = 0;; ++tries) try {
      parents_ = std::make_unique<MadeFolders>(place_.shown.parent_path());
      prepare();
      return;
    } catch (const std::system_error& error) {
      if (error.code().value() == ENOENT && tries < 16) continue;
      throw output_error("write to the folder", place_.shown.parent_path().string(), error.code().value());
    }
}

OutputFolder::~OutputFolder() = default;

void OutputFolder::prepare() {
  place_.parent = open_at(AT_FDCWD, place_.shown.parent_path().string(), O_RDONLY | O_DIRECTORY);
  if (!place_.parent) throw std::system_error(errno, std::generic_category());
  remove_dead_folders(place_.parent.number());
  if (const Descriptor rescue = rescue_place()) remove_dead_folders(rescue.number());
  name_kept_results(place_.parent.number(), place_.name);
  const TargetFolder found = look_at(place_.parent.number(), place_.name);
  if (found.folder) remove_dead_folders(found.folder.number());
  check_target(place_, found);
  place_.was_folder = found.is_there;
  make_temporary(found);
}

/// Beside the target, or in it where that is another file system or nothing can be made beside it.
void OutputFolder::make_temporary(const TargetFolder& found) {
  if (!found.folder || !is_mount_point(place_.parent.number(), place_.name)) try {
      temporary_ = std::make_unique<TemporaryFolder>(place_.parent.number(), place_.name);
      if (!found.folder || ::faccessat(found.folder.number(), ".", W_OK | X_OK, AT_EACCESS) == 0) return;
      throw output_error("write to the folder", place_.shown.string(), errno);
    } catch (const std::system_error&) {
      if (!found.folder) throw;
    }
  try {
    temporary_ = std::make_unique<TemporaryFolder>(found.folder.number(), place_.name);
  } catch (const std::system_error& error) {
    throw output_error("write to the folder", place_.shown.string(), error.code().value());
  }
}

fs::path OutputFolder::file(const std::string& name) const {
  return temporary_->path() / name;
}

bool OutputFolder::has_plenty(std::uint64_t bytes) const {
  return chokepoint::has_plenty(temporary_->results(), bytes);
}

void OutputFolder::require_space(std::uint64_t bytes, std::uint64_t largest) const {
  chokepoint::require_space(temporary_->results(), bytes, largest, target().string());
}

void write_file(int folder, const std::string& name, const std::string& text, const std::string& shown) {
  stop_if_asked();
  Descriptor file = open_at(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0666);
  if (!file) throw output_error("write", shown, errno);
  int error = write_all(file.number(), text);
  if (error == 0) error = file.close();
  if (error != 0) throw output_error("write", shown, error);
}

void OutputFolder::write(const std::string& name, const std::string& text) const {
  write_file(temporary_->results(), name, text, (target() / name).string());
  sync(name);
}

void OutputFolder::sync(const std::string& name) const {
  const Descriptor file = open_at(temporary_->results(), name, O_RDONLY | O_NOFOLLOW);
  const int error = file ? sync_descriptor(file.number()) : errno;
  if (error != 0) unsynced_ = output_error("bring to the disk", (target() / name).string(), error).what();
}

void OutputFolder::fill(const std::function<void()>& write_files, const std::string& digest) {
  try {
    write_files();
    write_manifest(digest);
  } catch (const OutputError& error) {
    rescued_from_ = error.what();
    move_to_rescue();
    write_files();
    write_manifest(digest);
  }
}

void OutputFolder::move_to_rescue() {
  const Descriptor folder = rescue_place();
  try {
    if (!folder) throw std::system_error(errno, std::generic_category());
    temporary_ = std::make_unique<TemporaryFolder>(folder.number(), "chokepoint-" + place_.name);
  } catch (const std::system_error&) {
    throw OutputError(rescued_from_);
  }
  unsynced_.clear();
}

void OutputFolder::write_manifest(const std::string& digest) {
  Manifest manifest{std::string(build_info.version), std::string(build_info.commit), digest, {}};
  for (const FolderEntry& entry : entries_of(temporary_->results())) {
    if (is_temporary_name(entry.name)) continue;  // which could not be removed
    const Descriptor file = open_at(temporary_->results(), entry.name, O_RDONLY | O_NOFOLLOW);
    const auto facts = file ? entry_of(file.number()) : std::nullopt;
    if (!facts) throw output_error("read back", (target() / entry.name).string(), errno);
    manifest.files[entry.name] = *facts;
  }
  write(manifest_file, manifest_text(manifest));
  has_manifest_ = true;
}

void OutputFolder::publish() {
  if (!has_manifest_) write_manifest("");
  if (const int error = sync_descriptor(temporary_->results()); error != 0 && unsynced_.empty())
    unsynced_ = output_error("bring to the disk", target().string(), error).what();
  const std::string& reason = rescued_from_.empty() ? unsynced_ : rescued_from_;
  const auto unpublished = reason.empty() ? chokepoint::publish(place_, *temporary_)
                                          : std::optional(Unpublished{reason, keep_beside(place_, *temporary_)});
  parents_->keep();
  if (unpublished) fail(*unpublished);
  if (const int error = sync_descriptor(place_.parent.number()))
    spdlog::warn("the results are at '{}', but whether they are there after a power cut is uncertain: {}",
                 target().string(), std::strerror(error));
  check_in_place();
}

/// The folder above the target may have been renamed or moved while the command ran.
void OutputFolder::check_in_place() const {
  struct stat there {};
  struct stat ours {};
  const Descriptor folder = open_folder_at(place_.parent.number(), place_.name);
  if (!folder || ::fstat(folder.number(), &ours) != 0) return;
  if (::stat(target().c_str(), &there) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino) return;
  fail({fmt::format("the folder of '{}' was moved while this went on", target().string()),
        present_path(folder.number(), target())});
}

void OutputFolder::fail(const Unpublished& unpublished) const {
  throw OutputError(fmt::format("{}; the result is whole in '{}': {}", unpublished.reason, unpublished.whole.string(),
                                unpublished.remedy));
}

}  // namespace chokepoint
