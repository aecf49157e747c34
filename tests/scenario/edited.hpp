#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"

/// The small config of these tests, edited by replacing a piece of its text.
namespace chokepoint {

inline std::string file_text(const std::string& path) {
  std::ifstream stream(std::string(CHOKEPOINT_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::string minimal_text() {
  return file_text("tests/data/scenario_minimal.toml");
}

/// Replaces the first occurrence of `find` after `after`.
inline std::string edited(std::string text, const std::string& find, const std::string& replace,
                          const std::string& after = "") {
  const std::size_t start = text.find(after);
  const std::size_t at = start == std::string::npos ? start : text.find(find, start);
  if (at == std::string::npos) throw std::logic_error("the test config holds no '" + find + "'");
  return text.replace(at, find.size(), replace);
}

/// "line:column" of the first occurrence of `marker` after `after`, counted from 1.
inline std::string place_of(const std::string& text, const std::string& marker, const std::string& after = "") {
  const std::size_t start = text.find(after);  // the edit itself may have taken it away
  const std::size_t at = text.find(marker, start == std::string::npos ? 0 : start);
  if (at == std::string::npos) throw std::logic_error("the text holds no '" + marker + "'");
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < at; ++i) {
    ++column;
    if (text[i] == '\n') ++line, column = 1;
  }
  return std::to_string(line) + ":" + std::to_string(column);
}

/// What is wrong with a config; nothing where it can be used.
inline std::vector<Diagnostic> faults_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    read_scenario_text(text, "test.toml", overrides);
    return {};
  } catch (const ScenarioError& error) {
    return error.diagnostics();
  }
}

inline std::string formatted(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += format(diagnostic) + "\n";
  return text;
}

}  // namespace chokepoint
