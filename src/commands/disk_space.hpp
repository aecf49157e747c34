#pragma once

#include "chokepoint/engine.hpp"
#include "output/output_folder.hpp"
#include "results/result_netcdf.hpp"

namespace chokepoint {

/// Refuses a run whose files do not fit on the disk. It spends time on estimating their size only if the disk has less
/// room than the largest possible tallies would take. @throws OutputError
void check_space(const Scenario& scenario, const RunOptions& options, const OutputFolder& folder);

/// More bytes than any comparison or verdict takes: on a disk with that much room the size need not be estimated.
inline constexpr std::uint64_t plenty_for_text = std::uint64_t{1} << 30;

/// The same for a merge: each file of the whole will be about as large as the largest one among the parts, or larger.
/// @throws OutputError
void check_space(const std::vector<StoredResult>& parts, const OutputFolder& folder);

/// Bytes that may still be written at the place of a folder, whether it exists or not.
std::uint64_t free_space_at(const std::filesystem::path& folder);

}  // namespace chokepoint
