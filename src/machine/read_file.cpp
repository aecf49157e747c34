#include "machine/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

#include "machine/memory_limit.hpp"
#include "machine/stop.hpp"

namespace chokepoint {
namespace {

/// The answer of a call that is made again where a signal cut it short that does not stop the program.
template <class Call>
auto answer_of(const Call& call) {
  for (;;) {
    const auto answer = call();
    if (answer >= 0) return answer;
    if (errno != EINTR) throw std::system_error(errno, std::generic_category());
    stop_if_asked();
  }
}

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path, int flags = 0)
      : number_(answer_of([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags); })) {}
  ~OpenFile() { ::close(number_); }  // which may fail: all that matters has been read
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  /// @throws std::system_error where it is no plain file
  std::size_t size() const {
    struct stat status {};
    answer_of([&] { return ::fstat(number_, &status); });
    if (!S_ISREG(status.st_mode))
      throw std::system_error(S_ISDIR(status.st_mode) ? EISDIR : EINVAL, std::generic_category());
    return static_cast<std::size_t>(status.st_size);
  }

  std::string read_all(std::size_t most) const {
    constexpr std::size_t step = std::size_t{1} << 18;
    std::string bytes;
    for (std::size_t got = 1; got > 0 && bytes.size() < most;) {
      const std::size_t size = bytes.size();
      bytes.resize(size + std::min(step, most - size));
      got = read(bytes.data() + size, bytes.size() - size);
      bytes.resize(size + got);
    }
    return bytes;
  }

 private:
  std::size_t read(char* to, std::size_t most) const {
    return static_cast<std::size_t>(answer_of([&] { return ::read(number_, to, most); }));
  }

  int number_;
};

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  return OpenFile(path).read_all(most);
}

std::string read_plain_file(const std::filesystem::path& path) {
  const OpenFile file(path, O_NONBLOCK);  // does not wait for the other end of a pipe
  if (file.size() > memory_limit().bytes) throw std::bad_alloc();
  return file.read_all(file.size() + 1);  // and one more, so that its end is seen
}

}  // namespace chokepoint
