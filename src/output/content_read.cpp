#include <netcdf.h>

#include "output/content_list.hpp"

namespace chokepoint {
namespace {

/// Walks an open file. After the first call that fails nothing more is read.
class ContentReader {
 public:
  ContentReader(std::size_t most, const ContentVisitor& visitor) : most_(most), visitor_(visitor) {}

  ContentList list;
  int status = NC_NOERR;

  void read_group(int group, const std::string& path) {
    read_dimensions(group, path);
    read_attributes(group, NC_GLOBAL, path, "");
    int variables = 0;
    if (!ok(nc_inq_nvars(group, &variables))) return;
    for (int variable = 0; variable < variables && status == NC_NOERR; ++variable) read_variable(group, variable, path);
    for (const int child : ids(group, nc_inq_grps)) {
      char name[NC_MAX_NAME + 1] = {};
      if (!ok(nc_inq_grpname(child, name))) return;
      read_group(child, path + name + "/");
    }
  }

 private:
  bool ok(int result) {
    if (status == NC_NOERR) status = result;
    return status == NC_NOERR;
  }

  template <class Inquire>
  std::vector<int> ids(int group, Inquire inquire) {
    int count = 0;
    if (!ok(inquire(group, &count, nullptr))) return {};
    std::vector<int> found(static_cast<std::size_t>(count));
    if (!ok(inquire(group, &count, found.data()))) return {};
    return found;
  }

  void read_dimensions(int group, const std::string& path) {
    const auto inquire = [](int id, int* count, int* found) { return nc_inq_dimids(id, count, found, 0); };
    for (const int dimension : ids(group, inquire)) {
      char name[NC_MAX_NAME + 1] = {};
      std::size_t size = 0;
      if (!ok(nc_inq_dim(group, dimension, name, &size))) return;
      list.add_dimension(path, name, size);
    }
  }

  void read_attributes(int group, int variable, const std::string& path, const std::string& variable_name) {
    int count = 0;
    if (!ok(variable == NC_GLOBAL ? nc_inq_natts(group, &count) : nc_inq_varnatts(group, variable, &count))) return;
    for (int k = 0; k < count; ++k) {
      char name[NC_MAX_NAME + 1] = {};
      int type = 0;
      std::size_t length = 0, size = 0;
      if (!ok(nc_inq_attname(group, variable, k, name)) || !ok(nc_inq_att(group, variable, name, &type, &length)) ||
          !ok(nc_inq_type(group, type, nullptr, &size)))
        return;
      std::vector<std::byte> value(is_plain(type) ? length * size : 0);  // no attribute of ours is of another type
      if (!value.empty() && !ok(nc_get_att(group, variable, name, value.data()))) return;
      if (path.empty() && variable == NC_GLOBAL) visitor_.take(attribute_item("", "", name), type, value);
      list.add_attribute(path, variable_name, name, type, value);
    }
  }

  void read_variable(int group, int variable, const std::string& path) {
    char name[NC_MAX_NAME + 1] = {};
    int type = 0, dimension_count = 0;
    if (!ok(nc_inq_var(group, variable, name, &type, &dimension_count, nullptr, nullptr))) return;
    std::vector<int> dimensions(static_cast<std::size_t>(dimension_count));
    if (!ok(nc_inq_vardimid(group, variable, dimensions.data()))) return;
    std::vector<std::string> names;
    std::size_t values = 1;
    for (const int dimension : dimensions) {
      char dimension_name[NC_MAX_NAME + 1] = {};
      std::size_t length = 0;
      if (!ok(nc_inq_dim(group, dimension, dimension_name, &length))) return;
      names.emplace_back(dimension_name);
      values *= length;
    }
    if (values > most_) ok(NC_EDIMSIZE);
    ItemHash hash = variable_hash(type, names);
    const std::string item = variable_item(path, name);
    if (visitor_.wants(item)) read_values(group, variable, item, type, values, hash);
    list.add_variable(path, name, hash);
    read_attributes(group, variable, path, name);
  }

  void read_values(int group, int variable, const std::string& item, int type, std::size_t values, ItemHash& hash) {
    std::size_t size = 0;
    if (type == NC_STRING) read_strings(group, variable, values, hash);
    if (status != NC_NOERR || !is_plain(type) || !ok(nc_inq_type(group, type, nullptr, &size))) return;
    std::vector<std::byte> bytes(values * size);
    if (!ok(nc_get_var(group, variable, bytes.data()))) return;
    hash.add(bytes);
    visitor_.take(item, type, bytes);
  }

  void read_strings(int group, int variable, std::size_t values, ItemHash& hash) {
    if (status != NC_NOERR) return;
    std::vector<char*> strings(values);
    if (!ok(nc_get_var_string(group, variable, strings.data()))) return;
    for (const char* text : strings) hash.add(std::string(text ? text : ""));
    ok(nc_free_string(values, strings.data()));
  }

  static bool is_plain(int type) { return type > NC_NAT && type < NC_STRING; }

  std::size_t most_;
  const ContentVisitor& visitor_;
};

}  // namespace

ContentList content_of(int file, std::size_t most, const ContentVisitor& visitor, int& status) {
  ContentReader reader(most, visitor);
  reader.read_group(file, "");
  status = reader.status;
  return std::move(reader.list);
}

}  // namespace chokepoint
