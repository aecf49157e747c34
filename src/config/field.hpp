#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chokepoint/scenario.hpp"

/// The key table: everything that a config may contain. Each key has one `Field`, which reads and checks it, documents
/// it and emits its JSON Schema. The default of a key is the initial value of the member it fills, so it is stated
/// once, in scenario.hpp.
namespace chokepoint {

struct Table;

/// A table inside a table: the object it fills and its keys.
struct SubTable {
  void* object;
  const Table* table;
};

/// An array of tables: how to add an element, and those it has.
struct TableList {
  std::function<void*()> append;
  std::function<std::vector<void*>()> elements;
  const Table* table;
};

/// The member that a key fills.
using Slot = std::variant<double*, std::optional<double>*, int*, std::uint64_t*, bool*, std::string*, config::Interval*,
                          config::YearMonth*, config::Names*, config::NumberByName*, config::SeedByName*,
                          config::FactorMatrix*, std::optional<config::RegimeRow>*, SubTable, TableList>;

/// The kinds of things to which a string may refer.
enum class Refers { nothing, region, chip, fab_pool, segment, export_class, outage, component_pool, measure };

inline constexpr double no_limit = 1e18;  ///< stands for "no stated bound" in a rule; larger values are refused

/// What a key accepts. For intervals and maps the range holds for each number.
struct Rule {
  double min = 0, max = no_limit;
  bool above_min = false;  ///< `min` itself is refused
  bool required = false;
  std::vector<std::string> choices = {};  ///< the only strings, or keys of a map, that are accepted
  Refers refers = Refers::nothing;        ///< what the string, list or keys of the map name
  std::string infinite_word = {};         ///< a word accepted in a map in place of a number, read as infinity
  std::size_t most = 32;                  ///< largest length of a list or map
  bool is_name = false;                   ///< only [A-Za-z0-9_-]
};

struct Field {
  std::string name, unit;
  Rule rule;
  std::string help;
  std::function<Slot(void*)> locate;  ///< the member of this key in an object of the table's type
};

struct Table {
  std::string help;
  std::vector<std::string> identity;  ///< keys that identify the elements of an array; none for a single table
  std::vector<Field> fields;
  std::function<std::shared_ptr<void>()> make_default;

  const Field* find(std::string_view key) const;
};

/// A key that fills a member.
template <class T, class Member>
Field field(std::string name, Member T::*member, std::string unit, Rule rule, std::string help) {
  return {std::move(name), std::move(unit), std::move(rule), std::move(help),
          [member](void* object) { return Slot{&(static_cast<T*>(object)->*member)}; }};
}

/// A key that fills a member of a member.
template <class T, class Part, class Member>
Field field(std::string name, Part T::*part, Member Part::*member, std::string unit, Rule rule, std::string help) {
  return {std::move(name), std::move(unit), std::move(rule), std::move(help),
          [part, member](void* object) { return Slot{&(static_cast<T*>(object)->*part.*member)}; }};
}

/// A key that holds a table of its own.
template <class T, class Member>
Field table_field(std::string name, Member T::*member, const Table& table, bool required = false) {
  return {std::move(name), "", {.required = required}, table.help, [member, &table](void* object) {
            return Slot{SubTable{&(static_cast<T*>(object)->*member), &table}};
          }};
}

/// A key that holds a table whose keys fill members of the same object.
inline Field group_field(std::string name, const Table& table) {
  return {std::move(name), "", {}, table.help, [&table](void* object) { return Slot{SubTable{object, &table}}; }};
}

/// A key that holds an array of tables, `most` at the most, and at least one if required.
template <class T, class Element>
Field list_field(std::string name, std::vector<Element> T::*member, const Table& table, std::size_t most,
                 bool required = false) {
  const auto locate = [member, &table](void* object) {
    auto* list = &(static_cast<T*>(object)->*member);
    const auto append = [list]() -> void* { return &list->emplace_back(); };
    const auto elements = [list] {
      std::vector<void*> pointers;
      for (Element& element : *list) pointers.push_back(&element);
      return pointers;
    };
    return Slot{TableList{append, elements, &table}};
  };
  return {std::move(name), "", {.required = required, .most = most}, table.help, locate};
}

template <class T>
Table describe(std::string help, std::vector<std::string> identity, std::vector<Field> fields) {
  return {std::move(help), std::move(identity), std::move(fields), [] { return std::make_shared<T>(); }};
}

/// Name of an element of an array: the values of its identity keys joined by dots ("frontier.cn"); empty where one is
/// not set.
std::string identity(const Table& table, void* element);

/// "0 to 1", "above 0", "any number": the range of a rule in words.
std::string range_text(const Rule& rule, const std::string& unit = "");

bool in_range(const Rule& rule, double value);

/// Shortest text of a number.
std::string number_text(double value);

/// "a", "b" or "c".
std::string list_text(const std::vector<std::string>& words);

}  // namespace chokepoint
