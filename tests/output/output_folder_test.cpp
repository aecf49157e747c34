#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "output/errors.hpp"
#include "output/output_folder.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

class OutputFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "chokepoint-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
  }
  void TearDown() override { fs::remove_all(root); }

  OutputFolder open(const std::string& target, bool force = false) {
    return {root / target, {"a.txt", "b.txt"}, force};
  }

  void publish(const std::string& target, const std::string& text, bool force = false) {
    OutputFolder folder = open(target, force);
    folder.write("a.txt", text);
    folder.publish();
  }

  std::string content(const std::string& path) const {
    std::ifstream file(root / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::set<std::string> names(const std::string& path = "") const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(root / path)) found.insert(entry.path().filename().string());
    return found;
  }

  fs::path root;
};

TEST_F(OutputFolderTest, AppearsOnlyWhenPublished) {
  {
    OutputFolder folder = open("deep/er/out");
    folder.write("a.txt", "one");
    EXPECT_FALSE(fs::exists(root / "deep/er/out"));
    folder.publish();
  }
  EXPECT_EQ(content("deep/er/out/a.txt"), "one");
  EXPECT_EQ(names("deep/er"), std::set<std::string>{"out"});
}

TEST_F(OutputFolderTest, LeavesNothingWhenGivenUp) {
  { open("deep/er/out").write("a.txt", "one"); }
  EXPECT_EQ(names(), std::set<std::string>{});
}

TEST_F(OutputFolderTest, LeavesWhatOthersPutBesideIt) {
  {
    OutputFolder folder = open("deep/out");
    std::ofstream(root / "deep/theirs") << "x";
  }
  EXPECT_EQ(names("deep"), std::set<std::string>{"theirs"});
}

TEST_F(OutputFolderTest, ReplacesOnlyWithForce) {
  publish("out", "one");
  EXPECT_THROW(open("out"), UsageError);
  EXPECT_EQ(content("out/a.txt"), "one");
  publish("out", "two", true);
  EXPECT_EQ(content("out/a.txt"), "two");
  EXPECT_EQ(names(), std::set<std::string>{"out"});
}

TEST_F(OutputFolderTest, KeepsTheOldResultWhenTheNewOneIsGivenUp) {
  publish("out", "one");
  { open("out", true).write("a.txt", "two"); }
  EXPECT_EQ(content("out/a.txt"), "one");
  EXPECT_EQ(names(), std::set<std::string>{"out"});
}

TEST_F(OutputFolderTest, NeverReplacesOtherThings) {
  publish("out", "one");
  std::ofstream(root / "out/thesis.tex") << "x";
  EXPECT_THROW(open("out", true), UsageError);
  EXPECT_THROW(open("out/thesis.tex", true), UsageError);
  EXPECT_TRUE(fs::exists(root / "out/thesis.tex"));
}

TEST_F(OutputFolderTest, TakesAnEmptyFolderAndASlashAtTheEnd) {
  fs::create_directory(root / "out");
  publish("out/", "one");
  EXPECT_EQ(content("out/a.txt"), "one");
}

TEST_F(OutputFolderTest, SaysWhyItCannotWrite) {
  try {
    OutputFolder folder("/dev/null/out", {}, false);
    FAIL();
  } catch (const OutputError& error) {
    EXPECT_NE(std::string(error.what()).find("/dev/null"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace chokepoint
