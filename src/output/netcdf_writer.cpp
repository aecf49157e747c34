#include <netcdf.h>
#include <netcdf_mem.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "output/errors.hpp"
#include "output/netcdf_empty_file.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

constexpr int deflate_level = 4;
constexpr std::size_t least_to_deflate = 64;  // chunks of fewer values only grow

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

template <class Number>
std::span<const std::byte> bytes_of(const Number& number) {
  return std::as_bytes(std::span(&number, 1));
}

/// Where the file ends that lies in memory: HDF5 has some in reserve behind it, which the first program that opens the
/// file for writing would cut off. Its superblock says so (HDF5 File Format Specification, II.A, versions 2 and 3).
std::size_t end_of(std::string_view image) {
  constexpr std::size_t version_at = 8, size_of_offsets_at = 9, end_at = 28;
  std::uint64_t end = 0;
  if (image.size() < end_at + sizeof end || image[version_at] < 2 || image[size_of_offsets_at] != sizeof end)
    return image.size();
  for (std::size_t k = 0; k < sizeof end; ++k)
    end |= std::uint64_t{static_cast<unsigned char>(image[end_at + k])} << (8 * k);
  return std::min<std::uint64_t>(end, image.size());
}

}  // namespace

std::string netcdf_version() {
  const std::string full = nc_inq_libvers();  // "4.9.0 of Jan  1 2023 ..."
  return full.substr(0, full.find(' '));
}

NetcdfWriter::NetcdfWriter(std::string name) : name_(std::move(name)) {
  NC_memio memory{netcdf_empty_file.size(), std::malloc(netcdf_empty_file.size()), 0};
  if (!memory.memory) throw std::bad_alloc();
  std::memcpy(memory.memory, netcdf_empty_file.data(), netcdf_empty_file.size());
  check(nc_open_memio(name_.c_str(), NC_WRITE, &memory, &file_));  // which owns the memory from here on
  is_open_ = true;
  group_ = file_;
  check(nc_set_fill(file_, NC_NOFILL, nullptr));
}

NetcdfWriter::~NetcdfWriter() {
  if (is_open_) nc_abort(file_);
}

void NetcdfWriter::check(int status) const {
  if (status == NC_NOERR) return;
  if (status == NC_ENOMEM) throw std::bad_alloc();
  // HDF5 does not say which of its calls failed; all of them work in memory.
  const char* reason = status == NC_EHDFERR ? "; it is built in memory, of which there may be too little" : "";
  throw OutputError("cannot build '" + name_ + "': " + nc_strerror(status) + reason);
}

void NetcdfWriter::enter_group(const std::string& name) {
  check(nc_def_grp(file_, name.c_str(), &group_));
  path_ = name + "/";
}

int NetcdfWriter::add_dimension(const std::string& name, std::size_t size) {
  int dimension = -1;
  check(nc_def_dim(group_, name.c_str(), size, &dimension));
  content_.add_dimension(path_, name, size);
  return dimension;
}

void NetcdfWriter::put_attribute(int variable, const std::string& variable_name, const std::string& name, int type,
                                 std::size_t count, std::span<const std::byte> value) {
  check(nc_put_att(group_, variable, name.c_str(), type, count, value.data()));
  content_.add_attribute(path_, variable_name, name, type, value);
}

void NetcdfWriter::add_attribute(const std::string& name, const std::string& value) {
  put_attribute(NC_GLOBAL, "", name, NC_CHAR, value.size(), bytes_of(value));
}

void NetcdfWriter::add_attribute(const std::string& name, std::uint64_t value) {
  put_attribute(NC_GLOBAL, "", name, NC_UINT64, 1, bytes_of(value));
}

void NetcdfWriter::add_attribute(const std::string& name, double value) {
  put_attribute(NC_GLOBAL, "", name, NC_DOUBLE, 1, bytes_of(value));
}

std::vector<std::string> NetcdfWriter::names_of(const Dimensions& dimensions) const {
  std::vector<std::string> names;
  for (const int dimension : dimensions) {
    char name[NC_MAX_NAME + 1] = {};
    check(nc_inq_dimname(group_, dimension, name));
    names.emplace_back(name);
  }
  return names;
}

int NetcdfWriter::define(const std::string& name, int type, const Dimensions& dimensions, std::size_t values,
                         const Attributes& attributes) {
  int variable = -1;
  check(nc_def_var(group_, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(), &variable));
  if (type != NC_STRING && !dimensions.empty() && values >= least_to_deflate)
    check(nc_def_var_deflate(group_, variable, NC_SHUFFLE, 1, deflate_level));
  for (const auto& [key, value] : attributes)
    put_attribute(variable, name, key, NC_CHAR, value.size(), bytes_of(value));
  return variable;
}

void NetcdfWriter::add_variable(const std::string& name, int type, const Dimensions& dimensions,
                                std::span<const std::byte> values, const Attributes& attributes, bool has_fill,
                                bool stays) {
  std::size_t size = 1;
  check(nc_inq_type(group_, type, nullptr, &size));
  const int variable = define(name, type, dimensions, values.size() / size, attributes);
  if (has_fill) {
    const double fill = std::numeric_limits<double>::quiet_NaN();
    put_attribute(variable, name, "_FillValue", NC_DOUBLE, 1, bytes_of(fill));
  }
  Pending next{group_, variable, values, {}, {}};
  if (!stays) {
    next.copy.assign(values.begin(), values.end());
    next.values = next.copy;
  }
  pending_.push_back(std::move(next));
  content_.add_variable(path_, name, variable_hash(type, names_of(dimensions)).add(values));
}

void NetcdfWriter::add_strings(const std::string& name, const Dimensions& dimensions,
                               const std::vector<std::string>& values, const Attributes& attributes) {
  const int variable = define(name, NC_STRING, dimensions, values.size(), attributes);
  ItemHash hash = variable_hash(NC_STRING, names_of(dimensions));
  for (const std::string& value : values) hash.add(value);
  pending_.push_back({group_, variable, {}, {}, values});
  content_.add_variable(path_, name, hash);
}

void NetcdfWriter::write_pending() {
  check(nc_enddef(file_));
  for (Pending& next : pending_) {
    std::vector<const char*> texts;
    for (const std::string& text : next.texts) texts.push_back(text.c_str());
    check(texts.empty() ? nc_put_var(next.group, next.variable, next.values.data())
                        : nc_put_var_string(next.group, next.variable, texts.data()));
    next = {};
  }
}

int NetcdfWriter::add_coordinate(const std::string& name, std::span<const double> values,
                                 const Attributes& attributes) {
  const int dimension = add_dimension(name, values.size());
  add_variable(name, NC_DOUBLE, {dimension}, std::as_bytes(values), attributes, false);
  return dimension;
}

int NetcdfWriter::add_coordinate(const std::string& name, const std::vector<std::string>& values,
                                 const Attributes& attributes) {
  const int dimension = add_dimension(name, values.size());
  add_strings(name, {dimension}, values, attributes);
  return dimension;
}

void NetcdfWriter::add(const std::string& name, const Dimensions& dimensions, std::span<const double> values,
                       const Attributes& attributes) {
  add_variable(name, NC_DOUBLE, dimensions, std::as_bytes(values), attributes, true);
}

void NetcdfWriter::add(const std::string& name, const Dimensions& dimensions, std::span<const std::uint64_t> values,
                       const Attributes& attributes) {
  add_variable(name, NC_UINT64, dimensions, std::as_bytes(values), attributes, false);
}

void NetcdfWriter::add(const std::string& name, const Dimensions& dimensions, const std::vector<std::string>& values,
                       const Attributes& attributes) {
  add_strings(name, dimensions, values, attributes);
}

void NetcdfWriter::add_bytes(const std::string& name, std::span<const std::byte> bytes, const Attributes& attributes) {
  add_variable(name, NC_UBYTE, {add_dimension(name + "_byte", bytes.size())}, bytes, attributes, false, true);
}

void NetcdfWriter::add_content_list(const std::string& list) {
  group_ = file_;
  path_.clear();
  add_attribute(content_checksum_attribute, checksum_of(list));
  enter_group(content_group);
  add_bytes(content_list_variable, bytes_of(list),
            {{"long_name", "hash and name of every dimension, variable and attribute written, one a line"}});
}

std::string NetcdfWriter::finish() {
  const std::string list = content_.text();
  add_content_list(list);
  write_pending();
  NC_memio memory{};
  is_open_ = false;
  const int status = nc_close_memio(file_, &memory);
  const std::unique_ptr<void, decltype(&std::free)> owner(memory.memory, std::free);
  check(status);
  const std::string_view image(static_cast<const char*>(memory.memory), memory.size);
  return std::string(image.substr(0, end_of(image)));
}

}  // namespace chokepoint
