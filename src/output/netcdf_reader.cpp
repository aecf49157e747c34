#include <fmt/format.h>
#include <netcdf.h>
#include <netcdf_mem.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "machine/memory_limit.hpp"
#include "output/errors.hpp"
#include "output/file_bytes.hpp"
#include "output/in_child.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

/// Names of parts that are no items.
constexpr char fault_part[] = "fault", list_part[] = "list";

/// More than this no variable can hold that a file of so many bytes gives back: deflate packs at most 1,032 times.
std::size_t most_bytes(std::size_t file_size) {
  return 1100 * file_size;
}

/// @throws UsageError, std::bad_alloc
void check(const std::string& path, int status, const std::string& what) {
  if (status == NC_NOERR) return;
  if (status == NC_ENOMEM) throw std::bad_alloc();
  throw UsageError(fmt::format("'{}' cannot {}: {}; it may be damaged, or no result of chokepoint", path, what,
                               nc_strerror(status)));
}

void check_item(const std::string& path, int status, const std::string& item) {
  check(path, status, "be read: " + item);
}

/// A part on its way from the child: its name with a zero behind, the type, the values.
std::string part_of(const std::string& name, int type, std::span<const std::byte> values) {
  std::string part = name + '\0';
  part.append(reinterpret_cast<const char*>(&type), sizeof type);
  part.append(reinterpret_cast<const char*>(values.data()), values.size());
  return part;
}

std::string part_of(const char* name, const std::string& text) {
  return part_of(name, NC_CHAR, std::as_bytes(std::span(text)));
}

/// What the child does. @param bytes of the file, which the library reads in memory
void send_file(const std::string& path, std::string bytes, const std::function<bool(const std::string&)>& wants,
               const Send& send) {
  constexpr std::uint64_t library = std::uint64_t{16} << 20;
  require_memory(library + 4 * bytes.size());
  int file = -1, status = nc_open_mem("result.nc", NC_NOWRITE, bytes.size(), bytes.data(), &file);
  check(path, status, "be opened");
  const ContentVisitor visitor{wants, [&send](const std::string& item, int type, std::span<const std::byte> values) {
                                 send(part_of(item, type, values));
                               }};
  const ContentList list = content_of(file, most_bytes(bytes.size()), visitor, status);
  nc_close(file);
  check(path, status, "be read");
  send(part_of(list_part, list.text()));
}

}  // namespace

NetcdfReader::NetcdfReader(std::string path) : path_(std::move(path)) {
  read([](const std::string&) { return true; });
}

NetcdfReader::NetcdfReader(std::string path, const std::vector<std::string>& variables) : path_(std::move(path)) {
  read([&variables](const std::string& item) {
    return std::any_of(variables.begin(), variables.end(),
                       [&item](const std::string& name) { return item == variable_item("", name); });
  });
}

void NetcdfReader::read(const std::function<bool(const std::string&)>& wants) {
  std::string bytes = file_bytes(path_);
  std::optional<std::vector<std::string>> parts = in_child([&](const Send& send) {
    try {
      send_file(path_, std::move(bytes), wants, send);
    } catch (const UsageError& error) {
      send(part_of(fault_part, error.what()));
    }
  });
  if (!parts) throw UsageError(fmt::format("'{}' is so badly damaged that the HDF5 library crashes on it", path_));
  for (std::string& part : *parts) take(std::move(part));
}

void NetcdfReader::take(std::string part) {
  const std::string name = part.substr(0, part.find('\0'));
  Item item;
  std::memcpy(&item.type, part.data() + name.size() + 1, sizeof item.type);
  item.start = name.size() + 1 + sizeof item.type;
  item.part = std::move(part);
  if (name == fault_part) throw UsageError(item.part.substr(item.start));
  if (name == list_part)
    content_ = ContentList::parse(item.part.substr(item.start));
  else
    items_[name] = std::move(item);
}

std::span<const std::byte> NetcdfReader::Item::values() const {
  return std::as_bytes(std::span(part)).subspan(start);
}

int NetcdfReader::format_version() const {
  if (!has_attribute("format_version")) return 1;
  return static_cast<int>(count_attribute("format_version"));
}

bool NetcdfReader::has_variable(const std::string& group, const std::string& name) const {
  return items_.contains(variable_item(group.empty() ? "" : group + "/", name));
}

bool NetcdfReader::has_attribute(const std::string& name) const {
  return items_.contains(attribute_item("", "", name));
}

const NetcdfReader::Item& NetcdfReader::item(const std::string& name, int type, const std::string& shown) const {
  const auto at = items_.find(name);
  const bool is_attribute = name.starts_with("attribute");
  if (at == items_.end()) check_item(path_, is_attribute ? NC_ENOTATT : NC_ENOTVAR, shown);
  if (at->second.type != type) check_item(path_, NC_EBADTYPE, shown);
  return at->second;
}

std::string NetcdfReader::text_attribute(const std::string& name) const {
  const std::span<const std::byte> text = item(attribute_item("", "", name), NC_CHAR, "attribute " + name).values();
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

template <class T>
T NetcdfReader::single(const std::string& name, int type) const {
  const std::string shown = "attribute " + name;
  const Item& found = item(attribute_item("", "", name), type, shown);
  T value{};
  if (found.values().size() != sizeof value) check_item(path_, NC_EBADTYPE, shown);
  std::memcpy(&value, found.values().data(), sizeof value);
  return value;
}

std::uint64_t NetcdfReader::count_attribute(const std::string& name) const {
  return single<std::uint64_t>(name, NC_UINT64);
}

double NetcdfReader::number_attribute(const std::string& name) const {
  return single<double>(name, NC_DOUBLE);
}

std::span<const std::byte> NetcdfReader::bytes(const std::string& group, const std::string& name) const {
  const std::string shown = "variable " + group + "/" + name;
  return item(variable_item(group.empty() ? "" : group + "/", name), NC_UBYTE, shown).values();
}

template <class T>
std::vector<T> NetcdfReader::values(const std::string& group, const std::string& name, int type,
                                    std::size_t size) const {
  const std::string shown = "variable " + group + "/" + name;
  const Item& found = item(variable_item(group.empty() ? "" : group + "/", name), type, shown);
  if (found.values().size() != size * sizeof(T)) check_item(path_, NC_EDIMSIZE, shown);
  std::vector<T> values(size);
  if (size > 0) std::memcpy(values.data(), found.values().data(), size * sizeof(T));
  return values;
}

std::vector<double> NetcdfReader::numbers(const std::string& group, const std::string& name, std::size_t size) const {
  return values<double>(group, name, NC_DOUBLE, size);
}

std::vector<std::uint64_t> NetcdfReader::counts(const std::string& group, const std::string& name,
                                                std::size_t size) const {
  return values<std::uint64_t>(group, name, NC_UINT64, size);
}

}  // namespace chokepoint
