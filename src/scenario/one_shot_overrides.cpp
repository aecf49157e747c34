#include <algorithm>

#include "scenario/one_shot_parts.hpp"
#include "scenario/reader.hpp"
#include "scenario/spelling.hpp"

namespace chokepoint {

namespace {

using Parts = std::vector<std::string>;

Parts split(const std::string& path) {
  Parts parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// The value as TOML, or else as a string; nothing where neither can be read.
std::optional<toml::table> parse_value(const std::string& text, const std::string& source) {
  const bool plain =
      std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == '\'' || c == 0x7f; });
  for (const std::string& value : {text, plain ? "'" + text + "'" : text}) {
    try {
      toml::table parsed = toml::parse("value = " + value, source);
      if (parsed.size() == 1 && value.find('\n') == std::string::npos) return parsed;
    } catch (const toml::parse_error&) {
    }
  }
  return std::nullopt;
}

/// The element of an array of tables with this name. Faults name the nearest.
toml::table* element_named(toml::table& root, const std::string& list, const std::string& name, std::string& help) {
  Parts names;
  if (toml::array* elements = root.get_as<toml::array>(list)) {
    for (toml::node& node : *elements) {
      toml::table* element = node.as_table();
      const auto* own = element ? element->get_as<std::string>("name") : nullptr;
      if (own && own->get() == name) return element;
      if (own) names.push_back(own->get());
    }
  }
  help = suggestion(name, names);
  return nullptr;
}

/// One override on its way down the key table. Elements of arrays go by name; tables that are missing are made.
class Override {
 public:
  Override(const std::string& text, Diagnostics& diagnostics) : source_("--set " + text), diagnostics_(diagnostics) {
    const std::size_t equals = text.find('=');
    path_ = text.substr(0, equals);
    parts_ = split(path_);
    if (path_.empty() || equals == std::string::npos) {
      fault("is no override", "write key.path=value");
      return;
    }
    value_ = parse_value(text.substr(equals + 1), source_);
    if (!value_) fault("has a value that can't be read (" + text.substr(equals + 1) + ")");
  }

  void apply(toml::table& root) {
    if (!value_) return;
    if (path_ == "shares") return store(root, path_);  // read apart from the key table
    descend(root, one_shot_table());
  }

 private:
  void fault(const std::string& message, const std::string& help = "") {
    diagnostics_.fault_at({source_, 0, 0}, path_, message, help);
  }

  void store(toml::table& target, const std::string& key) {
    value_->get("value")->visit([&](auto& value) { target.insert_or_assign(key, std::move(value)); });
  }

  toml::table* table_in(toml::table& target, const std::string& key) {
    if (!target.contains(key)) target.insert(key, toml::table{});
    toml::table* inner = target.get_as<toml::table>(key);
    if (!inner) fault("'" + key + "' is no table in the file");
    return inner;
  }

  void descend(toml::table& target, const Table& table) {
    const std::string key = parts_[next_++];
    const Field* field = table.find(key);
    if (!field) return unknown(key, table);
    const std::shared_ptr<void> object = table.make_default();
    const Slot slot = field->locate(object.get());
    const std::size_t left = parts_.size() - next_;
    if (const auto* list = std::get_if<TableList>(&slot)) return descend_list(target, key, *list->table);
    if (left == 0) return store(target, key);
    if (const auto* sub = std::get_if<SubTable>(&slot)) {
      if (toml::table* inner = table_in(target, key)) descend(*inner, *sub->table);
    } else if (std::holds_alternative<config::NumberByName*>(slot) && left == 1) {
      if (toml::table* inner = table_in(target, key)) store(*inner, parts_[next_]);
    } else {
      fault("'" + key + "' has no such keys of its own");
    }
  }

  void descend_list(toml::table& target, const std::string& key, const Table& table) {
    if (parts_.size() - next_ < 2) return fault("leads to no value", "write " + key + ".NAME.KEY=value");
    const std::string& name = parts_[next_++];
    std::string help;
    if (toml::table* element = element_named(target, key, name, help)) return descend(*element, table);
    fault("there is no " + key + " '" + name + "'", help);
  }

  void unknown(const std::string& key, const Table& table) {
    Parts names;
    for (const Field& known : table.fields) names.push_back(known.name);
    fault("unknown key '" + key + "'", suggestion(key, names));
  }

  std::string source_, path_;
  Parts parts_;
  std::size_t next_ = 0;
  std::optional<toml::table> value_;
  Diagnostics& diagnostics_;
};

}  // namespace

void apply_one_shot_override(toml::table& root, const std::string& text, Diagnostics& diagnostics) {
  Override(text, diagnostics).apply(root);
}

}  // namespace chokepoint
