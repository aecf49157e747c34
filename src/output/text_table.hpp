#pragma once

#include <string>
#include <vector>

namespace chokepoint {

using TableRow = std::vector<std::string>;

/// A table for the terminal: columns as wide as they need to be, the first to the left, the others to the right.
std::string table_text(const std::vector<TableRow>& rows);

}  // namespace chokepoint
