#include "output/file_bytes.hpp"

#include <fmt/format.h>

#include <system_error>

#include "machine/read_file.hpp"
#include "output/errors.hpp"

namespace chokepoint {

std::string file_bytes(const std::filesystem::path& path) {
  try {
    return read_file(path);
  } catch (const std::system_error& error) {
    const int reason = error.code().value();
    const std::string text = fmt::format("cannot read '{}': {}", path.string(), error.code().message());
    if (is_of_the_machine(reason)) throw ResourceError(text);
    throw UsageError(text);
  }
}

}  // namespace chokepoint
