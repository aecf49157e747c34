#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "output/descriptor.hpp"

namespace chokepoint {

/// One file that appears complete or not at all.
class OutputFile {
 public:
  /// Creates nothing permanent, but refuses early.
  /// @param mark a text near the beginning of every such file, which identifies a file at the target as ours: nothing
  /// else is replaced, not even with force
  /// @param is_listed whether the manifest of the folder, where it has one, is to list the file; it then also says
  /// whether a file that stands there is ours and may be replaced
  /// @throws UsageError where there is a file that may not be replaced, something that is no file, a link that leads
  /// nowhere, or no folder for it; OutputError where the folder can't be written
  OutputFile(const std::filesystem::path& target, std::string mark, bool force, bool is_listed = false);

  const std::filesystem::path& target() const { return target_; }

  /// Refuses a text of that many bytes if it does not fit on the disk. @throws OutputError
  void require_space(std::uint64_t bytes) const;

  /// Writes the file next to the target, flushes it to the disk, and puts it in place in one step.
  /// @throws OutputError; where something appeared at the target, it names the file that holds the text instead
  void write(const std::string& text) const;

 private:
  void check_target() const;
  void check_listed() const;
  bool may_be_replaced() const;

  std::filesystem::path target_;
  std::string name_, mark_;
  Descriptor folder_;
  bool force_, is_listed_;
};

}  // namespace chokepoint
