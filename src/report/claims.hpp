#pragma once

#include <filesystem>

#include "output/json_text.hpp"
#include "report/figures.hpp"

namespace chokepoint {

/// Most paths that are walked again for the verdict on a claim.
inline constexpr std::uint64_t most_claim_paths = 4000;

/// The claim of a result's scenario and its verdict, for the page; null if it makes none. A claim whose twin is not
/// found has no verdict.
/// @param twins folder from which the files of twins are named; empty: that of the result
/// @param options engine, threads and devices that walk the paths again
Json claim_of(const LabelledResult& result, const std::filesystem::path& twins, const RunOptions& options);

}  // namespace chokepoint
