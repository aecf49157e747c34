#include "analysis/predicate_names.hpp"

#include "chokepoint/market/measure_table.hpp"
#include "config/spelling.hpp"
#include "scenario/measure_layout.hpp"
#include "scenario/names.hpp"
#include "scenario/sizes.hpp"

namespace chokepoint {
namespace {

std::vector<std::string> measure_words() {
  std::vector<std::string> words;
  for (const MeasureInfo& info : measure_table) words.emplace_back(info.name);
  return words;
}

std::string with_element(std::string index, const std::string& element) {
  const std::size_t star = index.find('*');
  return star == std::string::npos ? index : index.replace(star, 1, element);
}

}  // namespace

const std::vector<std::string>& predicate_words() {
  static const std::vector<std::string> words = {
      "and", "or",   "not", "then", "within", "month",  "months", "between", "by",     "start", "end",
      "at",  "mean", "sum", "min",  "max",    "occurs", "always", "first",   "begins", "rank",  "leader"};
  return words;
}

int PredicateNames::place_of(const std::string& twin) const {
  for (std::size_t k = 0; k < scenarios_.size(); ++k)
    if (scenarios_[k].name == twin) return static_cast<int>(k);
  return -1;
}

void PredicateNames::refuse_word(const std::string& word, std::size_t offset) const {
  std::vector<std::string> known = measure_words();
  known.insert(known.end(), predicate_words().begin(), predicate_words().end());
  throw PredicateError(offset, "there is no measure '" + shown(word) + "'", suggestion(word, known));
}

void PredicateNames::refuse_twin(const std::string& word, std::size_t offset) const {
  std::vector<std::string> twins;
  for (const NamedScenario& scenario : scenarios_)
    if (!scenario.name.empty()) twins.push_back(scenario.name);
  throw PredicateError(offset, "there is no twin '" + shown(word) + "'",
                       twins.empty() ? "add a [[claim.twin]] of that name" : suggestion(word, twins));
}

Number PredicateNames::measure(const std::string& twin, const std::string& word, std::size_t offset,
                               const std::string& index, std::size_t index_offset,
                               const std::vector<std::string>& elements) const {
  const auto place = static_cast<std::size_t>(place_of(twin));
  const Scenario& scenario = *scenarios_[place].scenario;
  const int number = index_of(measure_words(), word);
  if (number < 0) refuse_word(word, offset);
  const MeasureBlock block = measure_layout(scenario_sizes(scenario))[static_cast<std::size_t>(number)];
  const config::Names known = element_names(scenario, block.dimension);
  if (block.dimension == Dimension::world && !index.empty())
    throw PredicateError(index_offset, "'" + word + "' is one number for the world", "write it without brackets");
  if (block.dimension != Dimension::world && index.empty())
    throw PredicateError(offset, "'" + word + "' needs a name in brackets", suggestion("", known));
  const bool is_family = index.find('*') != std::string::npos;
  if (is_family && elements.empty())
    throw PredicateError(index_offset, "'*' stands for the names of a leader, and there is none here",
                         "write a name; " + suggestion("", known));
  std::vector<int> columns;
  for (const std::string& element : is_family ? elements : std::vector<std::string>{""}) {
    const std::string name = with_element(index, element);
    const int at = index_of(known, name);
    if (at < 0)
      throw PredicateError(
          index_offset, (twin.empty() ? "" : "in '" + twin + "' ") + ("there is no " + word + "[" + shown(name) + "]"),
          suggestion(name, known));
    columns.push_back(block.offset + at);
  }
  return measured(place, std::move(columns));
}

int PredicateNames::month(const std::string& text, std::size_t offset) const {
  const Scenario& scenario = *scenarios_[0].scenario;
  const config::YearMonth date = {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5))};
  const int month = month_index(scenario, date);
  if (date.month >= 1 && date.month <= 12 && month >= 0 && month <= last_month()) return month;
  const int last = 12 * scenario.start.year + scenario.start.month - 1 + last_month();
  const std::string range = format(scenario.start) + " to " + format(config::YearMonth{last / 12, last % 12 + 1});
  if (date.month < 1 || date.month > 12) throw PredicateError(offset, text + " is no month", "write it as 2026-07");
  throw PredicateError(offset, text + " lies outside the scenario", "allowed: " + range);
}

}  // namespace chokepoint
