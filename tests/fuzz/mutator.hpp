#pragma once

#include <random>
#include <string>
#include <vector>

namespace chokepoint::fuzz {

/// Changes inputs of a corpus: line by line where they are text (keys swapped, values hostile, tables repeated), byte
/// by byte otherwise. The same seed gives the same inputs.
class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, std::uint64_t seed, bool is_text);
  std::string next();

 private:
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
  const std::string& any(const std::vector<std::string>& words) { return words[below(words.size())]; }
  std::string change_lines(const std::string& input);
  std::string change_bytes(std::string input);
  std::string hostile_line(const std::string& line);

  std::vector<std::string> corpus_, lines_, keys_;
  bool is_text_;
  std::mt19937_64 random_;
};

}  // namespace chokepoint::fuzz
