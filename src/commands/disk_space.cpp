#include "commands/disk_space.hpp"

#include <fcntl.h>

#include <algorithm>

#include "commands/plan_probe.hpp"
#include "output/free_space.hpp"
#include "output/result_names.hpp"
#include "results/csv_files.hpp"
#include "results/write_results.hpp"

namespace chokepoint {

void check_space(const Scenario& scenario, const RunOptions& options, const OutputFolder& folder) {
  if (folder.has_plenty(planned_memory(scenario, options).peak())) return;
  std::uint64_t total = 0, largest = 0;
  const ResultProbe probe = probe_result(scenario, options);
  for (const auto& [name, bytes] : probe.files) {
    total += bytes;
    largest = std::max(largest, bytes);
  }
  folder.require_space(total, largest);
}

void check_space(const std::vector<StoredResult>& parts, const OutputFolder& folder) {
  std::uint64_t total = 0, largest = 0;
  for (const std::string name : {result_file, summary_file, price_file, concentration_file}) {
    std::uint64_t bytes = 0;
    for (const StoredResult& part : parts) {
      std::error_code error;
      const std::filesystem::path result = part.path;
      const std::uintmax_t size =
          std::filesystem::file_size(name == result_file ? result : result.parent_path() / name, error);
      if (!error) bytes = std::max<std::uint64_t>(bytes, size);
    }
    total += bytes;
    largest = std::max(largest, bytes);
  }
  folder.require_space(total, largest);
}

std::uint64_t free_space_at(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path place = std::filesystem::weakly_canonical(folder, error);
  for (;; place = place.parent_path()) {
    const Descriptor open = open_at(AT_FDCWD, place.empty() ? "." : place.string(), O_RDONLY | O_DIRECTORY);
    if (open) return free_space(open.number());
    if (!place.has_relative_path()) return 0;
  }
}

}  // namespace chokepoint
