#pragma once

#include "chokepoint/engine.hpp"
#include "output/output_folder.hpp"

namespace chokepoint {

/// Refuses a run whose files the disk will not take. Takes the time to find out how large they will be only where the
/// disk has less than the tallies would fill at their fullest. @throws OutputError
void check_space(const Scenario& scenario, const RunOptions& options, const OutputFolder& folder);

/// Bytes that may still be written to where a folder is or would be made.
std::uint64_t free_space_at(const std::filesystem::path& folder);

}  // namespace chokepoint
