#include "config/diagnostics.hpp"

#include <algorithm>
#include <tuple>

#include "config/spelling.hpp"

namespace chokepoint {

std::string format(const Diagnostic& d) {
  constexpr std::size_t longest = 120;  // of a key or an override; the path of a file stays whole
  std::string text = shown(d.file, d.file.starts_with("--") ? longest : std::string::npos);
  if (d.line > 0) text += ":" + std::to_string(d.line) + ":" + std::to_string(d.column);
  if (!d.key.empty()) text += ": " + shown(d.key, longest);
  text += ": " + d.message;
  return d.help.empty() ? text : text + "; " + d.help;
}

ScenarioError::ScenarioError(std::vector<Diagnostic> diagnostics) : diagnostics_(std::move(diagnostics)) {
  for (const Diagnostic& diagnostic : diagnostics_) text_ += (text_.empty() ? "" : "\n") + format(diagnostic);
}

Position Diagnostics::position_of(std::string key) const {
  while (!key.empty()) {
    const auto found = positions_.find(key);
    if (found != positions_.end()) return found->second;
    const std::size_t cut = key.find_last_of(".[");
    key.resize(cut == std::string::npos ? 0 : cut);
  }
  return {file_, 1, 1};
}

void Diagnostics::fault(const std::string& key, std::string message, std::string help) {
  fault_at(position_of(key), key, std::move(message), std::move(help));
}

void Diagnostics::fault_at(Position position, const std::string& key, std::string message, std::string help) {
  found_.push_back({position.file, position.line, position.column, key, std::move(message), std::move(help)});
}

bool Diagnostics::sound(std::initializer_list<std::string> paths) const {
  const auto lies_under = [](const std::string& key, const std::string& path) {
    return key.starts_with(path) && (key.size() == path.size() || key[path.size()] == '.' || key[path.size()] == '[');
  };
  for (const Diagnostic& fault : found_)
    for (const std::string& path : paths)
      if (lies_under(fault.key, path)) return false;
  return true;
}

bool Diagnostics::has_fault(const std::string& key) const {
  return std::any_of(found_.begin(), found_.end(), [&](const Diagnostic& fault) { return fault.key == key; });
}

void Diagnostics::throw_if_any() {
  if (found_.empty()) return;
  const auto order = [&](const Diagnostic& d) {
    return std::tuple(d.line == 0, d.file != file_, d.line == 0 ? "" : d.file, d.line, d.column);
  };
  std::stable_sort(found_.begin(), found_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return order(a) < order(b); });
  throw ScenarioError(std::move(found_));
}

}  // namespace chokepoint
