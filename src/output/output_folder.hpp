#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "output/made_folders.hpp"
#include "output/publisher.hpp"
#include "output/target_folder.hpp"

/// A folder of files that appears complete or not at all. Files go into a temporary folder next to the target (inside
/// it, if it is a mount point); `publish` writes the manifest and puts everything in place. If anything fails before
/// that, the target stays as it was and the temporary folder is removed. A failure in publishing leaves the finished
/// files under another name. docs/architecture.md says how, under "Publishing".
namespace chokepoint {

class OutputFolder {
 public:
  /// Makes the temporary folder, and the folders above the target; removes those that dead runs left there.
  /// @param target where the results will stand
  /// @param known names of the files that such a result may hold, but for the manifest
  /// @param force whether an existing result may be replaced: the files of its manifest, as far as they are known
  /// @throws UsageError where the target exists and may not be replaced; OutputError where it cannot be written
  OutputFolder(std::filesystem::path target, const std::vector<std::string>& known, bool force);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// Where a file is to be written, for other programs and libraries.
  std::filesystem::path file(const std::string& name) const;
  const std::filesystem::path& target() const { return place_.shown; }

  /// Whether the disk certainly has room for that many bytes; if not, the exact need should be computed.
  bool has_plenty(std::uint64_t bytes) const;
  /// Refuses what will not fit. @param bytes of all files @param largest bytes of the largest of them
  /// @throws OutputError that says what is needed and what is there
  void require_space(std::uint64_t bytes, std::uint64_t largest) const;

  /// Writes a whole file and flushes it to the disk. @throws OutputError
  void write(const std::string& name, const std::string& text) const;

  /// Calls the function that writes the files, then writes the manifest. If that fails, does it again in a folder for
  /// temporary files (TMPDIR, /tmp), so that a full disk does not lose a finished computation. `publish` then says
  /// where the result is.
  /// @param digest of the result, for the manifest
  /// @throws OutputError where the files can be written nowhere
  void fill(const std::function<void()>& write_files, const std::string& digest = "");

  /// Puts the folder in place. @throws OutputError where that can't be done; it says where the result is instead
  void publish();

 private:
  void prepare();
  void make_temporary(const TargetFolder& found);
  void move_to_rescue();
  void sync(const std::string& name) const;
  void write_manifest(const std::string& digest);
  void check_in_place() const;
  [[noreturn]] void fail(const Unpublished& unpublished) const;

  PublishPlace place_;
  std::unique_ptr<MadeFolders> parents_;
  std::unique_ptr<TemporaryFolder> temporary_;
  bool has_manifest_ = false;
  std::string rescued_from_;      ///< why the files are not beside the target
  mutable std::string unsynced_;  ///< why a file may not be on the disk
};

/// Writes a whole file into an open folder and brings it to the disk. @param shown the file's name in messages
/// @throws OutputError
void write_file(int folder, const std::string& name, const std::string& text, const std::string& shown);

/// Brings a file or folder to the disk. @throws OutputError
void sync_to_disk(const std::filesystem::path& path);

}  // namespace chokepoint
