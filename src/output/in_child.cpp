#include "output/in_child.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <new>

#include "output/descriptor.hpp"

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

[[noreturn]] void be_child(const std::function<std::string()>& work, int out) {
  be_quiet();
  try {
    const std::string text = work();
    if (write_all(out, text) != 0) ::_exit(unheard);
  } catch (const std::bad_alloc&) {
    ::_exit(out_of_memory);
  } catch (...) {
    ::_exit(failed);
  }
  ::_exit(0);
}

std::string read_all(int in) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(in, buffer, sizeof buffer);
    if (count == 0 || (count < 0 && errno != EINTR)) return text;
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace

std::optional<std::string> in_child(const std::function<std::string()>& work) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return work();
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);  // or it would wait for ever where the parent has stopped to read
    be_child(work, ends[1]);
  }
  ::close(ends[1]);
  if (child < 0) {  // no room for another process
    ::close(ends[0]);
    return work();
  }
  std::string text = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == out_of_memory) throw std::bad_alloc();
  if (WIFEXITED(status) && WEXITSTATUS(status) == unheard) return work();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return {};
  return text;
}

}  // namespace chokepoint
