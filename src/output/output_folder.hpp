#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// A result folder that appears whole or not at all. Files go into a temporary folder beside the target; `publish` puts
/// it in place at once. Whatever fails before that, the target stays as it was and the temporary folder is removed.
namespace chokepoint {

class OutputFolder {
 public:
  /// Makes the temporary folder, and the folders above the target.
  /// @param target where the results will stand
  /// @param known names of the files that a result may hold: only a folder of such files is ever replaced
  /// @param force whether an existing result may be replaced
  /// @throws UsageError where the target exists and may not be replaced; OutputError where it cannot be written
  OutputFolder(std::filesystem::path target, const std::vector<std::string>& known, bool force);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// Where a file is to be written.
  std::filesystem::path file(const std::string& name) const { return temporary_ / name; }
  const std::filesystem::path& target() const { return target_; }

  /// Writes a whole file and brings it to the disk. @throws OutputError
  void write(const std::string& name, const std::string& text) const;

  /// Puts the folder in place; an old result is removed only afterwards. Every file must be on the disk by now.
  /// @throws OutputError
  void publish();

 private:
  std::filesystem::path target_, temporary_;
  std::vector<std::filesystem::path> made_parents_;  ///< innermost first
  bool published_ = false;
};

/// Writes a whole file and brings it to the disk. @param shown the file's name in messages @throws OutputError
void write_file(const std::filesystem::path& path, const std::string& text, const std::string& shown);

/// Brings a file or folder to the disk. @throws OutputError
void sync_to_disk(const std::filesystem::path& path);

}  // namespace chokepoint
