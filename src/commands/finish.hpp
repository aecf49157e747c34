#pragma once

#include "commands/arguments.hpp"
#include "results/result_set.hpp"

namespace chokepoint {

/// How results are shown on the terminal.
struct FinishOptions {
  bool json = false;    ///< the summary as JSON on stdout, and nothing else there
  bool quiet = false;   ///< no text; JSON and warnings stay
  bool strict = false;  ///< unsolved months are an error
};

/// Ends a run or a merge: writes the files, puts the folder in place, prints the findings on stdout and warns of
/// unsolved paths on stderr. @returns the exit code
/// @throws OutputError, std::bad_alloc, ArithmeticError; Stopped where a signal came before the folder was in place
int finish(const ResultSet& set, OutputFolder& folder, FinishOptions options);

/// Puts results in place unless a signal has come, or the arithmetic that made them is not sound.
/// @throws OutputError, ArithmeticError, Stopped
void publish(OutputFolder& folder);

}  // namespace chokepoint
