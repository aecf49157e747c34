#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The sources of limits: files below a root folder, and environment variables. Tests provide their own.
namespace chokepoint {

struct Surroundings {
  std::filesystem::path root = "/";
  /// Value of an environment variable, nothing where it is not set.
  std::function<std::optional<std::string>(const std::string&)> variable = environment_variable;

  static std::optional<std::string> environment_variable(const std::string& name);
};

/// The whole number of at least `least` that a text holds, with nothing else but blanks at its end.
std::optional<std::uint64_t> whole_number(const std::string& text, std::uint64_t least = 0);

/// The first line of a file; nothing where it cannot be read.
std::optional<std::string> first_line(const std::filesystem::path& file);

/// The folders of the control groups that this process is in, its own first, then its ancestors up to where the
/// hierarchy is mounted: a limit of any of them binds.
/// @param controller of version 1, "memory" say; empty for the one hierarchy of version 2
std::vector<std::filesystem::path> control_groups(const Surroundings& around, const std::string& controller);

}  // namespace chokepoint
