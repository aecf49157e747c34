#pragma once

#include <string>

namespace chokepoint {

/// A unit of measure_table as UDUNITS reads it, which CF asks for: counts of things (H100e, chips, users, tokens,
/// firms) and money have no dimension there, so that "USD per H100e-hour" is "hour-1", and "thousand USD" 1e3. The
/// attribute unit_description has the unit in words.
/// @throws std::logic_error for a unit that has no line in the table
std::string udunits(const std::string& unit);

}  // namespace chokepoint
