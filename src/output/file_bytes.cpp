#include "output/file_bytes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "output/errors.hpp"

namespace chokepoint {
namespace {

/// A file that is only read: nothing can be lost where closing it fails.
struct OpenFile {
  int number;
  ~OpenFile() { ::close(number); }
};

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
  const std::string text = fmt::format("cannot read '{}': {}", path.string(), std::strerror(reason));
  if (reason == EIO || reason == ENOMEM || reason == EMFILE || reason == ENFILE) throw ResourceError(text);
  throw UsageError(text);
}

}  // namespace

std::string file_bytes(const std::filesystem::path& path) {
  const OpenFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) fail(path, errno);
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(file.number, bytes.data() + done, bytes.size() - done);
    if (count == 0) break;  // cut short meanwhile
    if (count < 0 && errno != EINTR) fail(path, errno);
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace chokepoint
