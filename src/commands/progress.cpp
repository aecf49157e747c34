#include "commands/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "output/words.hpp"

namespace chokepoint {
namespace {

/// Longest line that a carriage return takes back: a longer one would wrap.
std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79U;
}

}  // namespace

std::string progress_line(std::uint64_t done, std::uint64_t paths, double seconds) {
  constexpr int width = 16;
  const double share = paths == 0 ? 1 : static_cast<double>(done) / static_cast<double>(paths);
  const int filled = std::clamp(static_cast<int>(share * width), 0, width);
  std::string line = fmt::format("[{:#<{}}{:-<{}}] {:3.0f} %  {} of {} paths", "", filled, "", width - filled,
                                 share * 100, count_text(done), count_text(paths));
  if (done == 0 || seconds <= 0) return line;
  const double rate = static_cast<double>(done) / seconds;
  return line + fmt::format("  {} paths/s  {} left", count_text(static_cast<std::uint64_t>(rate)),
                            duration_text(static_cast<double>(paths - std::min(done, paths)) / rate));
}

Progress::Progress(std::uint64_t paths, bool wanted) : paths_(paths), on_terminal_(wanted && ::isatty(STDERR_FILENO)) {}

void Progress::show(std::uint64_t paths_done) {
  if (!on_terminal_) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const std::string line = progress_line(paths_done, paths_, seconds).substr(0, terminal_width());
  fmt::print(stderr, "\r{:{}}", line, width_);  // blanks over what is left of a longer line
  std::fflush(stderr);
  width_ = line.size();
}

void Progress::clear() {
  if (!on_terminal_ || width_ == 0) return;
  fmt::print(stderr, "\r{:{}}\r", "", width_);
  std::fflush(stderr);
  width_ = 0;
}

}  // namespace chokepoint
