#include "output/in_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <new>
#include <utility>

#include "machine/stop.hpp"
#include "output/descriptor.hpp"
#include "output/errors.hpp"

namespace chokepoint {
namespace {

constexpr int out_of_memory = 3, failed = 4, unheard = 5;

/// A death is silent: no core, no handler, no last words of the C library.
void be_quiet() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) std::signal(number, SIG_DFL);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
}

struct Unheard {};

/// Each part goes with its size before it.
void send_part(int out, std::string_view part) {
  const std::uint64_t size = part.size();
  const std::string_view size_bytes(reinterpret_cast<const char*>(&size), sizeof size);
  if (write_all(out, size_bytes) != 0 || write_all(out, part) != 0) throw Unheard();
}

[[noreturn]] void be_child(const std::function<void(const Send&)>& work, int out) {
  be_quiet();
  try {
    work([out](std::string_view part) { send_part(out, part); });
  } catch (const Unheard&) {
    ::_exit(unheard);
  } catch (const std::bad_alloc&) {
    ::_exit(out_of_memory);
  } catch (...) {
    ::_exit(failed);
  }
  ::_exit(0);
}

/// @returns the number of bytes read before the end (errno is 0) or a failure
std::size_t read_bytes(int in, char* to, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::read(in, to + got, size - got);
    if (count == 0) errno = 0;
    if (count < 0 && errno == EINTR) {
      stop_if_asked();
      continue;
    }
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  return got;
}

/// @param is_whole becomes false where reading fails, or ends within a part
std::vector<std::string> read_parts(int in, bool& is_whole) {
  std::vector<std::string> parts;
  for (;;) {
    std::uint64_t size = 0;
    const std::size_t got = read_bytes(in, reinterpret_cast<char*>(&size), sizeof size);
    is_whole = got == sizeof size || (got == 0 && errno == 0);
    if (got != sizeof size) return parts;
    std::string& part = parts.emplace_back(size, '\0');
    is_whole = read_bytes(in, part.data(), size) == size;
    if (!is_whole) return parts;
  }
}

std::vector<std::string> parts_of(const std::function<void(const Send&)>& work) {
  std::vector<std::string> parts;
  work([&parts](std::string_view part) { parts.emplace_back(part); });
  return parts;
}

/// How a child ended, and what it was heard to say.
struct Ending {
  int status = 0;
  bool is_whole = false;
  std::vector<std::string> parts;

  bool has_ended_with(int code) const { return WIFEXITED(status) && WEXITSTATUS(status) == code; }
};

int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// Takes the child away in any case: where memory runs out or a signal stops the command while it is heard, too.
Ending hear(pid_t child, Descriptor in) {
  Ending ending;
  try {
    ending.parts = read_parts(in.number(), ending.is_whole);
  } catch (...) {
    ::kill(child, SIGKILL);
    status_of(child);
    throw;
  }
  in.close();
  ending.status = status_of(child);
  return ending;
}

/// The system kills by SIGKILL where memory runs out, and so do limits of batch jobs.
void check_not_killed(const Ending& ending) {
  if (!WIFSIGNALED(ending.status)) return;
  const int number = WTERMSIG(ending.status);
  if (number == SIGKILL || number == SIGXCPU)
    throw ResourceError(
        fmt::format("a child process that handles a netCDF file was killed by {}; was there too little "
                    "memory for this job?",
                    signal_name(number)));
}

}  // namespace

std::optional<std::vector<std::string>> in_child(const std::function<void(const Send&)>& work) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return parts_of(work);
  Descriptor in(ends[0]), out(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    in.close();  // or it would wait for ever where the parent has stopped to read
    be_child(work, out.number());
  }
  out.close();
  if (child < 0) return parts_of(work);  // no room for another process
  Ending ending = hear(child, std::move(in));
  check_not_killed(ending);
  if (ending.has_ended_with(out_of_memory)) throw std::bad_alloc();
  if (ending.has_ended_with(unheard) || (ending.has_ended_with(0) && !ending.is_whole)) return parts_of(work);
  if (!ending.has_ended_with(0)) return {};
  return std::move(ending.parts);
}

}  // namespace chokepoint
