#include "config/merge.hpp"

#include <set>

#include "config/inherit.hpp"
#include "config/reader.hpp"
#include "config/spelling.hpp"
#include "config/value_text.hpp"

namespace chokepoint {

namespace {

void replace(toml::table& base, const toml::key& key, toml::node& value) {
  base.erase(key.str());  // the key, too, shall stand where the child wrote it
  value.visit([&](auto& typed) { base.insert(key, std::move(typed)); });
}

void append(toml::array& base, toml::node& value) {
  value.visit([&](auto& typed) { base.push_back(std::move(typed)); });
}

toml::array::iterator find_element(toml::array& list, const Table& table, const std::string& label) {
  auto at = list.begin();
  while (at != list.end() && !(at->is_table() && element_label(*at->as_table(), table) == label)) ++at;
  return at;
}

std::vector<std::string> labels_of(const toml::array& list, const Table& table) {
  std::vector<std::string> labels;
  for (const toml::node& node : list)
    if (const toml::table* element = node.as_table()) labels.push_back(element_label(*element, table));
  return labels;
}

/// Overlays the elements of one array of tables.
class ListMerge {
 public:
  ListMerge(toml::array& base, const Table& table, const std::string& path, Diagnostics& diagnostics)
      : base_(base), table_(table), path_(path), diagnostics_(diagnostics) {}

  void take(toml::node& node) {
    toml::table* element = node.as_table();
    const std::string label = element ? element_label(*element, table_) : "";
    if (label.empty()) return append(base_, node);  // for the reader to refuse
    if (element->contains(remove_key)) return remove(*element, label);
    const auto same = find_element(base_, table_, label);
    const bool is_first = given_.insert(label).second;
    if (same == base_.end() || !is_first) return append(base_, node);  // the reader refuses a name given twice
    merge_tables(*same->as_table(), *element, table_, join(path_, label), diagnostics_);
  }

 private:
  void remove(const toml::table& element, const std::string& label) {
    const toml::node& flag = *element.get(remove_key);
    const auto fault = [&](const std::string& message, const std::string& help) {
      diagnostics_.fault_at(position_of(flag.source(), diagnostics_.file()), join(join(path_, label), remove_key),
                            message, help);
    };
    const auto same = find_element(base_, table_, label);
    if (!flag.is_boolean() || !flag.as_boolean()->get())
      return fault("is not true (" + value_text(flag) + ")", "leave it out to keep the element");
    if (element.size() > table_.identity.size() + 1)
      return fault("stands beside other keys",
                   "give the name alone, and a new element after it to replace the old one");
    if (same == base_.end())
      return fault("there is no " + path_ + " '" + shown(label) + "' to remove",
                   suggestion(label, labels_of(base_, table_)));
    base_.erase(same);
  }

  toml::array& base_;
  const Table& table_;
  const std::string& path_;
  Diagnostics& diagnostics_;
  std::set<std::string> given_;
};

void merge_maps(toml::table& base, toml::table& change) {
  for (auto&& [key, value] : change) replace(base, key, value);
}

/// Overlays one value that both files give; `slot` says what kind it should be.
void merge_values(toml::table& base, const toml::key& key, toml::node& value, const Slot& slot, const std::string& path,
                  Diagnostics& diagnostics) {
  toml::node& old = *base.get(key.str());
  const bool is_map =
      std::holds_alternative<config::NumberByName*>(slot) || std::holds_alternative<config::SeedByName*>(slot);
  if (const auto* sub = std::get_if<SubTable>(&slot); sub && old.is_table() && value.is_table())
    return merge_tables(*old.as_table(), *value.as_table(), *sub->table, path, diagnostics);
  if (is_map && old.is_table() && value.is_table()) return merge_maps(*old.as_table(), *value.as_table());
  const auto* list = std::get_if<TableList>(&slot);
  if (!list || !old.is_array() || !value.is_array()) return replace(base, key, value);
  ListMerge merge(*old.as_array(), *list->table, path, diagnostics);
  for (toml::node& element : *value.as_array()) merge.take(element);
}

}  // namespace

void merge_tables(toml::table& base, toml::table& change, const Table& table, const std::string& path,
                  Diagnostics& diagnostics) {
  const std::shared_ptr<void> object = table.make_default();
  for (auto&& [key, value] : change) {
    const std::string name(key.str());
    const Field* field = table.find(name);
    if (field && base.contains(name))
      merge_values(base, key, value, field->locate(object.get()), join(path, name), diagnostics);
    else
      replace(base, key, value);
  }
}

}  // namespace chokepoint
