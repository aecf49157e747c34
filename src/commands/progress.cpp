#include "commands/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "output/words.hpp"

namespace chokepoint {

std::string progress_line(std::uint64_t done, std::uint64_t paths, double seconds) {
  constexpr int width = 20;
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
  const std::string line = progress_line(paths_done, paths_, seconds);
  const std::size_t width = line.size();
  fmt::print(stderr, "\r{:{}}", line, width_);  // blanks over what is left of a longer line
  std::fflush(stderr);
  width_ = width;
}

void Progress::clear() {
  if (!on_terminal_ || width_ == 0) return;
  fmt::print(stderr, "\r{:{}}\r", "", width_);
  std::fflush(stderr);
  width_ = 0;
}

}  // namespace chokepoint
