#include "output/netcdf_checksum.hpp"

#include <netcdf.h>

namespace chokepoint {
namespace {

int number_of_values(int group, int variable, int dimension_count, std::size_t& values) {
  std::vector<int> dimensions(static_cast<std::size_t>(dimension_count));
  if (const int status = nc_inq_vardimid(group, variable, dimensions.data())) return status;
  values = 1;
  for (const int dimension : dimensions) {
    std::size_t size = 0;
    if (const int status = nc_inq_dimlen(group, dimension, &size)) return status;
    values *= size;
  }
  return NC_NOERR;
}

int add_numbers(NetcdfChecksum& checksum, int group, int variable, int type, std::size_t values) {
  std::size_t size = 0;
  if (const int status = nc_inq_type(group, type, nullptr, &size)) return status;
  std::vector<std::byte> bytes(values * size);
  if (const int status = nc_get_var(group, variable, bytes.data())) return status;
  checksum.add(bytes);
  return NC_NOERR;
}

int add_strings(NetcdfChecksum& checksum, int group, int variable, std::size_t values) {
  std::vector<char*> strings(values);
  if (const int status = nc_get_var_string(group, variable, strings.data())) return status;
  for (const char* text : strings) checksum.add(text ? text : "");
  return nc_free_string(values, strings.data());
}

int add_variable(NetcdfChecksum& checksum, int group, int variable) {
  char name[NC_MAX_NAME + 1] = {}, group_name[NC_MAX_NAME + 1] = {};
  int type = 0, dimension_count = 0;
  std::size_t values = 0;
  if (const int status = nc_inq_var(group, variable, name, &type, &dimension_count, nullptr, nullptr)) return status;
  if (const int status = number_of_values(group, variable, dimension_count, values)) return status;
  if (const int status = nc_inq_grpname(group, group_name)) return status;
  checksum.begin(group_name, name);
  const int status = type == NC_STRING ? add_strings(checksum, group, variable, values)
                                       : add_numbers(checksum, group, variable, type, values);
  checksum.end();
  return status;
}

}  // namespace

int add_group(NetcdfChecksum& checksum, int group) {
  int count = 0;
  if (const int status = nc_inq_nvars(group, &count)) return status;
  for (int variable = 0; variable < count; ++variable)
    if (const int status = add_variable(checksum, group, variable)) return status;
  if (const int status = nc_inq_grps(group, &count, nullptr)) return status;
  std::vector<int> groups(static_cast<std::size_t>(count));
  if (const int status = nc_inq_grps(group, &count, groups.data())) return status;
  for (const int child : groups)
    if (const int status = add_group(checksum, child)) return status;
  return NC_NOERR;
}

}  // namespace chokepoint
