#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "config/field.hpp"

/// Documentation made from tables of keys, for editors and people: JSON Schema (draft 2020-12) and Markdown, with
/// types, units, ranges, defaults and help. Neither contains what only a reader checks (references, sums, dates).
namespace chokepoint {

nlohmann::json array_schema(nlohmann::json items, std::size_t least, std::size_t most);

/// Keys of a table, none of them required: files that build on another say only what differs.
nlohmann::json table_schema(const Table& table);

/// What a file that builds on no other must say on top of its schema: every required key, and no `remove`.
nlohmann::json completeness_schema(const Table& table);

/// Appends the keys of a table, and then those of the tables within it, a section each.
/// @param heading path of the table, empty at the top level
void reference_table(const Table& table, const std::string& heading, std::string& text);

}  // namespace chokepoint
