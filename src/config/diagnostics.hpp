#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "chokepoint/scenario.hpp"

namespace chokepoint {

/// Where something stands: a file and place, or an override with line 0.
struct Position {
  std::string file;
  int line = 0, column = 0;
  int last_line = 0;  ///< where a value ends
};

/// Collects what is wrong with a config, and knows where each of its keys stands. Keys are paths such as
/// "region.cn.power_mw".
class Diagnostics {
 public:
  explicit Diagnostics(std::string file) : file_(std::move(file)) {}

  /// Notes where a key stands, for faults that are found later.
  void place(const std::string& key, Position position) { positions_[key] = std::move(position); }

  /// Whether a key stands somewhere.
  bool is_given(const std::string& key) const { return positions_.count(key) > 0; }

  /// Adds a fault at the place of the key, or of the table that it should stand in.
  void fault(const std::string& key, std::string message, std::string help = "");
  void fault_at(Position position, const std::string& key, std::string message, std::string help = "");

  /// Whether nothing was found wrong so far with the keys at and under each of these paths: only then does it make
  /// sense to check their values against others.
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
