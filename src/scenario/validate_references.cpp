#include <set>

#include "config/reader.hpp"
#include "config/spelling.hpp"
#include "scenario/keys.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"
#include "scenario/validate.hpp"

namespace chokepoint {

namespace {

/// Walks the tables that were read, by the key table that read them.
class ReferenceCheck {
 public:
  ReferenceCheck(const Scenario& scenario, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (int i = 0; i <= static_cast<int>(Refers::measure); ++i) {
      const auto what = static_cast<Refers>(i);
      known_.push_back(names_referred_to(scenario, what));
      complete_.push_back(are_complete(what, known_.back()));
    }
  }

  void check_table(const Table& table, void* object, const std::string& path) {
    for (const Field& field : table.fields) check_field(field, field.locate(object), join(path, field.name));
  }

 private:
  /// Whether a name that is not among these is certainly wrong: not so where the things themselves read badly.
  bool are_complete(Refers what, const config::Names& names) const {
    if (what == Refers::measure) return diagnostics_.sound({"region", "chip", "segment", "provider", "export_class"});
    const bool all_differ = std::set(names.begin(), names.end()).size() == names.size();  // else one is misnamed
    return all_differ && index_of(names, "") < 0 && !diagnostics_.has_fault(words_for(what));
  }

  void check_field(const Field& field, const Slot& slot, const std::string& path) {
    if (const auto* sub = std::get_if<SubTable>(&slot)) check_table(*sub->table, sub->object, path);
    if (const auto* list = std::get_if<TableList>(&slot)) check_list(*list, path);
    if (field.rule.refers == Refers::nothing) return;
    if (const auto* word = std::get_if<std::string*>(&slot)) check_word(field, **word, path);
    if (const auto* words = std::get_if<config::Names*>(&slot))
      for (std::size_t i = 0; i < (*words)->size(); ++i)
        check_word(field, (**words)[i], path + "[" + std::to_string(i) + "]");
    if (const auto* numbers = std::get_if<config::NumberByName*>(&slot))
      for (const auto& [word, value] : **numbers) check_word(field, word, join(path, word));
  }

  void check_list(const TableList& list, const std::string& path) {
    const std::vector<void*> elements = list.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const std::string label = identity(*list.table, elements[i]);
      check_table(*list.table, elements[i], label.empty() ? path + "[" + std::to_string(i) + "]" : join(path, label));
    }
  }

  void check_word(const Field& field, const std::string& word, const std::string& path) {
    const auto what = static_cast<std::size_t>(field.rule.refers);
    if (word.empty() || !complete_[what] || index_of(known_[what], word) >= 0) return;
    diagnostics_.fault(path, "there is no " + std::string(words_for(field.rule.refers)) + " '" + shown(word) + "'",
                       suggestion(word, known_[what]));
  }

  Diagnostics& diagnostics_;
  std::vector<config::Names> known_;  // by Refers
  std::vector<bool> complete_;
};

}  // namespace

void check_references(Scenario& scenario, Diagnostics& diagnostics) {
  ReferenceCheck(scenario, diagnostics).check_table(config_table(), &scenario, "");
}

}  // namespace chokepoint
