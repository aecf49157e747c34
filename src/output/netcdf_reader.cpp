#include <fmt/format.h>
#include <netcdf.h>
#include <netcdf_mem.h>

#include <new>

#include "machine/memory_limit.hpp"
#include "output/errors.hpp"
#include "output/file_bytes.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {

namespace {

/// More than this no variable can hold that a file of so many bytes gives back: deflate packs at most 1,032 times.
std::size_t most_bytes(std::size_t file_size) {
  return 1100 * file_size;
}

}  // namespace

NetcdfReader::NetcdfReader(std::string path) : NetcdfReader(path, file_bytes(path)) {}

NetcdfReader::NetcdfReader(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {
  constexpr std::uint64_t library = std::uint64_t{16} << 20;
  require_memory(library + 4 * bytes_.size());
  check(nc_open_mem("result.nc", NC_NOWRITE, bytes_.size(), bytes_.data(), &file_), "be opened");
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

int NetcdfReader::format_version() const {
  if (!has_attribute("format_version")) return 1;
  return static_cast<int>(count_attribute("format_version"));
}

int NetcdfReader::variable(const std::string& group, const std::string& name, int& group_id) const {
  int id = -1;
  group_id = file_;
  if (!group.empty()) check(nc_inq_ncid(file_, group.c_str(), &group_id), "be read: group " + group);
  check(nc_inq_varid(group_id, name.c_str(), &id), "be read: variable " + group + "/" + name);
  return id;
}

bool NetcdfReader::has_variable(const std::string& group, const std::string& name) const {
  int group_id = file_, id = -1;
  return (group.empty() || nc_inq_ncid(file_, group.c_str(), &group_id) == NC_NOERR) &&
         nc_inq_varid(group_id, name.c_str(), &id) == NC_NOERR;
}

bool NetcdfReader::has_attribute(const std::string& name) const {
  int id = 0;
  return nc_inq_attid(file_, NC_GLOBAL, name.c_str(), &id) == NC_NOERR;
}

void NetcdfReader::check_attribute(const std::string& name, int type, std::size_t& size) const {
  int found = 0;
  check(nc_inq_att(file_, NC_GLOBAL, name.c_str(), &found, &size), "be read: attribute " + name);
  if (found != type || (type != NC_CHAR && size != 1)) check(NC_EBADTYPE, "be read: attribute " + name);
}

std::string NetcdfReader::text_attribute(const std::string& name) const {
  std::size_t size = 0;
  check_attribute(name, NC_CHAR, size);
  std::string text(size, '\0');
  check(nc_get_att_text(file_, NC_GLOBAL, name.c_str(), text.data()), "be read: attribute " + name);
  return text;
}

std::uint64_t NetcdfReader::count_attribute(const std::string& name) const {
  std::size_t size = 0;
  unsigned long long value = 0;
  check_attribute(name, NC_UINT64, size);
  check(nc_get_att_ulonglong(file_, NC_GLOBAL, name.c_str(), &value), "be read: attribute " + name);
  return value;
}

double NetcdfReader::number_attribute(const std::string& name) const {
  std::size_t size = 0;
  double value = 0;
  check_attribute(name, NC_DOUBLE, size);
  check(nc_get_att_double(file_, NC_GLOBAL, name.c_str(), &value), "be read: attribute " + name);
  return value;
}

std::size_t NetcdfReader::size_of(int group, int variable, int type, const std::string& what) const {
  int found = 0, dimension_count = 0;
  check(nc_inq_vartype(group, variable, &found), what);
  check(nc_inq_varndims(group, variable, &dimension_count), what);
  if (found != type) check(NC_EBADTYPE, what);
  std::vector<int> dimensions(static_cast<std::size_t>(dimension_count));
  check(nc_inq_vardimid(group, variable, dimensions.data()), what);
  std::size_t values = 1;
  for (const int dimension : dimensions) {
    std::size_t size = 0;
    check(nc_inq_dimlen(group, dimension, &size), what);
    values *= size;
  }
  if (values > most_bytes(bytes_.size())) check(NC_EDIMSIZE, what);
  return values;
}

std::vector<std::byte> NetcdfReader::bytes(const std::string& group, const std::string& name) const {
  int group_id = -1;
  const int id = variable(group, name, group_id);
  const std::string what = "be read: variable " + group + "/" + name;
  std::vector<std::byte> bytes(size_of(group_id, id, NC_UBYTE, what));
  check(nc_get_var_uchar(group_id, id, reinterpret_cast<unsigned char*>(bytes.data())), what);
  return bytes;
}

std::vector<double> NetcdfReader::numbers(const std::string& group, const std::string& name, std::size_t size) const {
  int group_id = -1;
  const int id = variable(group, name, group_id);
  const std::string what = "be read: variable " + group + "/" + name;
  if (size_of(group_id, id, NC_DOUBLE, what) != size) check(NC_EDIMSIZE, what);
  std::vector<double> numbers(size);
  check(nc_get_var_double(group_id, id, numbers.data()), what);
  return numbers;
}

std::vector<std::uint64_t> NetcdfReader::counts(const std::string& group, const std::string& name,
                                                std::size_t size) const {
  int group_id = -1;
  const int id = variable(group, name, group_id);
  const std::string what = "be read: variable " + group + "/" + name;
  if (size_of(group_id, id, NC_UINT64, what) != size) check(NC_EDIMSIZE, what);
  std::vector<std::uint64_t> counts(size);
  check(nc_get_var(group_id, id, counts.data()), what);
  return counts;
}

ContentList NetcdfReader::content() const {
  int status = NC_NOERR;
  ContentList list = content_of(file_, most_bytes(bytes_.size()), status);
  check(status, "be read");
  return list;
}

}  // namespace chokepoint
