#include "output/content_checksum.hpp"

#include "output/errors.hpp"
#include "output/result_netcdf.hpp"

namespace chokepoint {

ContentCheck check_content(const std::filesystem::path& file) {
  try {
    read_result_netcdf(file.string());
    return {};
  } catch (const UsageError& error) {
    return {error.what(), {}};
  }
}

}  // namespace chokepoint
