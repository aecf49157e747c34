#include "machine/surroundings.hpp"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

/// Whether a list such as "cpu,cpuacct" has a word.
bool has_word(const std::string& list, const std::string& word) {
  return ("," + list + ",").find("," + word + ",") != std::string::npos;
}

/// Path of this process within a hierarchy: lines are "number:controllers:path", version 2's "0::path".
std::optional<std::string> path_within(const Surroundings& around, const std::string& controller) {
  std::ifstream file(around.root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (controller.empty() ? controllers.empty() : has_word(controllers, controller)) return line.substr(second + 1);
  }
  return std::nullopt;
}

struct Mount {
  std::string root, place;
};

/// "\040" is a blank.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 3 < text.size();
    out += is_escape ? static_cast<char>(std::strtol(text.substr(i + 1, 3).c_str(), nullptr, 8)) : text[i];
    if (is_escape) i += 3;
  }
  return out;
}

/// Where a hierarchy is mounted, and which of its folders is the root there: lines are "id parent device root place
/// options ... - type source options" (proc(5)).
std::optional<Mount> mount_of(const Surroundings& around, const std::string& controller) {
  std::ifstream file(around.root / "proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream front(line), back(line.substr(dash + 3));
    std::string skipped, type, source, options;
    Mount mount;
    front >> skipped >> skipped >> skipped >> mount.root >> mount.place;
    back >> type >> source >> options;
    const bool is_it = controller.empty() ? type == "cgroup2" : type == "cgroup" && has_word(options, controller);
    if (is_it) return Mount{unescaped(mount.root), unescaped(mount.place)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Surroundings::environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::uint64_t> whole_number(const std::string& text, std::uint64_t least) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  while (end > text.data() && (end[-1] == ' ' || end[-1] == '\n')) --end;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < least) return std::nullopt;
  return value;
}

std::optional<std::string> first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::vector<fs::path> control_groups(const Surroundings& around, const std::string& controller) {
  const std::optional<std::string> path = path_within(around, controller);
  const std::optional<Mount> mount = mount_of(around, controller);
  if (!path || !mount) return {};
  // In a container the mount may show part of the hierarchy alone; a path outside of it says no more than its root
  // does.
  const fs::path within = fs::path(*path).lexically_relative(mount->root);
  const fs::path top = around.root / fs::path(mount->place).relative_path();
  std::vector<fs::path> folders = {top};
  if (!within.empty() && *within.begin() != ".." && within != ".")
    for (const fs::path& part : within) folders.insert(folders.begin(), folders.front() / part);
  return folders;
}

}  // namespace chokepoint
