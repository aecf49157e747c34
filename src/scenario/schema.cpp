#include "scenario/schema.hpp"

#include "config/inherit.hpp"
#include "config/table_schema.hpp"
#include "scenario/keys.hpp"

namespace chokepoint {

using nlohmann::json;

namespace {

constexpr const char* extends_help =
    "file that this one builds on, relative to its own folder; tables merge by key, elements of arrays by name, "
    "`remove = true` takes an element away";

}  // namespace

json config_schema() {
  json schema = table_schema(config_table());
  schema["properties"][extends_key] = {{"type", "string"}, {"description", extends_help}};
  schema["if"] = {{"not", {{"required", {extends_key}}}}};
  schema["then"] = completeness_schema(config_table());
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "chokepoint scenario";
  return schema;
}

std::string config_reference() {
  std::string text = "## Building on another file\n\n| key | meaning |\n|---|---|\n| `" + std::string(extends_key) +
                     "` | " + extends_help + " |\n\n";
  reference_table(config_table(), "", text);
  return text;
}

}  // namespace chokepoint
