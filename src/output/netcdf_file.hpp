#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/netcdf_checksum.hpp"

/// The little of the netCDF C API that results need, with every return checked. Files are built in memory and written
/// by OutputFolder: the library reports a full disk late and poorly.
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
  int add_dimension(const std::string& name, std::size_t size);

  void add_attribute(const std::string& name, const std::string& value);
  void add_attribute(const std::string& name, std::uint64_t value);
  void add_attribute(const std::string& name, double value);

  /// Adds a variable with its values, in the order of the dimensions, the last one fastest. NaN where there is none.
  void add(const std::string& name, const Dimensions& dimensions, std::span<const double> values,
           const Attributes& attributes);
  void add(const std::string& name, const Dimensions& dimensions, std::span<const std::uint64_t> values,
           const Attributes& attributes);
  void add(const std::string& name, const Dimensions& dimensions, const std::vector<std::string>& values,
           const Attributes& attributes);
  void add_bytes(const std::string& name, std::span<const std::byte> bytes, const Attributes& attributes);

  /// Closes the file. @returns its bytes
  std::string finish();
  /// What NetcdfReader::checksum must give for this file.
  std::uint64_t checksum() const { return checksum_.value(); }

 private:
  int define(const std::string& name, int type, const Dimensions& dimensions, const Attributes& attributes,
             bool deflated);
  void check(int status) const;  ///< @throws OutputError, std::bad_alloc

  std::string name_, group_name_ = "/";
  NetcdfChecksum checksum_;
  int file_ = -1, group_ = -1;
  bool is_open_ = false;
};

/// Reads a file. What is wrong with it is told by UsageError: it is input.
class NetcdfReader {
 public:
  explicit NetcdfReader(std::string path);
  ~NetcdfReader();
  NetcdfReader(const NetcdfReader&) = delete;
  NetcdfReader& operator=(const NetcdfReader&) = delete;

  /// @param group empty for what lies in none
  bool has_variable(const std::string& group, const std::string& name) const;
  std::string text_attribute(const std::string& name) const;
  std::uint64_t count_attribute(const std::string& name) const;
  double number_attribute(const std::string& name) const;
  std::vector<std::byte> bytes(const std::string& group, const std::string& name) const;

  /// Checksum of all variables of the file, read back one by one.
  std::uint64_t checksum() const;

 private:
  int variable(const std::string& group, const std::string& name, int& group_id) const;
  void check(int status, const std::string& what) const;  ///< @throws UsageError, std::bad_alloc

  std::string path_, bytes_;  ///< of the file, which the library reads in memory
  int file_ = -1;
};

}  // namespace chokepoint
