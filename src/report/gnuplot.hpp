#pragma once

#include <string>

namespace chokepoint {

/// A text as a gnuplot string: in single quotes, in which nothing but the quote has a meaning.
std::string gnuplot_text(const std::string& text);

/// Runs a script of gnuplot, found on the PATH.
/// @return false where there is no gnuplot
/// @throws ResourceError with gnuplot's own words where it fails
bool run_gnuplot(const std::string& script_file, const std::string& log_file);

}  // namespace chokepoint
