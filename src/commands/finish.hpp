#pragma once

#include "commands/arguments.hpp"
#include "commands/interrupt.hpp"
#include "output/result_set.hpp"

namespace chokepoint {

/// How results are told on the terminal.
struct FinishOptions {
  bool json = false;    ///< the summary as JSON on stdout, and nothing else there
  bool quiet = false;   ///< no text; JSON and warnings stay
  bool strict = false;  ///< unsolved months are an error
};

/// Ends a run or a merge: writes the files, puts the folder in place, tells what was found on stdout and warns of
/// unsolved paths on stderr. @returns the exit code; that of the signal where one came before the folder was in place
/// @throws OutputError, std::bad_alloc
int finish(const ResultSet& set, OutputFolder& folder, const InterruptGuard& guard, FinishOptions options);

/// Says that a signal ended the command. @returns the exit code
int stopped(const InterruptGuard& guard);

}  // namespace chokepoint
