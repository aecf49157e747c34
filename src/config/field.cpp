#include "config/field.hpp"

#include <charconv>

namespace chokepoint {

const Field* Table::find(std::string_view key) const {
  for (const Field& field : fields)
    if (field.name == key) return &field;
  return nullptr;
}

namespace {

std::string slot_text(const Slot& slot) {
  if (const auto* text = std::get_if<std::string*>(&slot)) return **text;
  if (const auto* date = std::get_if<config::YearMonth*>(&slot)) return (*date)->year ? format(**date) : "";
  return "";
}

}  // namespace

std::string identity(const Table& table, void* element) {
  std::string name;
  for (const std::string& key : table.identity) {
    const std::string part = slot_text(table.find(key)->locate(element));
    if (part.empty()) return "";
    name += (name.empty() ? "" : ".") + part;
  }
  return name;
}

std::string number_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string range_text(const Rule& rule, const std::string& unit) {
  const bool low = rule.min > -no_limit, high = rule.max < no_limit;
  std::string text = "any number";
  if (low && high) text = (rule.above_min ? "above " : "") + number_text(rule.min) + " to " + number_text(rule.max);
  if (low && !high) text = number_text(rule.min) + " or more";
  if (low && !high && rule.above_min) text = "above " + number_text(rule.min);
  if (!low && high) text = "at most " + number_text(rule.max);
  return unit.empty() || unit == "1" ? text : text + " " + unit;
}

bool in_range(const Rule& rule, double value) {
  return value <= rule.max && (rule.above_min ? value > rule.min : value >= rule.min);
}

std::string list_text(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += "'" + words[i] + "'";
  }
  return text;
}

}  // namespace chokepoint
