#include "output/content_checksum.hpp"

#include <fmt/format.h>
#include <netcdf.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <stdexcept>

#include "output/content_list.hpp"
#include "output/errors.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

constexpr char history[] = "attribute :history";
constexpr std::string_view attribute = "attribute ";

/// Programs that follow the conventions put a line before or after those that are there; some end them with a zero.
bool holds_line(std::string text, std::uint64_t hash) {
  text.erase(std::find(text.begin(), text.end(), '\0'), text.end());
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (attribute_hash(NC_CHAR, std::as_bytes(std::span(text).subspan(start, end - start))) == hash) return true;
    start = end + 1;
  }
  return false;
}

/// Keeps the fault of a variable or dimension before that of an attribute, which comes of it, and else the first.
void name_first(const std::string& item, const char* what, std::string& fault) {
  if (fault.empty() || (fault.starts_with(attribute) && !item.starts_with(attribute))) fault = item + what;
}

/// Removes what agrees from `found`. @returns the first fault
std::string compare(const ContentList& written, std::map<std::string, std::uint64_t>& found, const NetcdfReader& file,
                    std::vector<std::string>& added) {
  std::string fault;
  for (const auto& [item, hash] : written.items()) {
    const auto at = found.find(item);
    if (at == found.end()) {
      name_first(item, " was removed", fault);
      continue;
    }
    if (at->second != hash) {
      if (item == history && holds_line(file.text_attribute("history"), hash))
        added.push_back(":history (lines)");
      else
        name_first(item, " was changed", fault);
    }
    found.erase(at);
  }
  return fault;
}

/// Attributes by which netCDF and CF readers change or hide the values of a variable.
bool changes_values(std::string_view item) {
  constexpr std::string_view names[] = {"scale_factor", "add_offset",  "missing_value", "_FillValue", "valid_min",
                                        "valid_max",    "valid_range", "_Unsigned",     "units",      "calendar"};
  if (!item.starts_with(attribute)) return false;
  const std::size_t colon = item.rfind(':');
  const bool of_variable = colon != std::string_view::npos && colon > attribute.size() && item[colon - 1] != '/';
  return of_variable && std::find(std::begin(names), std::end(names), item.substr(colon + 1)) != std::end(names);
}

/// The list of contents itself, and its hash, are in no list.
bool is_of_the_list(const std::string& item) {
  const std::string checksum = attribute_item("", "", content_checksum_attribute);
  return item == checksum || item.find(std::string(" ") + content_group + "/") != std::string::npos;
}

}  // namespace

ContentCheck check_content(const NetcdfReader& file) {
  ContentCheck check;
  try {
    check.format_version = file.format_version();
    if (check.format_version == 1) return check;
    if (!file.has_attribute(content_checksum_attribute)) {
      check.fault = fmt::format("attribute :{} was removed", content_checksum_attribute);
      return check;
    }
    const std::span<const std::byte> bytes = file.bytes(content_group, content_list_variable);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (checksum_of(text) != file.text_attribute(content_checksum_attribute)) {
      check.fault = "its list of contents was changed";
      return check;
    }
    std::map<std::string, std::uint64_t> found = file.content().items();
    std::erase_if(found, [](const auto& item) { return is_of_the_list(item.first); });
    check.fault = compare(ContentList::parse(text), found, file, check.added_attributes);
    for (const auto& [item, hash] : found)
      if (!item.starts_with(attribute)) name_first(item, " was added; only attributes may be", check.fault);
    for (const auto& [item, hash] : found) {
      if (changes_values(item))
        name_first(item, " was added, which changes what readers make of the values", check.fault);
      if (item.starts_with(attribute)) check.added_attributes.push_back(item.substr(attribute.size()));
    }
  } catch (const UsageError& error) {
    check.fault = error.what();
  } catch (const std::invalid_argument& error) {
    check.fault = std::string("its list of contents is damaged: ") + error.what();
  }
  return check;
}

ContentCheck check_content(const std::filesystem::path& file) {
  try {
    return check_content(NetcdfReader(file.string()));
  } catch (const UsageError& error) {
    return {error.what(), {}, 0};
  }
}

}  // namespace chokepoint
