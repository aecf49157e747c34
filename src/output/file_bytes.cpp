#include "output/file_bytes.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "machine/read_file.hpp"
#include "output/errors.hpp"

namespace chokepoint {

std::string file_bytes(const std::filesystem::path& path) {
  try {
    return read_plain_file(path);
  } catch (const std::system_error& error) {
    const int reason = error.code().value();
    if (reason == EINVAL) throw UsageError(fmt::format("'{}' is no plain file", path.string()));
    const std::string text = fmt::format("cannot read '{}': {}", path.string(), reason_text(reason));
    if (is_of_the_machine(reason)) throw ResourceError(text);
    throw UsageError(text);
  }
}

}  // namespace chokepoint
