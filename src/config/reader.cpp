#include "config/reader.hpp"

#include <map>
#include <set>

#include "config/inherit.hpp"
#include "config/spelling.hpp"
#include "config/value_reader.hpp"

namespace chokepoint {

Position position_of(const toml::source_region& region, const std::string& file) {
  const std::string name = region.path ? *region.path : file;
  if (name.starts_with("--set ")) return {name, 0, 0};
  return {name, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column),
          static_cast<int>(region.end.line)};
}

std::string join(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::string element_label(const toml::table& element, const Table& table) {
  std::string label;
  for (const std::string& key : table.identity) {
    const auto* part = element.get_as<std::string>(key);
    if (!part || part->get().empty()) return "";
    label += (label.empty() ? "" : ".") + part->get();
  }
  return label;
}

namespace {

std::vector<std::string> key_names(const Table& table) {
  std::vector<std::string> names;
  for (const Field& field : table.fields) names.push_back(field.name);
  return names;
}

/// Refuses keys that the table does not know. Returns the known keys that they were most likely meant for.
std::set<std::string> refuse_unknown_keys(const toml::table& source, const Table& table, const std::string& path,
                                          Diagnostics& diagnostics) {
  std::set<std::string> meant;
  for (const auto& [key, value] : source) {
    const std::string name(key.str());
    if (table.find(name)) continue;
    const bool is_misplaced = name == extends_key && !path.empty();
    diagnostics.fault_at(position_of(key.source(), diagnostics.file()), join(path, name), "unknown key",
                         is_misplaced ? "write it above the first [table]" : suggestion(name, key_names(table)));
    meant.insert(nearest(name, key_names(table)));
  }
  return meant;
}

void read_sub_table(const toml::node& node, const SubTable& slot, const std::string& path, Diagnostics& diagnostics) {
  if (const toml::table* source = node.as_table())
    return read_table(*source, *slot.table, slot.object, path, diagnostics);
  diagnostics.fault(path, "expected a table, found " + value_text(node),
                    node.is_array() ? "write [" + path + "] with single brackets" : "");
}

std::string place_text(const Position& place, const std::string& seen_from) {
  return "line " + std::to_string(place.line) + (place.file == seen_from ? "" : " of " + place.file);
}

/// Reads one element of an array and refuses a name that is taken.
void read_element(const toml::node& node, std::size_t index, const TableList& list, const std::string& path,
                  std::map<std::string, Position>& taken, Diagnostics& diagnostics) {
  const toml::table* source = node.as_table();
  const std::string label = source ? element_label(*source, *list.table) : "";
  const std::string element_path = label.empty() ? path + "[" + std::to_string(index) + "]" : path + "." + label;
  const Position position = position_of(node.source(), diagnostics.file());
  if (!source) return diagnostics.fault_at(position, element_path, "expected a table, found " + value_text(node));
  if (!label.empty()) {
    const std::string& key = list.table->identity.back();
    const Position named = position_of(source->get(key)->source(), diagnostics.file());
    const auto [first, is_new] = taken.emplace(label, named);
    if (!is_new)
      diagnostics.fault_at(named, element_path, "is given twice", "first in " + place_text(first->second, named.file));
  }
  diagnostics.place(element_path, position);
  read_table(*source, *list.table, list.append(), element_path, diagnostics);
}

void read_list(const Field& field, const toml::node& node, const TableList& list, const std::string& path,
               Diagnostics& diagnostics) {
  const toml::array* elements = node.as_array();
  if (!elements)
    return diagnostics.fault(path, "expected an array of tables, found " + value_text(node),
                             "write [[" + path + "]] with double brackets");
  std::map<std::string, Position> taken;
  for (std::size_t i = 0; i < elements->size() && i < field.rule.most; ++i)
    read_element(*elements->get(i), i, list, path, taken, diagnostics);
  if (elements->size() > field.rule.most)
    diagnostics.fault_at(position_of(elements->get(field.rule.most)->source(), diagnostics.file()), path,
                         "holds " + std::to_string(elements->size()) + " tables",
                         "allowed: at most " + std::to_string(field.rule.most));
  if (field.rule.required && elements->empty()) diagnostics.fault(path, "is empty", "at least one is needed");
}

void read_field(const Field& field, const toml::node& node, void* object, const std::string& path,
                Diagnostics& diagnostics) {
  diagnostics.place(path, position_of(node.source(), diagnostics.file()));
  const Slot slot = field.locate(object);
  if (const auto* sub = std::get_if<SubTable>(&slot)) return read_sub_table(node, *sub, path, diagnostics);
  if (const auto* list = std::get_if<TableList>(&slot)) return read_list(field, node, *list, path, diagnostics);
  read_value(field, node, slot, path, diagnostics);
}

/// Tables that were left out may themselves hold keys that have to be given.
void require_field(const Field& field, void* object, const std::string& path, Diagnostics& diagnostics) {
  if (!field.rule.required) {
    const Slot slot = field.locate(object);
    if (const auto* sub = std::get_if<SubTable>(&slot)) read_table({}, *sub->table, sub->object, path, diagnostics);
    return;
  }
  std::string help = field.help;
  if (!field.rule.choices.empty()) help = "allowed: " + list_text(field.rule.choices);
  diagnostics.fault(path, "is missing", "it has to be given: " + help);
}

}  // namespace

void read_table(const toml::table& source, const Table& table, void* object, const std::string& path,
                Diagnostics& diagnostics) {
  const std::set<std::string> misspelt = refuse_unknown_keys(source, table, path, diagnostics);
  for (const Field& field : table.fields) {
    const toml::node* node = source.get(field.name);
    if (node)
      read_field(field, *node, object, join(path, field.name), diagnostics);
    else if (!misspelt.contains(field.name))
      require_field(field, object, join(path, field.name), diagnostics);
  }
}

}  // namespace chokepoint
