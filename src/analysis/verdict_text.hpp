#pragma once

#include <span>
#include <string>

#include "chokepoint/verdict.hpp"
#include "output/json_text.hpp"

/// Verdicts as text.
namespace chokepoint {

/// A table of the claims, and below it notes on single claims: parts, undecided paths, limits.
std::string verdict_table(std::span<const Verdict> verdicts);

/// The same for a page in Markdown.
std::string verdict_markdown(std::span<const Verdict> verdicts);

/// The whole verdict. Equal verdicts give equal JSON: it does not contain the machine or the time.
Json verdict_json(std::span<const Verdict> verdicts);

/// One line a claim or part.
std::string verdict_csv(std::span<const Verdict> verdicts);

}  // namespace chokepoint
