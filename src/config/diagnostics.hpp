#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// The place of something in the input: a file and position, or an override with line 0.
struct Position {
  std::string file;
  int line = 0, column = 0;
  int last_line = 0;  ///< where a value ends
};

/// Collects the faults of a config, and records the place of each key. Keys are paths, for example
/// "region.cn.power_mw".
class Diagnostics {
 public:
  explicit Diagnostics(std::string file) : file_(std::move(file)) {}

  /// Records the place of a key, for faults that are found later.
  void place(const std::string& key, Position position) { positions_[key] = std::move(position); }

  /// Whether a key was given.
  bool is_given(const std::string& key) const { return positions_.count(key) > 0; }

  /// Adds a fault at the place of the key, or of the table that should contain it.
  void fault(const std::string& key, std::string message, std::string help = "");
  void fault_at(Position position, const std::string& key, std::string message, std::string help = "");

  /// Whether no fault was found so far with the keys at and under each of these paths: only then does it make sense to
  /// check their values against others.
  bool sound(std::initializer_list<std::string> paths) const;

  /// Whether a fault was found with this very key.
  bool has_fault(const std::string& key) const;

  /// Throws ScenarioError if there is any fault: those of the file by line, those of its
  /// ancestors, then those of the overrides.
  void throw_if_any();

  const std::string& file() const { return file_; }
  Position position_of(std::string key) const;

 private:
  std::string file_;
  std::map<std::string, Position> positions_;
  std::vector<Diagnostic> found_;
};

}  // namespace chokepoint
