#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace chokepoint {

/// Checks the arguments before CLI11 does: CLI11 answers a typo by complaining of other missing arguments, and takes a
/// negative number for an option. Rewrites `help X` to `X --help`, and `--option -5` to `--option=-5`.
/// @throws UsageError that names an unknown command or option and the nearest known one
std::vector<std::string> checked_arguments(CLI::App& app, std::vector<std::string> arguments);

}  // namespace chokepoint
