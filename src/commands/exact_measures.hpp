#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chokepoint/engine.hpp"
#include "commands/command.hpp"

namespace chokepoint {

/// Which measures get exact quantiles.
struct ExactArguments {
  std::optional<std::string> measures;

  void add_to(Command& command);
  /// @throws UsageError for a name that no measure has, with the nearest one, and for one that is given twice
  void fill(RunOptions& options, const Scenario& scenario) const;
};

/// The names in "world_price,rental_price[cn,h200]": a comma within brackets belongs to a name.
std::vector<std::string> split_names(const std::string& text);

}  // namespace chokepoint
