#include "config/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

#include "config/reader.hpp"
#include "config/spelling.hpp"

namespace chokepoint {

namespace {

using Parts = std::vector<std::string>;

constexpr std::size_t longest_value = 4096;  // keeps tables in tables few, as in files (read.cpp)

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

std::string toml_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  }
  return out + "\"";
}

/// Parses "value = text"; empty where that is no TOML, or more than one value.
std::unique_ptr<toml::table> parse_value(const std::string& text, const std::string& source) {
  try {
    toml::table parsed = toml::parse("value = " + text, source);
    if (parsed.size() != 1 || text.find('\n') != std::string::npos) return nullptr;
    return std::make_unique<toml::table>(std::move(parsed));
  } catch (const toml::parse_error&) {
    return nullptr;
  }
}

/// Whether a text is a number that no double holds: TOML knows it no more than the name of a thing.
bool is_number_beyond_range(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + text.starts_with('+'), end, value);
  return read.ec == std::errc::result_out_of_range && read.ptr == end;
}

class Override {
 public:
  Override(const std::string& text, Diagnostics& diagnostics) : source_("--set " + text), diagnostics_(diagnostics) {
    const std::size_t equals = text.find('=');
    path_ = text.substr(0, equals);
    if (equals != std::string::npos) value_ = text.substr(equals + 1);
    parts_ = split(path_);
  }

  void apply(toml::table& root, const Table& table, const Parts& extra_keys) {
    if (path_.empty() || source_.find('=') == std::string::npos) return fault("is no override", "write key.path=value");
    if (value_.size() > longest_value)
      return fault("has a value of " + std::to_string(value_.size()) + " bytes",
                   "allowed: at most " + std::to_string(longest_value) + "; write long values into the file");
    if (std::find(extra_keys.begin(), extra_keys.end(), path_) != extra_keys.end()) return assign(root, path_);
    descend(root, table);
  }

 private:
  void fault(const std::string& message, const std::string& help = "") {
    diagnostics_.fault_at({source_, 0, 0}, path_, message, help);
  }

  /// Follows the path from a table of known keys.
  void descend(toml::table& source, const Table& table) {
    const std::string key = parts_[next_++];
    const Field* field = table.find(key);
    if (!field) {
      Parts names;
      for (const Field& known : table.fields) names.push_back(known.name);
      return fault("unknown key '" + shown(key) + "'", suggestion(key, names));
    }
    const std::shared_ptr<void> object = table.make_default();
    const Slot slot = field->locate(object.get());
    const bool last = next_ == parts_.size();
    if (const auto* sub = std::get_if<SubTable>(&slot); sub && !last) {
      if (toml::table* inner = table_in(source, key)) descend(*inner, *sub->table);
    } else if (const auto* list = std::get_if<TableList>(&slot)) {
      descend_list(source, key, *list->table);
    } else if (last) {
      assign(source, key);
    } else if (std::holds_alternative<config::NumberByName*>(slot) ||
               std::holds_alternative<config::SeedByName*>(slot)) {
      if (toml::table* inner = table_in(source, key)) assign(*inner, rest());
    } else {
      fault("'" + shown(key) + "' has no keys of its own", "write " + shown(upto_last()) + "=value");
    }
  }

  /// The next parts of the path are the identity of an element.
  void descend_list(toml::table& source, const std::string& key, const Table& table) {
    const std::size_t first = next_;
    next_ += table.identity.size();
    if (next_ >= parts_.size())
      return fault("leads to no value",
                   "write " + key + (table.identity.size() > 1 ? ".CLASS.REGION" : ".NAME") + ".KEY=value");
    std::string label;
    for (std::size_t i = first; i < next_; ++i) label += (label.empty() ? "" : ".") + parts_[i];
    Parts labels;
    bool has_nameless = false;
    if (toml::array* elements = source.get_as<toml::array>(key)) {
      for (toml::node& node : *elements) {
        toml::table* element = node.as_table();
        if (!element) continue;
        const std::string name = element_label(*element, table);
        if (name == label && !name.empty()) return descend(*element, table);
        has_nameless = has_nameless || name.empty();
        if (!name.empty()) labels.push_back(name);
      }
    }
    std::string help = has_nameless && labels.empty() ? "" : suggestion(label, labels);
    if (has_nameless)
      help += (help.empty() ? "" : "; ") + ("to set keys of one without a name, write " + table.identity.back()) +
              " = \"...\" into its [[" + key + "]] in the file";
    fault("there is no " + key + " '" + shown(label) + "'", help);
  }

  toml::table* table_in(toml::table& source, const std::string& key) {
    toml::node* node = source.get(key);
    if (!node) node = &source.insert_or_assign(key, toml::table{}).first->second;
    toml::table* inner = node->as_table();
    if (!inner) fault("'" + shown(key) + "' is no table in the file", "mend the file first");
    return inner;
  }

  void assign(toml::table& source, const std::string& key) {
    if (is_number_beyond_range(value_))
      return fault("is beyond what a number holds here (" + shown(value_) + ")",
                   "allowed: 0, and numbers from 2.2e-308 to 1.8e308 of either sign");
    std::unique_ptr<toml::table> parsed = parse_value(value_, source_);
    if (!parsed) parsed = parse_value(toml_string(value_), source_);
    if (!parsed)
      return fault("has a value that can't be read (" + shown(value_) + ")",
                   "write a TOML value, quoted for the shell");
    parsed->get("value")->visit([&](auto& value) { source.insert_or_assign(key, std::move(value)); });
  }

  /// The path up to the key that has just been looked at.
  std::string upto_last() const {
    std::string text = parts_[0];
    for (std::size_t i = 1; i < next_; ++i) text += "." + parts_[i];
    return text;
  }

  std::string rest() {
    std::string text = parts_[next_++];
    while (next_ < parts_.size()) text += "." + parts_[next_++];
    return text;
  }

  std::string source_, path_, value_;
  Parts parts_;
  std::size_t next_ = 0;
  Diagnostics& diagnostics_;
};

}  // namespace

std::string override_key(const std::string& text) {
  return text.substr(0, text.find('='));
}

bool keys_overlap(const std::string& a, const std::string& b) {
  const std::string &part = a.size() < b.size() ? b : a, &whole = a.size() < b.size() ? a : b;
  return part.starts_with(whole) && (part.size() == whole.size() || part[whole.size()] == '.');
}

void apply_overrides(toml::table& root, const Table& table, std::span<const std::string> overrides,
                     Diagnostics& diagnostics, const std::vector<std::string>& extra_keys) {
  for (auto text = overrides.begin(); text != overrides.end(); ++text) {
    const std::string key = override_key(*text);
    const auto first = std::find_if(overrides.begin(), text, [&](const std::string& other) {
      return !key.empty() && keys_overlap(override_key(other), key);
    });
    if (first == text)
      Override(*text, diagnostics).apply(root, table, extra_keys);
    else
      diagnostics.fault_at({"--set " + *text, 0, 0}, key, "is given twice",
                           "first by --set " + shown(*first) + "; leave one of them out");
  }
}

}  // namespace chokepoint
