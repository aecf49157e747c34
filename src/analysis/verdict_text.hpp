#pragma once

#include <span>
#include <string>

#include "chokepoint/verdict.hpp"
#include "output/json_text.hpp"

/// Verdicts as text.
namespace chokepoint {

/// A table of the claims, and below it what has to be said of single ones: parts, undecided paths, limits.
std::string verdict_table(std::span<const Verdict> verdicts);

/// The same for a page in Markdown.
std::string verdict_markdown(std::span<const Verdict> verdicts);

/// Everything. Equal verdicts give equal JSON: nothing of the machine or the time is in it.
Json verdict_json(std::span<const Verdict> verdicts);

/// One line a claim or part.
std::string verdict_csv(std::span<const Verdict> verdicts);

}  // namespace chokepoint
