#include "output/content_checksum.hpp"

#include <netcdf.h>

#include <algorithm>
#include <new>
#include <span>
#include <stdexcept>

#include "output/content_list.hpp"
#include "output/errors.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

constexpr char history[] = "attribute :history";
constexpr std::string_view attribute = "attribute ";

/// Programs that follow the conventions put a line before or after those that are there.
bool holds_line(const std::string& text, std::uint64_t hash) {
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (attribute_hash(NC_CHAR, std::as_bytes(std::span(text).subspan(start, end - start))) == hash) return true;
    start = end + 1;
  }
  return false;
}

/// Removes what agrees from `found`. @returns the first fault
std::string compare(const ContentList& written, std::map<std::string, std::uint64_t>& found, const NetcdfReader& file,
                    std::vector<std::string>& added) {
  for (const auto& [item, hash] : written.items()) {
    const auto at = found.find(item);
    if (at == found.end()) return item + " was removed";
    if (at->second != hash) {
      if (item != history || !holds_line(file.text_attribute("history"), hash)) return item + " was changed";
      added.push_back(":history (lines)");
    }
    found.erase(at);
  }
  return "";
}

}  // namespace

ContentCheck check_content(const NetcdfReader& file) {
  ContentCheck check;
  try {
    check.format_version = file.format_version();
    if (check.format_version == 1) return check;
    const std::vector<std::byte> bytes = file.bytes(content_group, content_list_variable);
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (checksum_of(text) != file.text_attribute(content_checksum_attribute)) {
      check.fault = "its list of contents was changed";
      return check;
    }
    std::map<std::string, std::uint64_t> found = file.content().items();
    check.fault = compare(ContentList::parse(text), found, file, check.added_attributes);
    for (const auto& [item, hash] : found) {
      if (!check.fault.empty()) break;
      if (!item.starts_with(attribute)) check.fault = item + " was added; only attributes may be";
      check.added_attributes.push_back(item.substr(attribute.size() * (item.starts_with(attribute) ? 1 : 0)));
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
  } catch (const std::runtime_error& error) {  // it cannot be read, or is no netCDF file
    return {error.what(), {}, 0};
  }
}

}  // namespace chokepoint
