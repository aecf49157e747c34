#include "config/inherit.hpp"

#include <algorithm>
#include <filesystem>

#include "config/merge.hpp"
#include "config/reader.hpp"
#include "config/toml_text.hpp"
#include "config/value_text.hpp"

namespace chokepoint {

namespace {

namespace fs = std::filesystem;

/// One look through the ancestors of a file.
class Ancestry {
 public:
  Ancestry(const Table& table, Diagnostics& diagnostics) : table_(table), diagnostics_(diagnostics) {}

  /// Puts the ancestors of `file` under its content.
  bool complete(toml::table& root, const std::string& file) {
    const toml::node* link = root.get(extends_key);
    if (!link) return false;
    lineage_.push_back(file);
    const std::string parent = parent_of(*link, file);
    toml::table base = parse_config(read_config_file(parent), parent);
    complete(base, parent);
    root.erase(extends_key);
    merge_tables(base, root, table_, "", diagnostics_);
    root = std::move(base);
    return true;
  }

 private:
  [[noreturn]] void refuse(const toml::node& link, const std::string& message, const std::string& help) const {
    const Position at = position_of(link.source(), lineage_.back());
    throw ScenarioError({{at.file, at.line, at.column, extends_key, message, help}});
  }

  std::string parent_of(const toml::node& link, const std::string& file) const {
    const auto* name = link.as_string();
    if (!name || name->get().empty())
      refuse(link, "names no file (" + value_text(link) + ")",
             "write extends = \"baseline.toml\", relative to this file");
    const std::string parent = (fs::path(file).parent_path() / name->get()).lexically_normal().string();
    std::error_code failed;
    if (!fs::exists(parent, failed))
      refuse(link, "there is no file '" + parent + "'", "the path is relative to this file");
    if (!fs::is_regular_file(parent, failed)) refuse(link, "'" + parent + "' is no file", "name a TOML file");
    for (const std::string& descendant : lineage_)
      if (fs::equivalent(descendant, parent, failed))
        refuse(link, "leads back to '" + descendant + "'", lineage(parent));
    if (lineage_.size() >= longest_ancestry)
      refuse(link, "has too many ancestors",
             "allowed: at most " + std::to_string(longest_ancestry) + " files in a row");
    return parent;
  }

  std::string lineage(const std::string& last) const {
    std::string text;
    for (const std::string& file : lineage_) text += file + " extends ";
    return text + last;
  }

  const Table& table_;
  Diagnostics& diagnostics_;
  std::vector<std::string> lineage_;  ///< files from the youngest on
};

}  // namespace

bool inherit(toml::table& root, const std::string& file, const Table& table, Diagnostics& diagnostics) {
  return Ancestry(table, diagnostics).complete(root, file);
}

}  // namespace chokepoint
