#pragma once

#include <algorithm>

#include "state.hpp"

/// What is measured (docs/model.md, section 7), in the order of the program's table of measures.
namespace peer {

struct Concentration {
  float hhi, cr1, cr3, cr4, cr5;
};

/// (7.1): groups of equal firms, each of which counts by itself.
inline Concentration concentration(const float* value, const float* count, int size) {
  float total = 0, squares = 0, largest[5] = {};
  for (int k = 0; k < size; ++k) {
    const float firm = value[k] / count[k];
    total += value[k];
    squares += value[k] * firm;
    for (int copy = 0; copy < 5 && copy < count[k] && firm > largest[4]; ++copy) {
      int place = 4;
      for (; place > 0 && firm > largest[place - 1]; --place) largest[place] = largest[place - 1];
      largest[place] = firm;
    }
  }
  if (total < tiny) return {};
  const float three = largest[0] + largest[1] + largest[2], four = three + largest[3], five = four + largest[4];
  const auto share = [&](float sum) { return std::min(sum / total, 1.0f); };
  return {squares / (total * total) * 10000, share(largest[0]), share(three), share(four), share(five)};
}

/// A row of measures, written from its first to its last.
class Row {
 public:
  Row(float* to, long stride) : to_(to), stride_(stride) {}
  void put(float value) {
    *to_ = value;
    to_ += stride_;
  }
  template <class... Values>
  void put_all(Values... values) {
    (put(values), ...);
  }
  template <int size>
  void put(const float (&values)[size]) {
    for (const float value : values) put(value);
  }

 private:
  float* to_;
  long stride_;
};

/// Of owners, over the world.
inline void put_world(Row& row, const Parameters& p, const float* of_unit) {
  float of_owner[units] = {}, count[units];
  for (int i = 0; i < units; ++i) {
    of_owner[p.providers.owner[i]] += of_unit[i];
    count[p.providers.owner[i]] = p.providers.count[i];
  }
  const Concentration world = concentration(of_owner, count, sizes.owners);
  row.put_all(world.hhi, world.cr1, world.cr3, world.cr4, world.cr5);
}

/// Of providers, in each region.
inline void put_regional(Row& row, const Concentration (&of)[regions]) {
  for (const float Concentration::*member :
       {&Concentration::hhi, &Concentration::cr1, &Concentration::cr3, &Concentration::cr4, &Concentration::cr5})
    for (const Concentration& one : of) row.put(one.*member);
}

inline void measure(const Parameters& p, bool is_start, const State& s, const Flows& f, Row row) {
  Concentration fleet[regions], revenue[regions];
  float firms = 0, all_firms = 0, country_hhi = 0, share[regions], of_owner[units] = {};
  for (int r = 0; r < regions; ++r) {
    const int begin = p.providers.first[r], size = p.providers.first[r + 1] - begin;
    fleet[r] = concentration(f.unit_fleet + begin, p.providers.count + begin, size);
    revenue[r] = concentration(f.revenue + begin, p.providers.count + begin, size);
    share[r] = ratio_or(f.region_fleet[r], f.world_fleet, 0);
    country_hhi += share[r] * share[r] * 10000;
  }
  for (int i = 0; i < units; ++i) {
    of_owner[p.providers.owner[i]] += f.unit_fleet[i];
    firms += s.alive[i] * p.providers.count[i];
    all_firms += p.providers.count[i];
  }
  row.put(f.world_price);
  row.put(f.regional_price);
  for (int m = 0; m < markets; ++m) row.put(f.active[m] ? f.price[m] : missing);
  row.put(s.chip_price);
  row.put(f.compute_price);
  row.put(f.token_price);
  row.put(ratio_or(f.world_rented, f.world_fleet, missing));
  row.put(f.utilisation);
  for (int r = 0; r < regions; ++r) row.put(0);  // unserved_share: there are no ceilings
  row.put_all(f.world_demand, f.world_fleet);
  row.put(f.region_fleet);
  row.put(share);
  for (int r = 0; r < regions; ++r) row.put(ratio_or(f.used[r], f.available[r], 1));
  row.put(f.idle);
  row.put(f.power_bound);
  put_world(row, p, f.unit_fleet);
  put_world(row, p, f.revenue);
  put_regional(row, fleet);
  put_regional(row, revenue);
  row.put(country_hhi);
  for (int o = 0; o < sizes.owners; ++o) row.put(of_owner[o] / std::max(f.world_fleet, tiny));
  row.put_all(firms, all_firms - firms);
  row.put(s.war);
  for (int x = 0; x < export_classes; ++x)
    for (int r = 0; r < regions; ++r) row.put(static_cast<float>(s.regime[x][r]));
  row.put(s.reversal);
  for (int r = 0; r < regions; ++r) row.put(is_start ? missing : f.installs[r]);
  for (int r = 0; r < regions; ++r) {
    const bool has_own = std::find(p.chips.home, p.chips.home + classes, r) != p.chips.home + classes;
    row.put(has_own ? ratio_or(f.domestic_installs[r], f.installs[r], missing) : missing);
  }
  for (int r = 0; r < regions; ++r) row.put(is_start ? missing : f.leaked[r]);
  row.put_all(is_start ? missing : f.capital_spending, std::exp2(s.efficiency));
  row.put(f.price_change);
  row.put(f.pass_through);
  row.put(f.user_bill);
  row.put(f.priced_out);
  row.put(f.application_margin);
}

}  // namespace peer
