#include "config/value_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/reader.hpp"
#include "config/spelling.hpp"

namespace chokepoint {

bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), plain);
}

namespace {

bool month_of(const std::string& text, config::YearMonth& month) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 7 || text[4] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6})
    if (!digit(i)) return false;
  month = {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5))};
  return month.month >= 1 && month.month <= 12 && month.year >= 1900 && month.year <= 2999;
}

/// Reads one value; a method for each kind of slot. Each stores only what passed its checks.
class ValueReader {
 public:
  ValueReader(const Field& field, const toml::node& node, const std::string& path, Diagnostics& diagnostics)
      : field_(field), rule_(field.rule), node_(node), path_(path), diagnostics_(diagnostics) {}

  void operator()(double* out) { number(node_, path_, *out); }
  void operator()(std::optional<double>* out) {
    double value = 0;
    if (number(node_, path_, value)) *out = value;
  }
  void operator()(int* out) {
    double value = 0;
    if (whole(node_, path_, value)) *out = static_cast<int>(value);
  }
  void operator()(std::uint64_t* out) { seed(node_, path_, *out); }
  void operator()(bool* out) {
    const auto* value = node_.as_boolean();
    if (value)
      *out = value->get();
    else
      expected("true or false", node_, path_);
  }
  void operator()(std::string* out) { text(node_, path_, *out); }
  void operator()(config::YearMonth* out) {
    const auto* value = node_.as_string();
    config::YearMonth month;
    if (value && month_of(value->get(), month))
      *out = month;
    else
      fault(node_, path_, "is no month (" + value_text(node_) + ")", "write it as \"2026-07\"");
  }
  void operator()(config::Interval* out) {
    double value[2];
    if (!numbers(node_, path_, value, 2)) return;
    if (value[0] > value[1])
      return fault(node_, path_, "starts above its end (" + value_text(node_) + ")", "write [least, largest]");
    *out = {value[0], value[1]};
  }
  void operator()(config::Names* out);
  void operator()(config::NumberByName* out);
  void operator()(config::SeedByName* out);
  void operator()(config::FactorMatrix* out);
  void operator()(std::optional<config::RegimeRow>* out);
  void operator()(const SubTable&) {}  // read by read_table
  void operator()(const TableList&) {}

 private:
  void fault(const toml::node& node, const std::string& path, const std::string& message,
             const std::string& help = "") {
    diagnostics_.fault_at(position_of(node.source(), diagnostics_.file()), path, message, help);
  }
  void expected(const std::string& what, const toml::node& node, const std::string& path,
                const std::string& help = "") {
    fault(node, path, "expected " + what + ", found " + type_words(node) + " (" + value_text(node) + ")", help);
  }
  /// What may stand there instead of `value`: bounds that nobody stated are named where it is beyond them.
  std::string allowed(double value = 0) const {
    if (std::abs(value) <= no_limit) return "allowed: " + range_text(rule_, field_.unit);
    return "allowed: " + std::string(rule_.above_min ? "above " : "") + number_text(rule_.min) + " to " +
           number_text(rule_.max) + (field_.unit.empty() || field_.unit == "1" ? "" : " " + field_.unit);
  }
  /// How to write a string that reads as a number: of --set, whatever is no TOML is a string.
  static std::string number_in_quotes(const toml::node& node) {
    const auto* word = node.as_string();
    if (!word || word->get().empty()) return "";
    const std::string& text = word->get();
    double value = 0;
    const char *begin = text.data() + text.starts_with('+'), *end = text.data() + text.size();
    const auto read = std::from_chars(begin, end, value);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value)) return "";
    const std::string number = number_text(value);
    return (number == text ? "write it without quotes, as " : "TOML writes it as ") + number + "; ";
  }
  bool finite(const toml::node& node, const std::string& path, double& value) {
    if (const auto* integer = node.as_integer())
      value = static_cast<double>(integer->get());
    else if (const auto* floating = node.as_floating_point())
      value = floating->get();
    else
      return expected("a number", node, path, number_in_quotes(node) + allowed()), false;
    if (std::isfinite(value)) return true;
    fault(node, path, "is not finite (" + value_text(node) + ")", allowed(value));
    return false;
  }
  bool number(const toml::node& node, const std::string& path, double& out) {
    double value = 0;
    if (!finite(node, path, value)) return false;
    if (in_range(rule_, value)) return out = value, true;
    fault(node, path, "is out of range (" + value_text(node) + ")", allowed(value));
    return false;
  }
  bool whole(const toml::node& node, const std::string& path, double& out) {
    double value = 0;
    if (!number(node, path, value)) return false;
    if (value == std::floor(value)) return out = value, true;
    expected("a whole number", node, path, allowed());
    return false;
  }
  void seed(const toml::node& node, const std::string& path, std::uint64_t& out) {
    const auto* integer = node.as_integer();
    const std::string help = "allowed: 0 to 9223372036854775807";
    if (!integer) return expected("a whole number", node, path, help);
    if (integer->get() < 0) return fault(node, path, "is out of range (" + value_text(node) + ")", help);
    out = static_cast<std::uint64_t>(integer->get());
  }
  /// Where the word of a list that stands there a second time stands first.
  std::string first_text(const toml::array& array, const std::string& word) const {
    for (std::size_t i = 0; i < array.size(); ++i)
      if (const auto* text = array.get(i)->as_string(); text && text->get() == word)
        return "first as " + path_ + "[" + std::to_string(i) + "]; leave one of them out";
    return "";
  }
  bool text(const toml::node& node, const std::string& path, std::string& out);
  bool numbers(const toml::node& node, const std::string& path, double* out, std::size_t count);
  const toml::table* map_of(std::size_t most);

  const Field& field_;
  const Rule& rule_;
  const toml::node& node_;
  const std::string& path_;
  Diagnostics& diagnostics_;
};

bool ValueReader::text(const toml::node& node, const std::string& path, std::string& out) {
  const auto* value = node.as_string();
  if (!value) return expected("a string", node, path), false;
  const std::string& word = value->get();
  if (!rule_.choices.empty() && std::find(rule_.choices.begin(), rule_.choices.end(), word) == rule_.choices.end()) {
    const std::string near = nearest(word, rule_.choices);
    fault(node, path, "is none of its words (" + value_text(node) + ")",
          "allowed: " + list_text(rule_.choices) + (near.empty() ? "" : "; did you mean '" + near + "'?"));
    return false;
  }
  if (rule_.is_name && !is_plain_name(word)) {
    fault(node, path, "is no name (" + value_text(node) + ")",
          "allowed: the letters a to z and A to Z, digits, '_' and '-'");
    return false;
  }
  if (rule_.required && word.empty())
    return fault(node, path, "is empty", "give it, or see `chokepoint schema --markdown` for what it means"), false;
  out = word;
  return true;
}

bool ValueReader::numbers(const toml::node& node, const std::string& path, double* out, std::size_t count) {
  const toml::array* array = node.as_array();
  if (!array) return expected("an array of " + std::to_string(count) + " numbers", node, path, allowed()), false;
  if (array->size() != count) {
    fault(node, path, "holds " + std::to_string(array->size()) + " values",
          "allowed: " + std::to_string(count) + " numbers");
    return false;
  }
  bool good = true;
  for (std::size_t i = 0; i < count; ++i)
    good = number(*array->get(i), path + "[" + std::to_string(i) + "]", out[i]) && good;
  return good;
}

const toml::table* ValueReader::map_of(std::size_t most) {
  const toml::table* map = node_.as_table();
  if (!map) return expected("a table", node_, path_), nullptr;
  if (map->size() <= most) return map;
  fault(node_, path_, "holds " + std::to_string(map->size()) + " entries", "allowed: at most " + std::to_string(most));
  return nullptr;
}

void ValueReader::operator()(config::Names* out) {
  const toml::array* array = node_.as_array();
  if (!array) return expected("an array of strings", node_, path_);
  if (array->size() > rule_.most)
    return fault(node_, path_, "holds " + std::to_string(array->size()) + " values",
                 "allowed: at most " + std::to_string(rule_.most));
  for (std::size_t i = 0; i < array->size(); ++i) {
    const toml::node& node = *array->get(i);
    const std::string path = path_ + "[" + std::to_string(i) + "]";
    diagnostics_.place(path, position_of(node.source(), diagnostics_.file()));
    std::string word;
    if (!text(node, path, word)) continue;
    if (std::find(out->begin(), out->end(), word) != out->end())
      fault(node, path, "is given twice (" + value_text(node) + ")", first_text(*array, word));
    else
      out->push_back(word);
  }
}

void ValueReader::operator()(config::NumberByName* out) {
  const toml::table* map = map_of(rule_.most);
  if (!map) return;
  for (const auto& [key, node] : *map) {
    const std::string name(key.str()), path = join(path_, name);
    diagnostics_.place(path, position_of(key.source(), diagnostics_.file()));
    const auto* word = node.as_string();
    double value = 0;
    if (word && !rule_.infinite_word.empty()) {
      if (word->get() == rule_.infinite_word)
        (*out)[name] = config::infinity;
      else
        expected("a number or \"" + rule_.infinite_word + "\"", node, path, allowed());
    } else if (number(node, path, value)) {
      (*out)[name] = value;
    }
  }
}

void ValueReader::operator()(config::SeedByName* out) {
  const toml::table* map = map_of(1000);
  if (!map) return;
  for (const auto& [key, node] : *map) {
    const std::string name(key.str()), path = join(path_, name);
    if (std::find(rule_.choices.begin(), rule_.choices.end(), name) == rule_.choices.end())
      diagnostics_.fault_at(position_of(key.source(), diagnostics_.file()), path, "unknown key",
                            suggestion(name, rule_.choices));
    else
      seed(node, path, (*out)[name]);
  }
}

void ValueReader::operator()(config::FactorMatrix* out) {
  const toml::array* rows = node_.as_array();
  if (!rows) return expected("an array of 4 rows", node_, path_);
  if (rows->size() != out->size())
    return fault(node_, path_, "holds " + std::to_string(rows->size()) + " rows", "allowed: 4 rows of 4 numbers");
  config::FactorMatrix matrix;
  bool good = true;
  for (std::size_t i = 0; i < matrix.size(); ++i)
    good = numbers(*rows->get(i), path_ + "[" + std::to_string(i) + "]", matrix[i].data(), matrix[i].size()) && good;
  if (good) *out = matrix;
}

void ValueReader::operator()(std::optional<config::RegimeRow>* out) {
  constexpr double tolerance = 1e-9;
  config::RegimeRow row;
  if (!numbers(node_, path_, row.data(), row.size())) return;
  const double sum = row[0] + row[1] + row[2] + row[3];
  if (std::abs(sum - 1) > tolerance)
    return fault(node_, path_, "sums to " + number_text(std::round(sum / tolerance) * tolerance),
                 "allowed: four probabilities that sum to 1");
  *out = row;
}

}  // namespace

void read_value(const Field& field, const toml::node& node, const Slot& slot, const std::string& path,
                Diagnostics& diagnostics) {
  ValueReader reader(field, node, path, diagnostics);
  std::visit(reader, slot);
}

}  // namespace chokepoint
