#include "results/udunits.hpp"

#include <stdexcept>

namespace chokepoint {
namespace {

struct UnitWords {
  const char* words;
  const char* udunits;
};

constexpr UnitWords unit_words[] = {
    {"1", "1"},
    {"USD per H100e-hour", "hour-1"},
    {"USD per million tokens", "1e-6"},
    {"USD per user and month", "month-1"},
    {"USD a month", "month-1"},
    {"thousand USD", "1e3"},
    {"million USD a month", "1e6 month-1"},
    {"kH100e", "1e3"},
    {"thousand chips", "1e3"},
    {"MW", "MW"},
    {"points", "1e-4"},  // an index of 10,000 points is a share of one
    {"firms", "1"},
    {"log2", "1"},
    {"months", "month"},
    {"paths", "1"},
};

}  // namespace

std::string udunits(const std::string& unit) {
  for (const UnitWords& line : unit_words)
    if (unit == line.words) return line.udunits;
  throw std::logic_error("the unit '" + unit + "' has no line in the table of udunits.cpp");
}

}  // namespace chokepoint
