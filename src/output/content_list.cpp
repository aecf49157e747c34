#include "output/content_list.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>
#include <new>
#include <stdexcept>

namespace chokepoint {

ItemHash::ItemHash() : state_(XXH3_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH3_64bits_reset(state_.get());
}

void ItemHash::Free::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

ItemHash& ItemHash::add(std::span<const std::byte> bytes) {
  XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
  return *this;
}

ItemHash& ItemHash::add(std::uint64_t number) {
  return add(std::as_bytes(std::span(&number, 1)));
}

ItemHash& ItemHash::add(const std::string& text) {
  return add(std::as_bytes(std::span(text.c_str(), text.size() + 1)));
}

std::uint64_t ItemHash::value() const {
  return XXH3_64bits_digest(state_.get());
}

std::uint64_t attribute_hash(int type, std::span<const std::byte> value) {
  return ItemHash().add(static_cast<std::uint64_t>(type)).add(value).value();
}

ItemHash variable_hash(int type, const std::vector<std::string>& dimensions) {
  ItemHash hash;
  hash.add(static_cast<std::uint64_t>(type));
  for (const std::string& dimension : dimensions) hash.add(dimension);
  return hash;
}

void ContentList::add_dimension(const std::string& group, const std::string& name, std::uint64_t size) {
  items_["dimension " + group + name] = ItemHash().add(size).value();
}

void ContentList::add_attribute(const std::string& group, const std::string& variable, const std::string& name,
                                int type, std::span<const std::byte> value) {
  items_[attribute_item(group, variable, name)] = attribute_hash(type, value);
}

void ContentList::add_variable(const std::string& group, const std::string& name, const ItemHash& hash) {
  items_[variable_item(group, name)] = hash.value();
}

std::string ContentList::text() const {
  std::string text;
  for (const auto& [item, hash] : items_) text += fmt::format("{:016x} {}\n", hash, item);
  return text;
}

ContentList ContentList::parse(const std::string& text) {
  constexpr std::size_t digits = 16;
  ContentList list;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string::npos || end < start + digits + 2) throw std::invalid_argument("a line is cut short");
    std::uint64_t hash = 0;
    const char *first = text.data() + start, *last = first + digits;
    if (std::from_chars(first, last, hash, 16).ptr != last || *last != ' ')
      throw std::invalid_argument("a line has no hash");
    list.items_[text.substr(start + digits + 1, end - start - digits - 1)] = hash;
    start = end + 1;
  }
  return list;
}

std::string attribute_item(const std::string& group, const std::string& variable, const std::string& name) {
  return "attribute " + group + variable + ":" + name;
}

std::string variable_item(const std::string& group, const std::string& name) {
  return "variable " + group + name;
}

std::string checksum_of(const std::string& list_text) {
  const XXH128_hash_t hash = XXH3_128bits(list_text.data(), list_text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace chokepoint
