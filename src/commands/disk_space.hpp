#pragma once

#include "chokepoint/engine.hpp"
#include "output/output_folder.hpp"
#include "results/result_netcdf.hpp"

namespace chokepoint {

/// Refuses a run whose files the disk will not take. Takes the time to find out how large they will be only where the
/// disk has less than the tallies would fill at their fullest. @throws OutputError
void check_space(const Scenario& scenario, const RunOptions& options, const OutputFolder& folder);

/// Bytes that no comparison or verdict fills: where a disk has them, nobody need know how many it will be.
inline constexpr std::uint64_t plenty_for_text = std::uint64_t{1} << 30;

/// The same of a whole that is merged: each of its files will be about as large as in the part where it is largest, or
/// larger. @throws OutputError
void check_space(const std::vector<StoredResult>& parts, const OutputFolder& folder);

/// Bytes that may still be written to where a folder is or would be made.
std::uint64_t free_space_at(const std::filesystem::path& folder);

}  // namespace chokepoint
