#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/predicate.hpp"
#include "analysis/predicate_terms.hpp"

/// The meaning of the names in a predicate.
namespace chokepoint {

class PredicateNames {
 public:
  explicit PredicateNames(std::span<const NamedScenario> scenarios) : scenarios_(scenarios) {}

  bool is_twin(const std::string& word) const { return place_of(word) >= 0; }

  /// The measure `word[index]` of a twin, or of the claim's own scenario for an empty name. In the index, `*` stands
  /// for each of `elements`.
  /// @param offset of the word in the text, `index_offset` that of the index
  /// @throws PredicateError with the nearest name
  Number measure(const std::string& twin, const std::string& word, std::size_t offset, const std::string& index,
                 std::size_t index_offset, const std::vector<std::string>& elements) const;

  /// Month of the horizon. @throws PredicateError
  int month(const std::string& text, std::size_t offset) const;

  int last_month() const { return scenarios_[0].scenario->months - 1; }
  /// @throws PredicateError that there is no such measure
  [[noreturn]] void refuse_word(const std::string& word, std::size_t offset) const;
  /// @throws PredicateError that there is no such twin
  [[noreturn]] void refuse_twin(const std::string& word, std::size_t offset) const;

 private:
  int place_of(const std::string& twin) const;

  std::span<const NamedScenario> scenarios_;
};

/// Words that cannot be the name of a twin.
const std::vector<std::string>& predicate_words();

}  // namespace chokepoint
