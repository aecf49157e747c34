#include "report/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "output/errors.hpp"
#include "scenario/spelling.hpp"

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

std::string gnuplot_label(const std::string& text) {
  constexpr std::size_t longest = 80;
  std::string line = text;
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return gnuplot_text(shown(line, longest));
}

bool run_gnuplot(const std::string& script_file, const std::string& log_file) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  std::string program = "gnuplot", defaults = "-d", script = script_file;  // -d: without the user's ~/.gnuplot
  char* arguments[] = {program.data(), defaults.data(), script.data(), nullptr};
  pid_t child = 0;
  const int failure = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure == ENOENT) return false;
  if (failure != 0) throw output_error("run", program, failure);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  std::ifstream log(log_file);
  std::string words((std::istreambuf_iterator<char>(log)), {});
  std::replace(words.begin(), words.end(), '\n', ' ');
  throw ResourceError(fmt::format("gnuplot could not draw the figures: {}", shown(words, 600)));
}

}  // namespace chokepoint
