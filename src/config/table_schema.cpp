#include "config/table_schema.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "chokepoint/market/limits.hpp"
#include "config/inherit.hpp"
#include "config/spelling.hpp"

namespace chokepoint {

using nlohmann::json;

json array_schema(json items, std::size_t least, std::size_t most) {
  return {{"type", "array"}, {"items", std::move(items)}, {"minItems", least}, {"maxItems", most}};
}

namespace {

json number_schema(const Rule& rule, const char* type = "number") {
  json schema = {{"type", type}};
  if (rule.min > -no_limit) schema[rule.above_min ? "exclusiveMinimum" : "minimum"] = rule.min;
  if (rule.max < no_limit) schema["maximum"] = rule.max;
  return schema;
}

json text_schema(const Rule& rule) {
  json schema = {{"type", "string"}};
  if (!rule.choices.empty()) schema["enum"] = rule.choices;
  if (rule.is_name) schema["pattern"] = "^[A-Za-z0-9_-]+$";
  return schema;
}

json seed_schema() {
  return {{"type", "integer"}, {"minimum", 0}, {"maximum", 9223372036854775807}};
}

/// The schema of one key by the kind of member that it fills.
struct SlotSchema {
  const Rule& rule;

  json operator()(double*) const { return number_schema(rule); }
  json operator()(std::optional<double>*) const { return number_schema(rule); }
  json operator()(int*) const { return number_schema(rule, "integer"); }
  json operator()(std::uint64_t*) const { return seed_schema(); }
  json operator()(bool*) const { return {{"type", "boolean"}}; }
  json operator()(std::string*) const { return text_schema(rule); }
  json operator()(config::Interval*) const { return array_schema(number_schema(rule), 2, 2); }
  json operator()(config::YearMonth*) const { return {{"type", "string"}, {"pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$"}}; }
  json operator()(config::Names*) const {
    json schema = array_schema(text_schema(rule), 0, rule.most);
    schema["uniqueItems"] = true;
    return schema;
  }
  json operator()(config::NumberByName*) const {
    json value = number_schema(rule);
    if (!rule.infinite_word.empty()) value = {{"anyOf", {value, {{"const", rule.infinite_word}}}}};
    return {{"type", "object"}, {"additionalProperties", value}, {"maxProperties", rule.most}};
  }
  json operator()(config::SeedByName*) const {
    json schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const std::string& name : rule.choices) {
      schema["properties"][name] = seed_schema();
      schema["properties"][name]["description"] = "seed of " + name;
    }
    return schema;
  }
  json operator()(config::FactorMatrix*) const { return array_schema(array_schema(number_schema(rule), 4, 4), 4, 4); }
  json operator()(std::optional<config::RegimeRow>*) const {
    return array_schema(number_schema(rule), regime_count, regime_count);
  }
  json operator()(const SubTable& sub) const { return table_schema(*sub.table); }
  json operator()(const TableList& list) const {
    json element = table_schema(*list.table);
    element["required"] = list.table->identity;
    element["properties"][remove_key] = {{"const", true}, {"description", "takes the element of the parent away"}};
    return array_schema(std::move(element), 0, rule.most);
  }
};

/// The initial value of a member, or null where that stands for "not given".
struct SlotDefault {
  json operator()(double* value) const { return *value; }
  json operator()(std::optional<double>*) const { return {}; }
  json operator()(int* value) const { return *value; }
  json operator()(std::uint64_t* value) const { return *value; }
  json operator()(bool* value) const { return *value; }
  json operator()(std::string* value) const { return value->empty() ? json() : json(*value); }
  json operator()(config::Interval* value) const { return {value->low, value->high}; }
  json operator()(config::YearMonth* value) const { return value->year ? json(format(*value)) : json(); }
  json operator()(config::Names* value) const { return value->empty() ? json() : json(*value); }
  json operator()(config::FactorMatrix* value) const { return *value; }
  template <class Other>
  json operator()(const Other&) const {
    return {};
  }
};

json default_of(const Field& field, const Slot& slot) {
  return field.rule.required ? json() : std::visit([](auto s) { return SlotDefault{}(s); }, slot);
}

json field_schema(const Field& field, const Slot& slot) {
  json schema = std::visit(SlotSchema{field.rule}, slot);
  const bool has_unit = !field.unit.empty() && field.unit != "1";
  schema["description"] = field.help + (has_unit ? " [" + field.unit + "]" : "");
  const json initial = default_of(field, slot);
  if (!initial.is_null()) schema["default"] = initial;
  return schema;
}

/// What a key accepts, in words.
std::string accepted(const json& schema, const Field& field) {
  if (!field.rule.choices.empty()) return list_text(field.rule.choices);
  const std::string type = schema.value("type", "");
  if (type == "boolean") return "true or false";
  if (type == "string") return schema.contains("pattern") && !field.rule.is_name ? "a month, \"2026-07\"" : "text";
  if (type == "number" || type == "integer") return range_text(field.rule);
  if (type == "object") return "table of numbers, " + range_text(field.rule);
  return schema["items"].value("type", "") == "number" ? "array of numbers, " + range_text(field.rule) : "array";
}

std::string reference_row(const Field& field, const Slot& slot) {
  const json schema = field_schema(field, slot);
  const std::string initial = schema.contains("default") ? schema["default"].dump() : "";
  const std::string needed = field.rule.required ? "**required**" : initial.empty() ? "" : "`" + initial + "`";
  const std::string unit = field.unit == "1" ? "" : field.unit;
  return "| `" + field.name + "` | " + unit + " | " + accepted(schema, field) + " | " + needed + " | " + field.help +
         " |\n";
}

}  // namespace

json table_schema(const Table& table) {
  json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", json::object()}};
  schema["description"] = table.help;
  const std::shared_ptr<void> object = table.make_default();
  for (const Field& field : table.fields) {
    schema["properties"][field.name] = field_schema(field, field.locate(object.get()));
  }
  return schema;
}

json completeness_schema(const Table& table) {
  json schema = json::object();
  const std::shared_ptr<void> object = table.make_default();
  for (const Field& field : table.fields) {
    const Slot slot = field.locate(object.get());
    json inner;
    if (const auto* sub = std::get_if<SubTable>(&slot)) inner = completeness_schema(*sub->table);
    if (const auto* list = std::get_if<TableList>(&slot)) {
      inner["items"] = completeness_schema(*list->table);
      inner["items"]["properties"][remove_key] = false;
      if (field.rule.required) inner["minItems"] = 1;
    }
    if (field.rule.required) schema["required"].push_back(field.name);
    if (!inner.empty()) schema["properties"][field.name] = std::move(inner);
  }
  return schema;
}

void reference_table(const Table& table, const std::string& heading, std::string& text) {
  std::string rows, inner;
  const std::shared_ptr<void> object = table.make_default();
  for (const Field& field : table.fields) {
    const Slot slot = field.locate(object.get());
    const std::string path = heading.empty() ? field.name : heading + "." + field.name;
    if (const auto* sub = std::get_if<SubTable>(&slot))
      reference_table(*sub->table, path, inner);
    else if (const auto* list = std::get_if<TableList>(&slot))
      reference_table(*list->table, path, inner);
    else
      rows += reference_row(field, slot);
  }
  const std::string title = heading.empty() ? "Top level" : "`" + heading + "`";
  if (!rows.empty())
    text += "## " + title + "\n\n" + table.help +
            "\n\n| key | unit | accepts | default | meaning |\n|---|---|---|---|---|\n" + rows + "\n";
  text += inner;
}

}  // namespace chokepoint
