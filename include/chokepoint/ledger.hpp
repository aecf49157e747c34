#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

/// Which paths have been counted. Plain C++17, as cuda/ keeps one too.
namespace chokepoint {

/// The paths first, first + 1, ... up to end() - 1.
struct PathRange {
  std::uint64_t first = 0, count = 0;

  std::uint64_t end() const { return first + count; }
  bool empty() const { return count == 0; }
};
inline bool operator==(const PathRange& a, const PathRange& b) {
  return a.first == b.first && a.count == b.count;
}

/// "path 7" or "paths 7 to 9".
std::string range_text(const PathRange& range);

/// A path would be counted twice: a defect of the program, or two results that hold the same paths.
class LedgerError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A set of paths as rising ranges that do not touch. Every path enters once, so sums that are kept with a ledger
/// (tallies of threads, devices and parts of a run) count each path once.
class Ledger {
 public:
  Ledger() = default;
  explicit Ledger(PathRange range) { add(range); }
  /// Of single paths, in any order.
  /// @throws LedgerError if a path occurs twice
  static Ledger of(std::vector<std::uint64_t> numbers);

  /// @throws LedgerError where a path of the range is in already; the ledger is then as before
  void add(PathRange range);
  /// Takes in all ranges of another ledger.
  /// @throws LedgerError where they have a path in common; the ledger is then as before
  void merge(const Ledger& other);

  const std::vector<PathRange>& ranges() const { return ranges_; }
  std::uint64_t paths() const { return paths_; }
  bool empty() const { return ranges_.empty(); }
  /// From the first path to the last; empty where there is none.
  PathRange span() const;
  /// All paths, rising.
  std::vector<std::uint64_t> numbers() const;

  /// The longest run of paths from the start of a range that are in the ledger; empty if the first is not.
  PathRange common(PathRange range) const;
  /// The paths of a range that are not in the ledger.
  std::vector<PathRange> missing(PathRange range) const;

 private:
  std::vector<PathRange>::const_iterator first_after(std::uint64_t path) const;

  std::vector<PathRange> ranges_;
  std::uint64_t paths_ = 0;
};
inline bool operator==(const Ledger& a, const Ledger& b) {
  return a.ranges() == b.ranges();
}
inline bool operator!=(const Ledger& a, const Ledger& b) {
  return !(a == b);
}

}  // namespace chokepoint
