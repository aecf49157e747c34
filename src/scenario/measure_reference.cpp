#include "scenario/measure_reference.hpp"

#include "chokepoint/market/measure_table.hpp"

namespace chokepoint {

using nlohmann::json;

namespace {

const char* word(Dimension dimension) {
  constexpr const char* words[] = {
      "world", "region", "region, chip", "chip", "segment", "owner", "export class, region", "layer", "link"};
  return words[static_cast<int>(dimension)];
}

const char* word(Scale scale) {
  constexpr const char* words[] = {"price", "quantity", "share", "concentration", "count", "flag", "signed value"};
  return words[static_cast<int>(scale)];
}

const char* word(Worse worse) {
  constexpr const char* words[] = {"neither", "higher", "lower"};
  return words[static_cast<int>(worse)];
}

}  // namespace

json measures_json() {
  json list = json::array();
  for (const MeasureInfo& info : measure_table)
    list.push_back({{"name", info.name},
                    {"each", word(info.dimension)},
                    {"kind", word(info.scale)},
                    {"worse", word(info.worse)},
                    {"unit", info.unit},
                    {"meaning", info.meaning}});
  return list;
}

std::string measures_reference() {
  std::string text = "| measure | one for each | kind | worse when | unit | meaning |\n|---|---|---|---|---|---|\n";
  for (const MeasureInfo& info : measure_table)
    text += "| `" + std::string(info.name) + "` | " + word(info.dimension) + " | " + word(info.scale) + " | " +
            word(info.worse) + " | " + info.unit + " | " + info.meaning + " |\n";
  return text;
}

}  // namespace chokepoint
