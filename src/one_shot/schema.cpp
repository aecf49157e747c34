#include "one_shot/schema.hpp"

#include "chokepoint/market/one_shot/system.hpp"
#include "config/inherit.hpp"
#include "config/table_schema.hpp"
#include "one_shot/parts.hpp"

namespace chokepoint {

using nlohmann::json;

namespace {

constexpr const char* shares_help =
    "list of amounts, each a firm that sells just this: shares and concentration without any price";

}  // namespace

json market_schema() {
  json schema = table_schema(one_shot_table());
  const std::shared_ptr<void> object = one_shot_table().make_default();
  for (const Field& field : one_shot_table().fields) {
    const Slot slot = field.locate(object.get());
    const auto* list = std::get_if<TableList>(&slot);
    if (!list) continue;
    json& items = schema["properties"][field.name]["items"];
    items["properties"].erase(remove_key);  // market files do not build on others
    items.erase("required");
    for (const Field& key : list->table->fields)
      if (key.rule.required) items["required"].push_back(key.name);
  }
  schema["properties"]["shares"] = array_schema({{"type", "number"}, {"minimum", 0}}, 1, one_shot_firms);
  schema["properties"]["shares"]["description"] = shares_help;
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "chokepoint market";
  return schema;
}

std::string market_reference() {
  std::string text;
  reference_table(one_shot_table(), "", text);
  return text + "## `shares`\n\n" + shares_help + ".\n";
}

}  // namespace chokepoint
