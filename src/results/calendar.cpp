#include "results/calendar.hpp"

#include <fmt/format.h>

#include <chrono>

namespace chokepoint {
namespace {

std::chrono::year_month_day first_day(const Scenario& scenario, int month) {
  const std::chrono::year_month start =
      std::chrono::year(scenario.start.year) / std::chrono::month(static_cast<unsigned>(scenario.start.month));
  return (start + std::chrono::months(month)) / 1;
}

}  // namespace

std::string date_text(const Scenario& scenario, int month) {
  const std::chrono::year_month_day day = first_day(scenario, month);
  return fmt::format("{:04}-{:02}-01", static_cast<int>(day.year()), static_cast<unsigned>(day.month()));
}

int days_since_start(const Scenario& scenario, int month) {
  return static_cast<int>(
      (std::chrono::sys_days(first_day(scenario, month)) - std::chrono::sys_days(first_day(scenario, 0))).count());
}

}  // namespace chokepoint
