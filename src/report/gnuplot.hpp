#pragma once

#include <cstddef>
#include <string>

namespace chokepoint {

/// A text as a gnuplot string for exactly these bytes: in double quotes, with every character that gnuplot could
/// interpret (quotes, backslashes, backquotes, @ and the markup of enhanced text) written as an octal number.
std::string gnuplot_text(const std::string& text);

/// A user's text as a label: on one line, and cut after `longest` bytes.
std::string gnuplot_label(const std::string& text, std::size_t longest = 80);

/// Runs a script of gnuplot, found on the PATH.
/// @return false where there is no gnuplot
/// @throws ResourceError with gnuplot's own words where it fails
bool run_gnuplot(const std::string& script_file, const std::string& log_file);

}  // namespace chokepoint
