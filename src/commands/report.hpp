#pragma once

#include <filesystem>

#include "output/summary.hpp"

namespace chokepoint {

/// Says on stdout what was found and where it is (text, or `json` and nothing else), and warns of unsolved paths on
/// stderr. @param quiet no text; json and warnings stay
void report(const Summary& summary, const std::filesystem::path& folder, bool json, bool quiet);

}  // namespace chokepoint
