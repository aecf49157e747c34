#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "output/errors.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

class NetcdfTest : public testing::Test {
 protected:
  NetcdfTest() : path(testing::TempDir() + "chokepoint-netcdf-test.nc") {}
  ~NetcdfTest() override { std::remove(path.c_str()); }

  /// Writes a file with one variable of every kind. @returns its checksum
  std::uint64_t write() const {
    NetcdfWriter file("test.nc");
    file.add_attribute("text", "two\nlines");
    file.add_attribute("empty", "");
    file.add_attribute("count", ~std::uint64_t{0});
    file.add_attribute("number", 0.1);
    const int time = file.add_dimension("time", 3), name = file.add_dimension("name", 2);
    file.add("name", {name}, std::vector<std::string>{"us", "cn,h200"}, {});
    file.add("price", {time, name}, std::vector<double>{1, 2, 3, std::nan(""), 5, 6}, {{"units", "1"}});
    file.add("paths", {time}, std::vector<std::uint64_t>{1, 2, ~std::uint64_t{0}}, {});
    file.enter_group("tallies");
    std::vector<std::byte> bytes(10000);
    for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<std::byte>(k % 251);
    file.add_bytes("all", bytes, {});
    const std::uint64_t checksum = file.checksum();
    const std::string text = file.finish();
    std::ofstream(path, std::ios::binary) << text;
    return checksum;
  }

  std::string path;
};

TEST_F(NetcdfTest, GivesBackWhatWasWritten) {
  const std::uint64_t checksum = write();
  const NetcdfReader file(path);
  EXPECT_EQ(file.checksum(), checksum);
  EXPECT_EQ(file.text_attribute("text"), "two\nlines");
  EXPECT_EQ(file.text_attribute("empty"), "");
  EXPECT_EQ(file.count_attribute("count"), ~std::uint64_t{0});
  EXPECT_EQ(file.number_attribute("number"), 0.1);
  const std::vector<std::byte> bytes = file.bytes("tallies", "all");
  ASSERT_EQ(bytes.size(), 10000U);
  EXPECT_EQ(bytes[9999], static_cast<std::byte>(9999 % 251));
  EXPECT_TRUE(file.has_variable("tallies", "all"));
  EXPECT_FALSE(file.has_variable("tallies", "other"));
  EXPECT_FALSE(file.has_variable("other", "all"));
  EXPECT_TRUE(file.has_variable("", "price"));
  EXPECT_FALSE(file.has_variable("", "all"));
}

TEST_F(NetcdfTest, TellsWhatIsMissingOrOfAnotherKind) {
  write();
  const NetcdfReader file(path);
  EXPECT_THROW(file.text_attribute("nothing"), UsageError);
  EXPECT_THROW(file.text_attribute("count"), UsageError);
  EXPECT_THROW(file.count_attribute("text"), UsageError);
  EXPECT_THROW(file.number_attribute("count"), UsageError);
  EXPECT_THROW(file.bytes("", "price"), UsageError);
  EXPECT_THROW(file.bytes("tallies", "nothing"), UsageError);
}

TEST_F(NetcdfTest, RefusesWhatIsNoFile) {
  EXPECT_THROW(NetcdfReader("/nowhere/at/all.nc"), UsageError);
  std::ofstream(path) << "noise";
  EXPECT_THROW(NetcdfReader{path}, UsageError);
}

TEST_F(NetcdfTest, AFileGivenUpLeavesNothing) {
  {
    NetcdfWriter file("given-up.nc");
    file.add_dimension("time", 3);
  }
  EXPECT_FALSE(std::filesystem::exists("given-up.nc"));
}

}  // namespace
}  // namespace chokepoint
