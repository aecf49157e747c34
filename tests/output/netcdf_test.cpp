#include <gtest/gtest.h>
#include <netcdf.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>

#include "machine/read_file.hpp"
#include "output/content_checksum.hpp"
#include "output/errors.hpp"
#include "output/in_child.hpp"
#include "output/netcdf_file.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

class NetcdfTest : public testing::Test {
 protected:
  NetcdfTest() : path(testing::TempDir() + "chokepoint-netcdf-test-" + std::to_string(::getpid()) + ".nc") {}
  ~NetcdfTest() override { fs::remove(path); }

  /// Writes a file with one variable of every kind.
  void write(const std::string& title = "two\nlines") const {
    NetcdfWriter file("test.nc");
    file.add_attribute("format_version", std::uint64_t{2});
    file.add_attribute("text", title);
    file.add_attribute("history", "made");
    file.add_attribute("empty", "");
    file.add_attribute("count", ~std::uint64_t{0});
    file.add_attribute("number", 0.1);
    const int time = file.add_coordinate("time", std::vector<double>{0, 31, 59}, {{"units", "days since 2026-01-01"}});
    const int name = file.add_coordinate("name", std::vector<std::string>{"us", "cn,h200"}, {});
    file.add("price", {time, name}, std::vector<double>{1, 2, 3, std::nan(""), 5, 6}, {{"units", title}});
    file.add("paths", {time}, std::vector<std::uint64_t>{1, 2, ~std::uint64_t{0}}, {});
    file.enter_group("tallies");
    file.add_attribute("note", title);
    std::vector<std::byte> bytes(10000);
    for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<std::byte>(k % 251);
    file.add_bytes("all", bytes, {});
    std::ofstream(path, std::ios::binary) << file.finish();
  }

  /// Opens the file as others do and changes it. @returns what the check says then
  template <class Change>
  ContentCheck check_after(Change change) const {
    write();
    int file = -1;
    EXPECT_EQ(nc_open(path.c_str(), NC_WRITE, &file), NC_NOERR);
    int price = -1, group = -1;
    nc_inq_varid(file, "price", &price);
    nc_inq_ncid(file, "tallies", &group);
    EXPECT_EQ(change(file, price, group), NC_NOERR);
    EXPECT_EQ(nc_close(file), NC_NOERR);
    return check_content(fs::path(path));
  }

  std::string path;
};

int put_text(int file, int variable, const char* name, const std::string& value) {
  return nc_put_att_text(file, variable, name, value.size(), value.data());
}

TEST_F(NetcdfTest, GivesBackWhatWasWritten) {
  write();
  const NetcdfReader file(path);
  EXPECT_EQ(check_content(file).fault, "");
  EXPECT_EQ(file.text_attribute("text"), "two\nlines");
  EXPECT_EQ(file.text_attribute("empty"), "");
  EXPECT_EQ(file.count_attribute("count"), ~std::uint64_t{0});
  EXPECT_EQ(file.number_attribute("number"), 0.1);
  EXPECT_EQ(file.counts("", "paths", 3)[2], ~std::uint64_t{0});
  EXPECT_EQ(file.numbers("", "price", 6)[4], 5);
  EXPECT_THROW(file.numbers("", "price", 5), UsageError);
  const std::span<const std::byte> bytes = file.bytes("tallies", "all");
  ASSERT_EQ(bytes.size(), 10000U);
  EXPECT_EQ(bytes[9999], static_cast<std::byte>(9999 % 251));
  EXPECT_TRUE(file.has_variable("tallies", "all"));
  EXPECT_FALSE(file.has_variable("tallies", "other"));
  EXPECT_FALSE(file.has_variable("other", "all"));
  EXPECT_TRUE(file.has_variable("", "price"));
  EXPECT_FALSE(file.has_variable("", "all"));
}

TEST_F(NetcdfTest, ToOpenItForWritingChangesNoByte) {
  write();
  const std::string before = read_file(path);
  int file = -1;
  ASSERT_EQ(nc_open(path.c_str(), NC_WRITE, &file), NC_NOERR);
  ASSERT_EQ(nc_close(file), NC_NOERR);
  EXPECT_TRUE(read_file(path) == before);
}

/// Attributes of HDF5 hold 64 KiB where they lie within the header of their object.
TEST_F(NetcdfTest, TextsOfAnyLength) {
  const std::string title(70000, 'x');
  write(title);
  const NetcdfReader file(path);
  EXPECT_EQ(file.text_attribute("text"), title);
  EXPECT_EQ(check_content(file).fault, "");
}

/// netCDF takes some of these for paths of Windows, some for addresses.
TEST_F(NetcdfTest, NamesOfFilesAreTakenAsTheyAre) {
  write();
  for (const char* name : {"a\\b.nc", "C:", "c:x.nc", "http:x.nc", "[mode=bytes]x.nc", "#mode=zarr"}) {
    const fs::path odd = fs::path(testing::TempDir()) / name;
    fs::copy_file(path, odd, fs::copy_options::overwrite_existing);
    EXPECT_EQ(check_content(odd).fault, "") << name;
    fs::remove(odd);
  }
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
  EXPECT_THROW(NetcdfReader{testing::TempDir()}, UsageError);
  std::ofstream(path) << "noise";
  EXPECT_THROW(NetcdfReader{path}, UsageError);
  EXPECT_NE(check_content(fs::path(path)).fault, "");
  EXPECT_NE(check_content(fs::path("/nowhere/at/all.nc")).fault, "");
}

TEST_F(NetcdfTest, AFileGivenUpLeavesNothing) {
  {
    NetcdfWriter file("given-up.nc");
    file.add_coordinate("time", std::vector<double>{1, 2, 3}, {});
  }
  EXPECT_FALSE(fs::exists("given-up.nc"));
}

TEST_F(NetcdfTest, AttributesOfOthersAreNamed) {
  const ContentCheck check = check_after([](int file, int price, int group) {
    return put_text(file, NC_GLOBAL, "mine", "a") + put_text(file, price, "remark", "b") +
           put_text(group, NC_GLOBAL, "theirs", "c");
  });
  EXPECT_EQ(check.fault, "");
  EXPECT_EQ(check.added_attributes, (std::vector<std::string>{":mine", "price:remark", "tallies/:theirs"}));
}

/// Programs add lines to `history`, before or after ours.
TEST_F(NetcdfTest, HistoryMayGrowButNotChange) {
  const auto history = [&](const std::string& text) {
    return check_after([&](int file, int, int) { return put_text(file, NC_GLOBAL, "history", text); });
  };
  EXPECT_EQ(history("today: ncatted -a x\nmade").fault, "");
  EXPECT_EQ(history("made\ntoday: edited").added_attributes, std::vector<std::string>{":history (lines)"});
  EXPECT_EQ(history("made by me").fault, "attribute :history was changed");
}

TEST_F(NetcdfTest, ChangesAreFound) {
  const auto fault = [&](auto change) { return check_after(change).fault; };
  EXPECT_EQ(fault([](int file, int, int) {
              const unsigned long long count = 3;
              return nc_put_att_ulonglong(file, NC_GLOBAL, "count", NC_UINT64, 1, &count);
            }),
            "attribute :count was changed");
  EXPECT_EQ(fault([](int file, int, int) { return put_text(file, NC_GLOBAL, "text", "other"); }),
            "attribute :text was changed");
  EXPECT_EQ(fault([](int file, int, int) {
              const int number = 0;
              return nc_put_att_int(file, NC_GLOBAL, "number", NC_INT, 1, &number);
            }),
            "attribute :number was changed");
  EXPECT_EQ(fault([](int file, int price, int) { return put_text(file, price, "units", "EUR"); }),
            "attribute price:units was changed");
  EXPECT_EQ(fault([](int, int, int group) { return put_text(group, NC_GLOBAL, "note", "EUR"); }),
            "attribute tallies/:note was changed");
  EXPECT_EQ(fault([](int file, int price, int) {
              const std::vector<double> values(6, 1000);
              return nc_put_var_double(file, price, values.data());
            }),
            "variable price was changed");
  EXPECT_EQ(fault([](int file, int, int) {
              const char* names[] = {"us", "eu"};
              int id = -1;
              nc_inq_varid(file, "name", &id);
              return nc_put_var_string(file, id, names);
            }),
            "variable name was changed");
}

TEST_F(NetcdfTest, WhatWasRemovedOrPutInIsFound) {
  const auto fault = [&](auto change) { return check_after(change).fault; };
  EXPECT_EQ(fault([](int file, int, int) { return nc_del_att(file, NC_GLOBAL, "empty"); }),
            "attribute :empty was removed");
  EXPECT_EQ(fault([](int file, int price, int) { return nc_del_att(file, price, "units"); }),
            "attribute price:units was removed");
  EXPECT_EQ(fault([](int file, int price, int) { return nc_rename_var(file, price, "cost"); }),
            "variable price was removed");
  EXPECT_EQ(fault([](int file, int, int) {
              int id = -1;
              const double none = 0;
              const int answer = nc_def_var(file, "new", NC_DOUBLE, 0, nullptr, &id);
              return answer == NC_NOERR ? nc_put_att_double(file, id, "_FillValue", NC_DOUBLE, 1, &none) : answer;
            }),
            "variable new was added; only attributes may be");
  EXPECT_EQ(fault([](int file, int, int) { return nc_del_att(file, NC_GLOBAL, "content_checksum"); }),
            "attribute :content_checksum was removed");
  EXPECT_EQ(fault([](int file, int, int) {
              const char text[] = "0";
              return nc_put_att_text(file, NC_GLOBAL, "content_checksum", 1, text);
            }),
            "its list of contents was changed");
}

TEST(InChild, ItsDeathIsNoneOfThisProcess) {
  using Parts = std::vector<std::string>;
  const Parts parts = {std::string("said\0by it", 10), "", std::string(1 << 20, 'x')};
  EXPECT_EQ(in_child([&parts](const Send& send) {
              for (const std::string& part : parts) send(part);
            }),
            parts);
  EXPECT_EQ(in_child([](const Send&) {}), Parts());
  EXPECT_EQ(in_child([](const Send& send) { send("cut off"), std::abort(); }), std::nullopt);
  EXPECT_THROW(in_child([](const Send&) { throw std::bad_alloc(); }), std::bad_alloc);
  EXPECT_THROW(in_child([](const Send&) { std::raise(SIGKILL); }), ResourceError);  // no fault of the file
}

/// Whatever byte is turned over, the check neither crashes nor takes other values for those that were written.
TEST_F(NetcdfTest, EveryTurnedByteIsRefusedOrWithoutEffect) {
  write();
  std::ifstream in(path, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 500) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    std::ofstream(path, std::ios::binary) << bad;
    if (!check_content(fs::path(path)).fault.empty()) continue;
    const NetcdfReader file(path);
    EXPECT_EQ(file.count_attribute("count"), ~std::uint64_t{0}) << at;
    EXPECT_EQ(file.numbers("", "price", 6)[4], 5) << at;
  }
}

}  // namespace
}  // namespace chokepoint
