#include "mutator.hpp"

#include <algorithm>

#include "properties.hpp"

namespace chokepoint::fuzz {
namespace {

const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values = {"0",
                                                  "-1",
                                                  "1e308",
                                                  "-1e308",
                                                  "1e-320",
                                                  "nan",
                                                  "-inf",
                                                  "inf",
                                                  "-0.0",
                                                  "9223372036854775807",
                                                  "-9223372036854775808",
                                                  "1e19",
                                                  "0.1",
                                                  "1",
                                                  "2",
                                                  "240",
                                                  "true",
                                                  "\"\"",
                                                  "''",
                                                  "\"\\u0000\"",
                                                  "\"\\u202e\\U0010FFFF\"",
                                                  "[]",
                                                  "[[]]",
                                                  "{}",
                                                  "{ a = { b = {} } }",
                                                  "[1, 2]",
                                                  "[0.5, 0.5, 0, 0]",
                                                  "[nan, 1]",
                                                  "\"us\"",
                                                  "\"barred\"",
                                                  "\"2026-13\"",
                                                  "\"2026-07\"",
                                                  "1979-05-27T07:32:00Z",
                                                  "0xff",
                                                  "1_000",
                                                  "\"" + std::string(5000, 'x') + "\"",
                                                  "\"a.b\"",
                                                  "[{}]",
                                                  "\"\"\"\n\"\"\"",
                                                  "=",
                                                  "[",
                                                  "\"",
                                                  "--json",
                                                  "--force",
                                                  "--out",
                                                  "--set",
                                                  "part",
                                                  "small.toml",
                                                  "market.toml",
                                                  "-h"};
  return values;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

Mutator::Mutator(std::vector<std::string> corpus, std::uint64_t seed, bool is_text)
    : corpus_(std::move(corpus)), is_text_(is_text), random_(seed) {
  for (const std::string& input : corpus_)
    for (const std::string& line : lines_of(input)) {
      lines_.push_back(line);
      const std::size_t equals = line.find('=');
      if (equals != std::string::npos) keys_.push_back(line.substr(0, equals));
    }
  if (lines_.empty()) lines_.push_back("");
  if (keys_.empty()) keys_.push_back("key");
}

std::string Mutator::next() {
  const std::string &one = any(corpus_), &other = any(corpus_);
  std::string input = one.size() > other.size() ? one : other;  // the longer says more
  if (!is_text_) return change_bytes(std::move(input));
  for (std::size_t rounds = 1 + below(3) / 2; rounds > 0; --rounds) input = change_lines(input);
  return below(8) == 0 ? change_bytes(std::move(input)) : input;
}

/// A line with its value, its key or part of it replaced.
std::string Mutator::hostile_line(const std::string& line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string::npos) return below(2) ? any(hostile_values()) : any(lines_);
  const std::string key = line.substr(0, equals + 1), &other = any(lines_);
  switch (below(6)) {
    case 0:
      return any(keys_) + line.substr(equals);
    case 1:
      return key + line.substr(equals + 1 + below(line.size() - equals));
    case 2:
    case 3:
      return key + other.substr(std::min(other.find('=') + 1, other.size()));  // what some other key has
    default:
      return key + any(hostile_values());
  }
}

std::string Mutator::change_lines(const std::string& input) {
  std::vector<std::string> lines = lines_of(input);
  if (lines.empty()) lines.emplace_back();
  const std::size_t at = below(lines.size());
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(9)) {
    case 0:
      lines.erase(place);
      break;
    case 1:
      lines.insert(place, any(lines_));
      break;
    case 2:
      lines.insert(place, lines.begin(), place);  // everything so far, twice
      break;
    case 3:
      std::swap(lines[at], lines[below(lines.size())]);
      break;
    case 4:
      lines.resize(at + 1);
      break;
    case 5:
      lines.insert(lines.begin(), "--set " + any(keys_) + "=" + any(hostile_values()));
      break;
    default:
      lines[at] = hostile_line(lines[at]);
  }
  return joined(lines);
}

std::string Mutator::change_bytes(std::string input) {
  for (std::size_t rounds = 1 + below(4); rounds > 0; --rounds) {
    const std::size_t at = below(input.size() + 1);
    const char byte = static_cast<char>(below(2) ? random_() : (below(2) ? 0xff : 0));
    switch (below(5)) {
      case 0:
        input.insert(at, 1, byte);
        break;
      case 1:
        input.erase(at, 1 + below(8));
        break;
      case 2:
        input.insert(at, input.substr(below(input.size() + 1), below(64)));
        break;
      default:
        if (at < input.size()) input[at] = byte;
    }
  }
  return input;
}

}  // namespace chokepoint::fuzz
