#include "report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace chokepoint {
namespace {

using Part = std::pair<std::string, double>;  // with its size at the end, summed over the panels

/// The parts of all panels, the largest first.
std::vector<Part> parts_by_size(const std::vector<Panel>& panels) {
  std::vector<Part> parts;
  for (const Panel& panel : panels)
    for (const Curve& curve : panel.curves) {
      auto known = std::find_if(parts.begin(), parts.end(), [&](const Part& one) { return one.first == curve.label; });
      if (known == parts.end()) known = parts.insert(parts.end(), {curve.label, 0.0});
      if (const double size = curve.columns[0].values.back(); std::isfinite(size)) known->second += size;
    }
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.second > b.second; });
  return parts;
}

void add(Curve& sum, const Curve& curve) {
  for (std::size_t month = 0; month < sum.columns[0].values.size(); ++month)
    sum.columns[0].values[month] += curve.columns[0].values[month];
}

/// The curves of some parts in their order, all others as one.
std::vector<Curve> in_order(const std::vector<Curve>& curves, std::span<const Part> parts) {
  std::vector<Curve> out;
  for (const Part& part : parts)
    for (const Curve& curve : curves)
      if (curve.label == part.first) out.push_back(curve);
  std::optional<Curve> rest;
  for (const Curve& curve : curves) {
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.first == curve.label; })) continue;
    if (rest)
      add(*rest, curve);
    else
      rest = Curve{"all others", curve.columns};
  }
  if (rest) out.push_back(std::move(*rest));
  return out;
}

}  // namespace

std::vector<std::string> labels_of(const Figure& figure) {
  std::vector<std::string> labels;
  for (const Panel& panel : figure.panels)
    for (const Curve& curve : panel.curves)
      if (std::find(labels.begin(), labels.end(), curve.label) == labels.end()) labels.push_back(curve.label);
  return labels;
}

void settle_parts(Figure& figure) {
  std::vector<Part> parts = parts_by_size(figure.panels);
  if (parts.size() > most_parts) parts.resize(most_parts - 1);
  for (Panel& panel : figure.panels) panel.curves = in_order(panel.curves, parts);
}

}  // namespace chokepoint
