#include "config/value_text.hpp"

#include <sstream>

#include "config/field.hpp"
#include "config/spelling.hpp"

namespace chokepoint {

std::string type_words(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date and time";
    default:
      return "nothing";
  }
}

namespace {

std::string whole_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return '"' + text->get() + '"';
  if (const auto* number = node.as_floating_point()) return number_text(number->get());
  std::ostringstream stream;
  if (const auto* array = node.as_array()) {
    for (const toml::node& element : *array) stream << (stream.tellp() ? ", " : "[") << whole_text(element);
    return array->empty() ? "[]" : stream.str() + "]";
  }
  if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table)
      stream << (stream.tellp() ? ", " : "{ ") << key.str() << " = " << whole_text(value);
    return table->empty() ? "{}" : stream.str() + " }";
  }
  node.visit([&](const auto& value) { stream << value; });
  return stream.str();
}

}  // namespace

std::string value_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return '"' + shown(text->get()) + '"';
  return shown(whole_text(node));
}

}  // namespace chokepoint
