#include <fmt/format.h>
#include <netcdf.h>
#include <netcdf_mem.h>

#include <new>
#include <system_error>

#include "machine/memory_limit.hpp"
#include "machine/read_file.hpp"
#include "output/errors.hpp"
#include "output/netcdf_checksum.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {

namespace {

/// The library reports a disk that fails poorly, and does not survive a close that does.
std::string bytes_of(const std::string& path) {
  try {
    return read_file(path);
  } catch (const std::system_error& error) {
    throw UsageError(fmt::format("'{}' cannot be read: {}", path, error.code().message()));
  }
}

}  // namespace

NetcdfReader::NetcdfReader(std::string path) : path_(std::move(path)), bytes_(bytes_of(path_)) {
  constexpr std::uint64_t library = std::uint64_t{16} << 20;
  require_memory(library + 4 * bytes_.size());
  check(nc_open_mem(path_.c_str(), NC_NOWRITE, bytes_.size(), bytes_.data(), &file_), "be opened");
}

NetcdfReader::~NetcdfReader() {
  if (file_ >= 0) nc_close(file_);
}

void NetcdfReader::check(int status, const std::string& what) const {
  if (status == NC_NOERR) return;
  if (status == NC_ENOMEM) throw std::bad_alloc();
  throw UsageError(fmt::format("'{}' cannot {}: {}; it may be damaged, or no result of chokepoint", path_, what,
                               nc_strerror(status)));
}

int NetcdfReader::variable(const std::string& group, const std::string& name, int& group_id) const {
  int id = -1;
  check(nc_inq_ncid(file_, group.c_str(), &group_id), "be read: group " + group);
  check(nc_inq_varid(group_id, name.c_str(), &id), "be read: variable " + group + "/" + name);
  return id;
}

bool NetcdfReader::has_variable(const std::string& group, const std::string& name) const {
  int group_id = file_, id = -1;
  return (group.empty() || nc_inq_ncid(file_, group.c_str(), &group_id) == NC_NOERR) &&
         nc_inq_varid(group_id, name.c_str(), &id) == NC_NOERR;
}

std::string NetcdfReader::text_attribute(const std::string& name) const {
  int type = 0;
  std::size_t size = 0;
  check(nc_inq_att(file_, NC_GLOBAL, name.c_str(), &type, &size), "be read: attribute " + name);
  if (type != NC_CHAR) check(NC_EBADTYPE, "be read: attribute " + name);
  std::string text(size, '\0');
  check(nc_get_att_text(file_, NC_GLOBAL, name.c_str(), text.data()), "be read: attribute " + name);
  return text;
}

std::uint64_t NetcdfReader::count_attribute(const std::string& name) const {
  int type = 0;
  std::size_t size = 0;
  unsigned long long value = 0;
  check(nc_inq_att(file_, NC_GLOBAL, name.c_str(), &type, &size), "be read: attribute " + name);
  if (type != NC_UINT64 || size != 1) check(NC_EBADTYPE, "be read: attribute " + name);
  check(nc_get_att_ulonglong(file_, NC_GLOBAL, name.c_str(), &value), "be read: attribute " + name);
  return value;
}

double NetcdfReader::number_attribute(const std::string& name) const {
  int type = 0;
  std::size_t size = 0;
  double value = 0;
  check(nc_inq_att(file_, NC_GLOBAL, name.c_str(), &type, &size), "be read: attribute " + name);
  if (type != NC_DOUBLE || size != 1) check(NC_EBADTYPE, "be read: attribute " + name);
  check(nc_get_att_double(file_, NC_GLOBAL, name.c_str(), &value), "be read: attribute " + name);
  return value;
}

std::vector<std::byte> NetcdfReader::bytes(const std::string& group, const std::string& name) const {
  int group_id = -1, type = 0, dimension_count = 0, dimension = -1;
  const int id = variable(group, name, group_id);
  const std::string what = "be read: variable " + group + "/" + name;
  check(nc_inq_vartype(group_id, id, &type), what);
  check(nc_inq_varndims(group_id, id, &dimension_count), what);
  if (type != NC_UBYTE || dimension_count != 1) check(NC_EBADTYPE, what);
  check(nc_inq_vardimid(group_id, id, &dimension), what);
  std::size_t size = 0;
  check(nc_inq_dimlen(group_id, dimension, &size), what);
  std::vector<std::byte> bytes(size);
  check(nc_get_var_uchar(group_id, id, reinterpret_cast<unsigned char*>(bytes.data())), what);
  return bytes;
}

std::uint64_t NetcdfReader::checksum() const {
  NetcdfChecksum sum;
  check(add_group(sum, file_), "be read");
  return sum.value();
}

}  // namespace chokepoint
