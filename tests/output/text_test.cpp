#include <gtest/gtest.h>

#include <cmath>

#include "chokepoint/scenario.hpp"
#include "output/csv_text.hpp"
#include "output/json_text.hpp"
#include "output/words.hpp"
#include "results/calendar.hpp"

namespace chokepoint {
namespace {

TEST(Words, Counts) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(1, "path"), "1 path");
  EXPECT_EQ(count_text(2000, "path"), "2,000 paths");
}

TEST(Words, BytesAndDurations) {
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(std::uint64_t{5} << 30), "5.0 GiB");
  EXPECT_EQ(duration_text(0.5), "0.50 s");
  EXPECT_EQ(duration_text(59), "59 s");
  EXPECT_EQ(duration_text(59.7), "1 min 0 s");
  EXPECT_EQ(duration_text(3661), "1 h 1 min");
  EXPECT_EQ(duration_text(200000), "2 d 7 h");
  EXPECT_EQ(duration_text(1e300), "over a century");
}

TEST(Words, Numbers) {
  EXPECT_EQ(number_words(0), "0.000");
  EXPECT_EQ(number_words(2.5), "2.500");
  EXPECT_EQ(number_words(12345.6), "12346");
  EXPECT_EQ(number_words(-0.012345, 3), "-0.0123");
  EXPECT_EQ(number_words(1.5e12, 3), "1.50e+12");
  EXPECT_EQ(number_words(std::nan("")), "-");
}

TEST(CsvText, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_field("plain[us]"), "plain[us]");
  EXPECT_EQ(csv_field("rental_price[cn,h200]"), "\"rental_price[cn,h200]\"");
  EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
}

TEST(JsonText, SurvivesBytesThatAreNoText) {
  EXPECT_EQ(json_text({{"key", "a\xff"}}), "{\n  \"key\": \"a\xef\xbf\xbd\"\n}\n");
  EXPECT_EQ(json_text({{"key", std::nan("")}}), "{\n  \"key\": null\n}\n");
}

TEST(Calendar, MonthsRunOnOverYearsAndLeapDays) {
  Scenario scenario;
  scenario.start = {2027, 11};
  EXPECT_EQ(date_text(scenario, 0), "2027-11-01");
  EXPECT_EQ(date_text(scenario, 4), "2028-03-01");
  EXPECT_EQ(days_since_start(scenario, 0), 0);
  EXPECT_EQ(days_since_start(scenario, 4), 30 + 31 + 31 + 29);
}

}  // namespace
}  // namespace chokepoint
