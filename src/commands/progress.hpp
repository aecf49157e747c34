#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace chokepoint {

/// One line of progress on stderr that rewrites itself; nothing at all where stderr is no terminal.
class Progress {
 public:
  /// @param wanted false to stay silent (--quiet)
  Progress(std::uint64_t paths, bool wanted);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t paths_done);
  /// Erases the line.
  void clear();

 private:
  std::uint64_t paths_;
  bool on_terminal_;
  std::size_t width_ = 0;  ///< of the line that stands there
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// "[######----------]  40 %  4,000 of 10,000 paths  12,000 paths/s  0.50 s left".
std::string progress_line(std::uint64_t done, std::uint64_t paths, double seconds);

}  // namespace chokepoint
