#include "report/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "config/spelling.hpp"
#include "machine/stop.hpp"
#include "output/errors.hpp"

extern char** environ;

namespace chokepoint {

std::string gnuplot_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain =
        byte >= 0x80 || std::isalnum(byte) != 0 || std::string_view(" ,.:;/()+-=%").find(c) != std::string_view::npos;
    out += is_plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return out + "\"";
}

std::string gnuplot_label(const std::string& text, std::size_t longest) {
  std::string line = text;
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return gnuplot_text(shown(line, longest));
}

namespace {

/// Where its words go, and the signals that this program ignores as usual again.
class SpawnOptions {
 public:
  explicit SpawnOptions(const std::string& log_file) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    posix_spawnattr_init(&attributes_);
    sigset_t ignored;
    sigemptyset(&ignored);
    for (const int signal : {SIGPIPE, SIGXFSZ}) sigaddset(&ignored, signal);
    posix_spawnattr_setsigdefault(&attributes_, &ignored);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnOptions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnOptions(const SpawnOptions&) = delete;
  SpawnOptions& operator=(const SpawnOptions&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// A program that runs; one that still does is ended.
class Child {
 public:
  explicit Child(pid_t process) : process_(process) {}
  ~Child() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// @return as waitpid says it @throws Stopped
  int wait() {
    using namespace std::chrono_literals;
    for (int status = 0;; std::this_thread::sleep_for(10ms)) {
      const pid_t ended = ::waitpid(process_, &status, WNOHANG);
      if (ended < 0 && errno != EINTR) throw output_error("wait for", "gnuplot", errno);
      if (ended > 0) return process_ = 0, status;
      stop_if_asked();
    }
  }

 private:
  pid_t process_;
};

}  // namespace

bool run_gnuplot(const std::string& script_file, const std::string& log_file) {
  const SpawnOptions options(log_file);
  std::string program = "gnuplot", defaults = "-d", script = script_file;  // -d: without the user's ~/.gnuplot
  char* arguments[] = {program.data(), defaults.data(), script.data(), nullptr};
  pid_t process = 0;
  const int failure =
      ::posix_spawnp(&process, program.c_str(), options.actions(), options.attributes(), arguments, environ);
  if (failure == ENOENT) return false;
  if (failure != 0) throw output_error("run", program, failure);
  const int status = Child(process).wait();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  stop_if_asked();  // a signal to the whole group ends gnuplot too
  std::ifstream log(log_file);
  std::string words((std::istreambuf_iterator<char>(log)), {});
  std::replace(words.begin(), words.end(), '\n', ' ');
  throw ResourceError(fmt::format("gnuplot could not draw the figures: {}", shown(words, 600)));
}

}  // namespace chokepoint
