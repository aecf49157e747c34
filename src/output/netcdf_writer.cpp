#include <netcdf.h>
#include <netcdf_mem.h>

#include <cstdlib>
#include <limits>
#include <memory>
#include <new>

#include "output/errors.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

constexpr int deflate_level = 4;
constexpr std::size_t least_to_deflate = 64;  // chunks of fewer values only grow

bool is_worth_deflating(std::size_t values) {
  return values >= least_to_deflate;
}

}  // namespace

std::string netcdf_version() {
  const std::string full = nc_inq_libvers();  // "4.9.0 of Jan  1 2023 ..."
  return full.substr(0, full.find(' '));
}

NetcdfWriter::NetcdfWriter(std::string name) : name_(std::move(name)) {
  check(nc_create_mem(name_.c_str(), NC_NETCDF4, std::size_t{1} << 20, &file_));
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
  throw OutputError("cannot build '" + name_ + "': " + nc_strerror(status));
}

void NetcdfWriter::enter_group(const std::string& name) {
  check(nc_def_grp(file_, name.c_str(), &group_));
  group_name_ = name;
}

int NetcdfWriter::add_dimension(const std::string& name, std::size_t size) {
  int dimension = -1;
  check(nc_def_dim(group_, name.c_str(), size, &dimension));
  return dimension;
}

void NetcdfWriter::add_attribute(const std::string& name, const std::string& value) {
  check(nc_put_att_text(group_, NC_GLOBAL, name.c_str(), value.size(), value.data()));
}

void NetcdfWriter::add_attribute(const std::string& name, std::uint64_t value) {
  const unsigned long long wide = value;
  check(nc_put_att_ulonglong(group_, NC_GLOBAL, name.c_str(), NC_UINT64, 1, &wide));
}

void NetcdfWriter::add_attribute(const std::string& name, double value) {
  check(nc_put_att_double(group_, NC_GLOBAL, name.c_str(), NC_DOUBLE, 1, &value));
}

int NetcdfWriter::define(const std::string& name, int type, const Dimensions& dimensions, const Attributes& attributes,
                         bool deflated) {
  int variable = -1;
  check(nc_def_var(group_, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(), &variable));
  if (deflated && !dimensions.empty()) check(nc_def_var_deflate(group_, variable, NC_SHUFFLE, 1, deflate_level));
  if (type == NC_DOUBLE) {
    const double fill = std::numeric_limits<double>::quiet_NaN();
    check(nc_put_att_double(group_, variable, "_FillValue", NC_DOUBLE, 1, &fill));
  }
  checksum_.begin(group_name_.c_str(), name.c_str());
  for (const auto& [key, value] : attributes)
    check(nc_put_att_text(group_, variable, key.c_str(), value.size(), value.data()));
  return variable;
}

void NetcdfWriter::add(const std::string& name, const Dimensions& dimensions, std::span<const double> values,
                       const Attributes& attributes) {
  const int variable = define(name, NC_DOUBLE, dimensions, attributes, is_worth_deflating(values.size()));
  check(nc_put_var_double(group_, variable, values.data()));
  checksum_.add(std::as_bytes(values));
  checksum_.end();
}

void NetcdfWriter::add(const std::string& name, const Dimensions& dimensions, std::span<const std::uint64_t> values,
                       const Attributes& attributes) {
  static_assert(sizeof(std::uint64_t) == sizeof(unsigned long long));
  const int variable = define(name, NC_UINT64, dimensions, attributes, is_worth_deflating(values.size()));
  check(nc_put_var(group_, variable, values.data()));
  checksum_.add(std::as_bytes(values));
  checksum_.end();
}

void NetcdfWriter::add(const std::string& name, const Dimensions& dimensions, const std::vector<std::string>& values,
                       const Attributes& attributes) {
  const int variable = define(name, NC_STRING, dimensions, attributes, false);
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  check(nc_put_var_string(group_, variable, pointers.data()));
  for (const char* text : pointers) checksum_.add(text);
  checksum_.end();
}

void NetcdfWriter::add_bytes(const std::string& name, std::span<const std::byte> bytes, const Attributes& attributes) {
  const int dimension = add_dimension(name + "_byte", bytes.size());
  const int variable = define(name, NC_UBYTE, {dimension}, attributes, is_worth_deflating(bytes.size()));
  check(nc_put_var_uchar(group_, variable, reinterpret_cast<const unsigned char*>(bytes.data())));
  checksum_.add(bytes);
  checksum_.end();
}

std::string NetcdfWriter::finish() {
  NC_memio memory{};
  is_open_ = false;
  check(nc_close_memio(file_, &memory));
  const std::unique_ptr<void, decltype(&std::free)> owner(memory.memory, std::free);
  return std::string(static_cast<const char*>(memory.memory), memory.size);
}

}  // namespace chokepoint
