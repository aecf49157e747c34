#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace chokepoint {

/// Looks over the arguments before CLI11 does, which answers a typo with what else it then misses, and takes a negative
/// number for an option. Rewrites `help X` to `X --help`, and `--option -5` to `--option=-5`.
/// @throws UsageError that names an unknown command or option and the nearest known one
std::vector<std::string> checked_arguments(CLI::App& app, std::vector<std::string> arguments);

}  // namespace chokepoint
