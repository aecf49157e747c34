#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct XXH3_state_s;

namespace chokepoint {

/// The hash of one item: a dimension, an attribute, or a variable with its shape and values.
class ItemHash {
 public:
  ItemHash();
  ItemHash& add(std::span<const std::byte> bytes);
  ItemHash& add(std::uint64_t number);
  /// With the zero at its end, so that "ab", "c" is not "a", "bc".
  ItemHash& add(const std::string& text);
  std::uint64_t value() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

/// The content of a netCDF file, item by item, each with a hash of 64 bits. The writer makes the list from its input
/// and stores it in the file; the reader makes it from what it reads back. What the file holds but the list does not
/// was added later; what the list holds but the file does not was removed.
///
/// Items are named as ncdump shows them, with the group before: "attribute :seed", "attribute solved_only/firms_mean:
/// units", "dimension time", "variable tallies/all".
class ContentList {
 public:
  /// @param group "" for the root, else its path with a slash at the end: "solved_only/"
  void add_dimension(const std::string& group, const std::string& name, std::uint64_t size);
  /// @param variable empty for an attribute of the group
  /// @param type of netCDF; its value as bytes in memory
  void add_attribute(const std::string& group, const std::string& variable, const std::string& name, int type,
                     std::span<const std::byte> value);
  void add_variable(const std::string& group, const std::string& name, const ItemHash& hash);

  /// One line an item, its hash before its name, in the order of the names.
  std::string text() const;
  /// @throws std::invalid_argument on anything but lines of text()
  static ContentList parse(const std::string& text);

  const std::map<std::string, std::uint64_t>& items() const { return items_; }

 private:
  std::map<std::string, std::uint64_t> items_;
};

std::string attribute_item(const std::string& group, const std::string& variable, const std::string& name);
std::string variable_item(const std::string& group, const std::string& name);

/// The hash that stands for a whole list: 32 hexadecimal digits.
std::string checksum_of(const std::string& list_text);

/// What is read from a file in addition to its list.
struct ContentVisitor {
  /// Whether a variable's values are to be read, by its name as an item.
  std::function<bool(const std::string& item)> wants;
  /// Gets the attributes of the file and the values of its variables: the item, the type of netCDF, values in memory.
  std::function<void(const std::string& item, int type, std::span<const std::byte> values)> take;
};

/// What an open netCDF file holds, its own list of contents included.
/// @param file as netCDF numbers it @param most bytes that a variable may have: more is a damaged dimension
/// @param status of netCDF, filled in: that of the first call that failed
ContentList content_of(int file, std::size_t most, const ContentVisitor& visitor, int& status);

/// The hash of an attribute's value.
std::uint64_t attribute_hash(int type, std::span<const std::byte> value);

/// Starts the hash of a variable; its values follow.
ItemHash variable_hash(int type, const std::vector<std::string>& dimensions);

inline constexpr char content_group[] = "content", content_list_variable[] = "list";
inline constexpr char content_checksum_attribute[] = "content_checksum";

}  // namespace chokepoint
