#include "commands/parameters_json.hpp"

#include <type_traits>

#include "chokepoint/market/measure_table.hpp"
#include "chokepoint/market/parameter_members.hpp"
#include "chokepoint/market/parameters.hpp"
#include "scenario/lower/lower.hpp"

namespace chokepoint {
namespace {

template <class T>
Json listed(const T& value) {
  if constexpr (std::is_array_v<T>) {
    Json list = Json::array();
    for (const auto& element : value) list.push_back(listed(element));
    return list;
  } else {
    return value;
  }
}

template <class Group>
Json group_json(Group& group) {
  Json out = Json::object();
  each_member([&out](const char* name, const auto& member, const auto&) { out[name] = listed(member); }, group, group);
  return out;
}

/// First place of each measure in a row of them.
template <class P>
Json measure_offsets(const P& p) {
  Json out = Json::object();
  for (int k = 0; k < measure_count; ++k) out[measure_table[k].name] = p.measure_offset[k];
  return out;
}

}  // namespace

Json parameters_json(const Scenario& scenario) {
  const auto p = lower<float>(scenario, scenario.seed);
  Json calendar = Json::array();
  for (int month = 0; month < p->sizes.months; ++month) calendar.push_back(group_json(p->calendar[month]));
  return {{"sizes", group_json(p->sizes)},         {"noise", listed(p->noise)},
          {"seeds", listed(p->seeds.seed)},        {"measure_offset", measure_offsets(*p)},
          {"shocks", group_json(p->shocks)},       {"chips", group_json(p->chips)},
          {"trade", group_json(p->trade)},         {"regions", group_json(p->regions)},
          {"providers", group_json(p->providers)}, {"finance", group_json(p->finance)},
          {"demand", group_json(p->demand)},       {"downstream", group_json(p->downstream)},
          {"solver", group_json(p->solver)},       {"calendar", calendar}};
}

}  // namespace chokepoint
