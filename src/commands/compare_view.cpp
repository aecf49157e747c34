#include "commands/compare_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "chokepoint/market/measure_table.hpp"
#include "config/spelling.hpp"
#include "output/errors.hpp"

namespace chokepoint {
namespace {

constexpr Measure main_measures[] = {Measure::world_price, Measure::regional_price,    Measure::world_fleet,
                                     Measure::fleet,       Measure::world_utilisation, Measure::utilisation,
                                     Measure::hhi_fleet,   Measure::cr4_fleet,         Measure::firms};

std::string base_name(const ComparedMeasure& measure) {
  return info_of(measure.measure).name;
}

template <class Wanted>
std::vector<int> matching(const ScenarioPair& pair, Wanted wanted) {
  std::vector<int> found;
  for (std::size_t k = 0; k < pair.measures.size(); ++k)
    if (wanted(pair.measures[k])) found.push_back(static_cast<int>(k));
  return found;
}

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

UsageError unknown_measure(const ScenarioPair& pair, const std::string& name) {
  if (is_among(name, pair.only_in_base))
    return UsageError(fmt::format("--measure: '{}' exists only in the base, so it cannot be compared", name));
  if (is_among(name, pair.only_in_other))
    return UsageError(fmt::format("--measure: '{}' is not in the base, hence in no comparison", name));
  std::vector<std::string> names;
  for (const ComparedMeasure& measure : pair.measures)
    for (const std::string& known : {base_name(measure), measure.name}) names.push_back(known);
  return UsageError(fmt::format("--measure: there is no measure '{}'; {}", shown(name), suggestion(name, names)));
}

}  // namespace

std::vector<int> shown_measures(const ScenarioPair& pair, const std::vector<std::string>& names) {
  std::vector<int> chosen;
  const auto append = [&chosen](const std::vector<int>& more) {
    chosen.insert(chosen.end(), more.begin(), more.end());
  };
  for (const std::string& name : names) {
    const std::vector<int> found =
        matching(pair, [&](const ComparedMeasure& m) { return m.name == name || base_name(m) == name; });
    if (found.empty()) throw unknown_measure(pair, name);
    for (const int k : found)
      if (std::find(chosen.begin(), chosen.end(), k) != chosen.end())
        throw UsageError(fmt::format("--measure: '{}' is given twice; leave one of them out",
                                     pair.measures[static_cast<std::size_t>(k)].name));
    append(found);
  }
  if (names.empty())
    for (const Measure wanted : main_measures)
      append(matching(pair, [wanted](const ComparedMeasure& m) { return m.measure == wanted; }));
  return chosen;
}

int shown_month(const ScenarioPair& pair, int months, const std::string& date) {
  if (date.empty()) return months - 1;
  int year = 0, month = 0, end = 0;
  const bool is_date = date.size() == 7 && std::sscanf(date.c_str(), "%4d-%2d%n", &year, &month, &end) == 2 &&
                       end == 7 && month >= 1 && month <= 12;
  if (!is_date) throw UsageError(fmt::format("--at: '{}' is no month; write it as 2027-06", shown(date)));
  const int index = (year - pair.start.year) * 12 + month - pair.start.month;
  if (index < 0 || index >= months)
    throw UsageError(fmt::format("--at: {} is not compared; the scenarios have {} to {} in common", date,
                                 month_text(pair, 0), month_text(pair, months - 1)));
  return index;
}

std::string month_text(const ScenarioPair& pair, int month) {
  const int count = pair.start.year * 12 + pair.start.month - 1 + month;
  return format(config::YearMonth{count / 12, count % 12 + 1});
}

}  // namespace chokepoint
