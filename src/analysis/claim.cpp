#include "analysis/claim.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "analysis/predicate_names.hpp"
#include "chokepoint/verdict.hpp"
#include "scenario/names.hpp"

namespace chokepoint {
namespace {

/// Place of a byte of a text in its file. In quotes of one line it is exact unless letters are escaped; for three
/// quotes, the text may start on the line after them.
Diagnostic at_byte(const config::PlacedText& text, std::size_t offset) {
  Diagnostic fault{text.file, text.line, text.column, "", "", ""};
  if (text.line == 0) return fault;  // on the command line
  const std::string_view before = std::string_view(text.text).substr(0, offset);
  const int breaks = static_cast<int>(std::count(text.text.begin(), text.text.end(), '\n'));
  const int lines = text.last_line - text.line;
  if (lines == 0) {
    fault.column += 1 + static_cast<int>(offset);
    return fault;
  }
  const int opening_lines = std::max(lines - breaks, 0);
  const auto last_break = before.rfind('\n');
  const int line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  fault.line += opening_lines + line;
  if (last_break != std::string_view::npos)
    fault.column = static_cast<int>(offset - last_break);
  else
    fault.column = opening_lines > 0 ? 1 + static_cast<int>(offset) : text.column + 3 + static_cast<int>(offset);
  return fault;
}

class Preparation {
 public:
  explicit Preparation(const Scenario& scenario) : scenario_(scenario), claim_(scenario.claim) {
    prepared_.scenarios.push_back(std::make_shared<const Scenario>(scenario));
    names_.push_back({"", prepared_.scenarios[0].get()});
  }

  PreparedClaim take() {
    for (const config::ClaimTwin& twin : claim_.twins) read_twin(twin);
    // A predicate that names a twin which could not be read would be blamed for it.
    if (twins_are_sound_) ask_all();
    if (!faults_.empty()) throw ScenarioError(std::move(faults_));
    return std::move(prepared_);
  }

 private:
  void ask_all() {
    ask("claim", claim_.sentence, claim_.given, claim_.predicate);
    for (const config::ClaimPart& part : claim_.parts)
      ask("claim.part." + part.name, part.name, part.given, part.predicate);
  }

  void read_twin(const config::ClaimTwin& twin) {
    // The key may stand in a file that this scenario extends; one that was given on the command line is nowhere.
    const std::string& place = twin.file.line > 0 ? twin.file.file : scenario_.source_path;
    const auto path = std::filesystem::path(place).parent_path() / twin.file.text;
    try {
      add_twin(twin, read_scenario(path));
    } catch (const ScenarioError& error) {
      refuse_twin(twin, twin.file.text + " can't be used: " + format(error.diagnostics().front()),
                  "its path is relative to the file in which it stands");
    }
  }

  void add_twin(const config::ClaimTwin& twin, Scenario scenario) {
    const config::Names& taken = predicate_words();
    const bool starts_with_letter = !std::isdigit(static_cast<unsigned char>(twin.name[0]));
    if (index_of(taken, twin.name) >= 0 || twin.name.find('-') != std::string::npos || !starts_with_letter)
      refuse_twin(twin, "'" + twin.name + "' can't be the name of a twin",
                  "letters, digits and '_', a letter first, and no word of the language");
    else if (month_index(scenario_, scenario.start) != 0 || scenario.months != scenario_.months)
      refuse_twin(twin,
                  twin.file.text + " is incompatible: " + std::to_string(scenario.months) + " months from " +
                      format(scenario.start) + " against " + std::to_string(scenario_.months) + " from " +
                      format(scenario_.start),
                  "twins start together and are as long");
    prepared_.scenarios.push_back(std::make_shared<const Scenario>(std::move(scenario)));
    names_.push_back({twin.name, prepared_.scenarios.back().get()});
  }

  void refuse_twin(const config::ClaimTwin& twin, const std::string& message, const std::string& help) {
    twins_are_sound_ = false;
    faults_.push_back({twin.file.file, twin.file.line, twin.file.column, "claim.twin." + twin.name, message, help});
  }

  void ask(const std::string& key, const std::string& name, const config::PlacedText& given,
           const config::PlacedText& predicate) {
    std::optional<PathPredicate> premise;
    if (!given.text.empty()) premise = understood(key + ".given", given);
    std::optional<PathPredicate> condition = understood(key + ".predicate", predicate);
    if (condition)
      prepared_.questions.push_back({name, given.text, predicate.text, std::move(premise), std::move(*condition)});
  }

  std::optional<PathPredicate> understood(const std::string& key, const config::PlacedText& text) {
    try {
      return PathPredicate(text.text, names_);
    } catch (const PredicateError& error) {
      Diagnostic fault = at_byte(text, error.offset);
      fault.key = key;
      fault.message = error.what();
      fault.help = error.help;
      faults_.push_back(std::move(fault));
      return std::nullopt;
    }
  }

  const Scenario& scenario_;
  const config::Claim& claim_;
  PreparedClaim prepared_;
  std::vector<NamedScenario> names_;
  std::vector<Diagnostic> faults_;
  bool twins_are_sound_ = true;
};

}  // namespace

bool has_claim(const Scenario& scenario) {
  return !scenario.claim.sentence.empty();
}

PreparedClaim prepare_claim(const Scenario& scenario) {
  return Preparation(scenario).take();
}

void check_claim(const Scenario& scenario) {
  prepare_claim(scenario);
}

}  // namespace chokepoint
