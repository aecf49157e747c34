#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/content_list.hpp"

/// The part of the netCDF C API that results need, with every return value checked. Files are built in memory and
/// written by OutputFolder, and read into memory before the library sees them: the library reports full disks and
/// failing reads late and imprecisely, and mistakes some file names for others ("C:", "a\b").
namespace chokepoint {

/// Version of the library, "4.9.0".
std::string netcdf_version();

/// An open file or one of its groups; the file stays open as long as its NetcdfWriter or NetcdfReader lives.
class NetcdfWriter {
 public:
  using Dimensions = std::vector<int>;
  using Attributes = std::vector<std::pair<std::string, std::string>>;

  explicit NetcdfWriter(std::string name);  ///< of the file, for messages
  ~NetcdfWriter();
  NetcdfWriter(const NetcdfWriter&) = delete;
  NetcdfWriter& operator=(const NetcdfWriter&) = delete;

  /// Everything added from here on goes into a new group of the file.
  void enter_group(const std::string& name);

  void add_attribute(const std::string& name, const std::string& value);
  void add_attribute(const std::string& name, std::uint64_t value);
  void add_attribute(const std::string& name, double value);

  /// Adds a dimension and its coordinate variable of the same name. @returns the dimension
  int add_coordinate(const std::string& name, std::span<const double> values, const Attributes& attributes);
  int add_coordinate(const std::string& name, const std::vector<std::string>& values, const Attributes& attributes);

  /// Adds a variable with its values, in the order of the dimensions, the last one fastest. NaN where there is none.
  void add(const std::string& name, const Dimensions& dimensions, std::span<const double> values,
           const Attributes& attributes);
  void add(const std::string& name, const Dimensions& dimensions, std::span<const std::uint64_t> values,
           const Attributes& attributes);
  void add(const std::string& name, const Dimensions& dimensions, const std::vector<std::string>& values,
           const Attributes& attributes);
  /// @param bytes stay where they are until finish(): they may be many
  void add_bytes(const std::string& name, std::span<const std::byte> bytes, const Attributes& attributes);

  /// Adds the list of contents and closes the file. @returns its bytes
  std::string finish();

 private:
  int add_dimension(const std::string& name, std::size_t size);
  /// @param values of the variable, as its type holds them; copied where they do not stay until finish()
  void add_variable(const std::string& name, int type, const Dimensions& dimensions, std::span<const std::byte> values,
                    const Attributes& attributes, bool has_fill, bool stays = false);
  void add_strings(const std::string& name, const Dimensions& dimensions, const std::vector<std::string>& values,
                   const Attributes& attributes);
  int define(const std::string& name, int type, const Dimensions& dimensions, std::size_t values,
             const Attributes& attributes);
  void put_attribute(int variable, const std::string& variable_name, const std::string& name, int type,
                     std::size_t count, std::span<const std::byte> value);
  std::vector<std::string> names_of(const Dimensions& dimensions) const;
  void add_content_list(const std::string& list);
  void write_pending();
  void check(int status) const;  ///< @throws OutputError, std::bad_alloc

  /// Values of a defined variable. They wait until everything is defined: each definition after a value would make the
  /// library write out everything so far.
  struct Pending {
    int group, variable;
    std::span<const std::byte> values;
    std::vector<std::byte> copy;
    std::vector<std::string> texts;
  };

  std::vector<Pending> pending_;
  std::string name_, path_;  ///< path of the group: "" for the root, "solved_only/"
  ContentList content_;
  int file_ = -1, group_ = -1;
  bool is_open_ = false;
};

/// The content of a file. A child process reads it (in_child.hpp); from then on it is plain memory of this process. A
/// fault of the file is a UsageError, as the file is input.
class NetcdfReader {
 public:
  explicit NetcdfReader(std::string path);
  /// Reads the attributes of the file, and only those of its variables that are named ("price", "tallies/all").
  NetcdfReader(std::string path, const std::vector<std::string>& variables);

  const std::string& path() const { return path_; }
  /// Of the file; 1 where it says none.
  int format_version() const;

  /// @param group empty for what lies in none
  bool has_variable(const std::string& group, const std::string& name) const;
  bool has_attribute(const std::string& name) const;
  std::string text_attribute(const std::string& name) const;
  std::uint64_t count_attribute(const std::string& name) const;
  double number_attribute(const std::string& name) const;
  std::span<const std::byte> bytes(const std::string& group, const std::string& name) const;
  /// @param size number of values that the variable must have
  std::vector<double> numbers(const std::string& group, const std::string& name, std::size_t size) const;
  std::vector<std::uint64_t> counts(const std::string& group, const std::string& name, std::size_t size) const;

  /// All that the file holds, item by item.
  const ContentList& content() const { return content_; }

 private:
  struct Item {
    int type = 0;
    std::string part;       ///< as it came from the child
    std::size_t start = 0;  ///< of the values in it
    std::span<const std::byte> values() const;
  };

  void read(const std::function<bool(const std::string& item)>& wants);
  void take(std::string part);
  /// An item of that type. @throws UsageError where there is none
  const Item& item(const std::string& name, int type, const std::string& shown) const;
  template <class T>
  T single(const std::string& name, int type) const;
  template <class T>
  std::vector<T> values(const std::string& group, const std::string& name, int type, std::size_t size) const;

  std::string path_;
  std::map<std::string, Item> items_;
  ContentList content_;
};

}  // namespace chokepoint
