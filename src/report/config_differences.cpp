#include "report/config_differences.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "config/reader.hpp"
#include "config/spelling.hpp"
#include "config/toml_text.hpp"
#include "scenario/keys.hpp"

namespace chokepoint {
namespace {

constexpr char left_out[] = "not given";
constexpr std::size_t most_named = 2;

/// A config as keys with the texts of their values; an element of a list is a key as well.
struct FlatConfig {
  std::map<std::string, std::string> values;
  std::set<std::string> elements;
};

/// Numbers as numbers, so that 4 and 4.0 are the same.
std::string text_of(const toml::node& node) {
  if (const auto number = node.value<double>(); number && node.is_number()) return number_text(*number);
  if (const auto* text = node.as_string()) return text->get();
  std::ostringstream stream;
  if (const auto* array = node.as_array()) {
    for (const toml::node& element : *array) stream << (stream.tellp() ? ", " : "[") << text_of(element);
    return array->empty() ? "[]" : stream.str() + "]";
  }
  node.visit([&](const auto& value) { stream << value; });
  return stream.str();
}

class Flattening {
 public:
  explicit Flattening(FlatConfig& out) : out_(out) {}

  /// @param known null in maps, whose keys are the file's own
  void take(const toml::table& source, const Table* known, const std::string& path) {
    for (const auto& [key, node] : source) {
      const std::string name(key.str()), inner = join(path, name);
      if (path.empty() && name == "claim") continue;
      if (path == "scenario" && (name == "name" || name == "title" || name == "description")) continue;
      const Field* field = known ? known->find(name) : nullptr;
      const std::shared_ptr<void> object = field ? known->make_default() : nullptr;
      take_value(node, field ? field->locate(object.get()) : Slot{}, inner);
    }
  }

 private:
  void take_value(const toml::node& node, const Slot& slot, const std::string& path) {
    const auto* list = std::get_if<TableList>(&slot);
    const auto* sub = std::get_if<SubTable>(&slot);
    if (list && node.is_array()) {
      for (const toml::node& element : *node.as_array())
        if (element.is_table()) take_element(*element.as_table(), *list->table, path);
    } else if (node.is_table()) {
      take(*node.as_table(), sub ? sub->table : nullptr, path);
    } else {
      out_.values[path] = text_of(node);
    }
  }

  void take_element(const toml::table& element, const Table& table, const std::string& path) {
    const std::string own = join(path, element_label(element, table));
    out_.elements.insert(own);
    take(element, &table, own);
  }

  FlatConfig& out_;
};

FlatConfig flat_config(const LabelledResult& result) {
  FlatConfig out;
  const toml::table root = parse_config(result.set.provenance.config_text, result.label);
  Flattening(out).take(root, &config_table(), "");
  return out;
}

bool all_same(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(), [&](const std::string& value) { return value == values[0]; });
}

/// Elements that not all have, the outermost alone; what is in them is not looked at.
std::set<std::string> partial_elements(const std::vector<FlatConfig>& configs) {
  std::set<std::string> partial;
  for (const FlatConfig& config : configs)
    for (const std::string& element : config.elements)
      for (const FlatConfig& other : configs)
        if (!other.elements.contains(element)) partial.insert(element);
  return partial;
}

bool lies_in(const std::string& key, const std::set<std::string>& elements) {
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', dot + 1))
    if (elements.contains(key.substr(0, dot))) return true;
  return false;
}

}  // namespace

std::vector<ConfigDifference> config_differences(std::span<const LabelledResult> results) {
  std::vector<FlatConfig> configs;
  for (const LabelledResult& result : results) configs.push_back(flat_config(result));
  const std::set<std::string> partial = partial_elements(configs);
  std::map<std::string, std::vector<std::string>> rows;
  for (const std::string& element : partial)
    if (!lies_in(element, partial))
      for (const FlatConfig& config : configs)
        rows[element].push_back(config.elements.contains(element) ? "yes" : "no");
  for (const FlatConfig& config : configs)
    for (const auto& [key, value] : config.values) {
      if (rows.contains(key) || lies_in(key, partial)) continue;
      std::vector<std::string>& values = rows[key];
      for (const FlatConfig& one : configs) {
        const auto found = one.values.find(key);
        values.push_back(found == one.values.end() ? left_out : found->second);
      }
    }
  std::vector<ConfigDifference> differences;
  for (auto& [key, values] : rows) {
    if (all_same(values)) continue;
    std::transform(values.begin(), values.end(), values.begin(), [](const std::string& value) { return shown(value); });
    differences.push_back({key, std::move(values)});
  }
  return differences;
}

std::string variant_text(const std::vector<ConfigDifference>& differences, std::size_t result) {
  if (differences.size() > most_named) return "";
  std::string text;
  for (const ConfigDifference& difference : differences)
    text += (text.empty() ? "" : ", ") + difference.key + " = " + difference.values[result];
  return text;
}

}  // namespace chokepoint
