#include "config/resolved_text.hpp"

#include <cstdio>

namespace chokepoint {

namespace {

const Table no_table = {};  ///< of maps, whose keys are the file's own

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += escape;
    else
      out += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
  }
  return out + "\"";
}

/// The table that describes what lies in a value; that of maps where the key tables say no more.
const Table& inner_table(const Slot& slot) {
  if (const auto* sub = std::get_if<SubTable>(&slot)) return *sub->table;
  if (const auto* list = std::get_if<TableList>(&slot)) return *list->table;
  return no_table;
}

/// Calls `visit(key, value, table of what lies in it)` for the keys of a table in their order.
template <class Visit>
void for_each_key(const toml::table& source, const Table& table, Visit visit) {
  const std::shared_ptr<void> object = table.make_default ? table.make_default() : nullptr;
  for (const Field& field : table.fields)
    if (const toml::node* node = source.get(field.name))
      visit(field.name, *node, inner_table(field.locate(object.get())));
  if (table.fields.empty())
    for (const auto& [key, node] : source) visit(std::string(key.str()), node, no_table);
}

std::string inline_text(const toml::node& node, const Table& table) {
  if (const auto* text = node.as_string()) return quoted(text->get());
  if (const auto* number = node.as_floating_point()) return number_text(number->get());
  if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  std::string text;
  const auto add = [&](const std::string& item) { text += (text.empty() ? "" : ", ") + item; };
  if (const auto* array = node.as_array()) {
    for (const toml::node& element : *array) add(inline_text(element, table));
    return "[" + text + "]";
  }
  for_each_key(*node.as_table(), table, [&](const std::string& key, const toml::node& value, const Table& inner) {
    add(key + " = " + inline_text(value, inner));
  });
  return "{ " + text + " }";
}

std::string section(const std::string& heading, const toml::table& content, const Table& table) {
  std::string text = heading + "\n";
  for_each_key(content, table, [&](const std::string& key, const toml::node& value, const Table& inner) {
    text += key + " = " + inline_text(value, inner) + "\n";
  });
  return text + "\n";
}

}  // namespace

std::string resolved_text(const toml::table& root, const Table& table) {
  std::string text;
  for_each_key(root, table, [&](const std::string& key, const toml::node& value, const Table& inner) {
    if (const auto* content = value.as_table()) text += section("[" + key + "]", *content, inner);
    if (const auto* list = value.as_array())
      for (const toml::node& element : *list) text += section("[[" + key + "]]", *element.as_table(), inner);
  });
  return text;
}

}  // namespace chokepoint
