#include "chokepoint/ledger.hpp"

#include <algorithm>

namespace chokepoint {

std::string range_text(const PathRange& range) {
  const std::string first = std::to_string(range.first);
  return range.count == 1 ? "path " + first : "paths " + first + " to " + std::to_string(range.end() - 1);
}

Ledger Ledger::of(std::vector<std::uint64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  Ledger ledger;
  for (const std::uint64_t number : numbers) ledger.add({number, 1});
  return ledger;
}

/// The first range that ends after a path.
std::vector<PathRange>::const_iterator Ledger::first_after(std::uint64_t path) const {
  return std::upper_bound(ranges_.begin(), ranges_.end(), path,
                          [](std::uint64_t number, const PathRange& range) { return number < range.end(); });
}

void Ledger::add(PathRange range) {
  if (range.empty()) return;
  if (const PathRange twice = common(range); !twice.empty())
    throw LedgerError(range_text(twice) + " would be counted twice");
  paths_ += range.count;
  auto next = ranges_.begin() + (first_after(range.first) - ranges_.begin());
  if (next != ranges_.end() && range.end() == next->first) {
    range.count += next->count;
    next = ranges_.erase(next);
  }
  if (next != ranges_.begin() && std::prev(next)->end() == range.first)
    std::prev(next)->count += range.count;
  else
    ranges_.insert(next, range);
}

void Ledger::merge(const Ledger& other) {
  for (const PathRange& range : other.ranges_)
    if (const PathRange twice = common(range); !twice.empty())
      throw LedgerError(range_text(twice) + " would be counted twice");
  for (const PathRange& range : other.ranges_) add(range);
}

PathRange Ledger::span() const {
  return empty() ? PathRange{} : PathRange{ranges_.front().first, ranges_.back().end() - ranges_.front().first};
}

std::vector<std::uint64_t> Ledger::numbers() const {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(static_cast<std::size_t>(paths_));
  for (const PathRange& range : ranges_)
    for (std::uint64_t path = range.first; path < range.end(); ++path) numbers.push_back(path);
  return numbers;
}

PathRange Ledger::common(PathRange range) const {
  const auto at = first_after(range.first);
  if (at == ranges_.end() || at->first >= range.end()) return {};
  const std::uint64_t first = std::max(at->first, range.first);
  return {first, std::min(at->end(), range.end()) - first};
}

std::vector<PathRange> Ledger::missing(PathRange range) const {
  std::vector<PathRange> out;
  std::uint64_t next = range.first;
  for (auto at = first_after(range.first); at != ranges_.end() && at->first < range.end(); ++at) {
    if (at->first > next) out.push_back({next, at->first - next});
    next = at->end();
  }
  if (next < range.end()) out.push_back({next, range.end() - next});
  return out;
}

}  // namespace chokepoint
