#pragma once

#include <cstddef>
#include <string>

namespace chokepoint {

/// A text as a gnuplot string that stands for just these bytes: in double quotes, with all that has a meaning anywhere
/// (quotes, backslashes, backquotes, @ and what enhanced text knows) written as an octal number.
std::string gnuplot_text(const std::string& text);

/// A user's text as a label: on one line, and cut after `longest` bytes.
std::string gnuplot_label(const std::string& text, std::size_t longest = 80);

/// Runs a script of gnuplot, found on the PATH.
/// @return false where there is no gnuplot
/// @throws ResourceError with gnuplot's own words where it fails
bool run_gnuplot(const std::string& script_file, const std::string& log_file);

}  // namespace chokepoint
