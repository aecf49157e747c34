#include "machine/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

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
  explicit OpenFile(const std::filesystem::path& path)
      : number_(answer_of([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); })) {}
  ~OpenFile() { ::close(number_); }  // which may fail: all that matters has been read
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::size_t read(char* to, std::size_t most) const {
    return static_cast<std::size_t>(answer_of([&] { return ::read(number_, to, most); }));
  }

 private:
  int number_;
};

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  constexpr std::size_t step = std::size_t{1} << 18;
  const OpenFile file(path);
  std::string bytes;
  for (std::size_t got = 1; got > 0 && bytes.size() < most;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + std::min(step, most - size));
    got = file.read(bytes.data() + size, bytes.size() - size);
    bytes.resize(size + got);
  }
  return bytes;
}

}  // namespace chokepoint
