#include "analysis/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/markdown.hpp"
#include "chokepoint/version.hpp"
#include "config/spelling.hpp"
#include "output/csv_text.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

constexpr std::size_t sentence_width = 58;
constexpr std::size_t named_sources = 2;

/// The first words of a text, as many as fit; letters of a word that is too long itself.
std::string shortened(const std::string& words, std::size_t width) {
  const std::string text = one_line(words);
  if (text.size() <= width) return text;
  const std::size_t space = text.rfind(' ', width - 4);
  return space == std::string::npos || space == 0 ? shown(text, width - 3) : text.substr(0, space) + " ...";
}

/// Near none and near all, a digit more: 0.04 is not nothing.
std::string percent(double share) {
  if (std::isnan(share)) return "-";
  return fmt::format("{:.{}f}", 100 * share, share < 0.005 || share > 0.995 ? 2 : 1);
}

std::string interval(const Probability& p) {
  return std::isnan(p.value) ? "" : percent(p.low) + " to " + percent(p.high);
}

std::uint64_t total(const PathCounts& paths) {
  return paths.decided() + paths.not_given + paths.undefined + paths.unsolved;
}

/// "demand +12.1, conduct -3.0": percentage points; only what is clear.
std::string dependence(const Verdict& verdict) {
  std::string text;
  std::size_t named = 0;
  for (const SourceEffect& effect : verdict.effects)
    if (effect.is_clear() && named < named_sources) {
      text += fmt::format("{}{} {:+.1f}", named == 0 ? "" : ", ", effect.source, 100 * effect.change);
      ++named;
    }
  return named == 0 && !verdict.effects.empty() ? "no source clearly" : text;
}

std::string number_text_of(const Verdict& verdict) {
  return verdict.number > 0 ? std::to_string(verdict.number) : "";
}

/// "5,000 of 10,000 paths do not meet the condition; 12 undefined; 3 unsolved"; empty where every path decides.
std::string undecided(const PathCounts& paths) {
  std::vector<std::string> reasons;
  const auto add = [&](std::uint64_t count, const char* words) {
    if (count > 0) reasons.push_back(fmt::format("{} {}", count_text(count, "path"), words));
  };
  add(paths.not_given, "outside `given`");
  add(paths.undefined, "with an undefined value");
  add(paths.unsolved, "with an unsolved month");
  if (reasons.empty()) return "";
  return fmt::format("{}; decided on {} of {}", fmt::join(reasons, ", "), count_text(paths.decided()),
                     count_text(total(paths)));
}

/// Lines of notes on one verdict, each a name and a text.
std::vector<std::pair<std::string, std::string>> notes_on(const Verdict& verdict) {
  std::vector<std::pair<std::string, std::string>> notes;
  const auto add = [&](const std::string& name, const std::string& text) {
    if (!text.empty()) notes.emplace_back(name, text);
  };
  add("given", verdict.answer.given);
  add("paths", undecided(verdict.answer.paths));
  for (const Answer& part : verdict.parts) {
    const std::string rest = undecided(part.paths);
    const std::string probability =
        std::isnan(part.probability.value)
            ? "no path decides"
            : fmt::format("{} % ({})", percent(part.probability.value), interval(part.probability));
    add("part", part.name + ": " + probability + (rest.empty() ? "" : "; " + rest));
  }
  add("limits", verdict.limits);
  return notes;
}

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const Answer& answer) {
  const PathCounts& paths = answer.paths;
  return {{"name", answer.name},
          {"given", answer.given},
          {"predicate", answer.predicate},
          {"probability", number_or_null(answer.probability.value)},
          {"interval_95", {number_or_null(answer.probability.low), number_or_null(answer.probability.high)}},
          {"holds", paths.holds},
          {"fails", paths.fails},
          {"not_given", paths.not_given},
          {"undefined", paths.undefined},
          {"unsolved", paths.unsolved}};
}

Json to_json(const SourceEffect& effect) {
  return {{"source", effect.source},
          {"change", number_or_null(effect.change)},
          {"interval_95", {number_or_null(effect.low), number_or_null(effect.high)}},
          {"paths", effect.paths}};
}

template <class Element>
Json list_of(const std::vector<Element>& elements) {
  Json list = Json::array();
  for (const Element& element : elements) list.push_back(to_json(element));
  return list;
}

Json to_json(const Verdict& verdict) {
  return {{"number", verdict.number},
          {"sentence", verdict.sentence},
          {"source", verdict.source},
          {"limits", verdict.limits},
          {"scenario", verdict.scenario},
          {"title", verdict.title},
          {"file", verdict.file},
          {"twins", verdict.twins},
          {"seed", verdict.seed},
          {"first_path", verdict.first_path},
          {"paths", verdict.paths},
          {"answer", to_json(verdict.answer)},
          {"parts", list_of(verdict.parts)},
          {"effects", list_of(verdict.effects)}};
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format(",{:.9g}", value) : ",";
}

std::string csv_line(const Verdict& verdict, const Answer& answer, const std::string& part) {
  const PathCounts& paths = answer.paths;
  return fmt::format("{},{},{}", verdict.number, csv_field(part), csv_field(verdict.sentence)) +
         csv_number(answer.probability.value) + csv_number(answer.probability.low) +
         csv_number(answer.probability.high) +
         fmt::format(",{},{},{},{},{},{},{}\n", paths.holds, paths.fails, paths.not_given, paths.undefined,
                     paths.unsolved, csv_field(part.empty() ? dependence(verdict) : ""), csv_field(verdict.file));
}

}  // namespace

std::string verdict_table(std::span<const Verdict> verdicts) {
  std::string text = fmt::format("{:>3}  {:{}}  {:>7}  {:14}  {}\n", "", "claim", sentence_width, "holds %",
                                 "95 % interval", "depends most on (points)");
  for (const Verdict& verdict : verdicts) {
    const Probability& p = verdict.answer.probability;
    text += fmt::format("{:>3}  {:{}}  {:>7}  {:14}  {}\n", number_text_of(verdict),
                        shortened(verdict.sentence, sentence_width), sentence_width, percent(p.value), interval(p),
                        dependence(verdict));
  }
  for (const Verdict& verdict : verdicts) {
    const auto notes = notes_on(verdict);
    if (notes.empty()) continue;
    text += fmt::format("\n{:>3}  {}\n", number_text_of(verdict), one_line(verdict.sentence));
    for (const auto& [name, note] : notes) text += fmt::format("     {}: {}\n", name, one_line(note));
  }
  return text;
}

std::string verdict_markdown(std::span<const Verdict> verdicts) {
  std::string text = "| | claim | holds | 95 % interval | depends most on (points) |\n|---|---|---|---|---|\n";
  for (const Verdict& verdict : verdicts) {
    const Probability& p = verdict.answer.probability;
    const std::string source = verdict.source.empty() ? "" : " (" + markdown_cell(verdict.source) + ")";
    text += fmt::format("| {} | {}{} | {} % | {} | {} |\n", number_text_of(verdict), markdown_cell(verdict.sentence),
                        source, percent(p.value), interval(p), markdown_cell(dependence(verdict)));
  }
  for (const Verdict& verdict : verdicts) {
    const auto notes = notes_on(verdict);
    if (notes.empty()) continue;
    const std::string number = number_text_of(verdict), title = markdown_text(verdict.title);
    text += fmt::format("\n**{}**{}\n\n", number.empty() ? title : number, number.empty() ? "" : " " + title);
    for (const auto& [name, note] : notes)
      text += fmt::format("- {}: {}\n", name, name == "given" ? markdown_code(note) : markdown_text(note));
  }
  return text;
}

Json verdict_json(std::span<const Verdict> verdicts) {
  Json claims = Json::array();
  for (const Verdict& verdict : verdicts) claims.push_back(to_json(verdict));
  return {{"version", build_info.version}, {"commit", build_info.commit}, {"claims", claims}};
}

std::string verdict_csv(std::span<const Verdict> verdicts) {
  std::string text =
      "number,part,sentence,probability,low,high,holds,fails,not_given,undefined,unsolved,depends_on,file\n";
  for (const Verdict& verdict : verdicts) {
    text += csv_line(verdict, verdict.answer, "");
    for (const Answer& part : verdict.parts) text += csv_line(verdict, part, part.name);
  }
  return text;
}

}  // namespace chokepoint
