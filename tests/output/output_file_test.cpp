#include "output/output_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "output/errors.hpp"
#include "output/manifest.hpp"
#include "output/output_folder.hpp"
#include "results/result_check.hpp"
#include "temporary_folder.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public WithTemporaryFolder {
 protected:
  std::string content(const std::string& path) const {
    std::ifstream file(root / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(root)) found.insert(entry.path().filename().string());
    return found;
  }
};

TEST_F(OutputFileTest, AppearsWholeAndAlone) {
  const OutputFile file(root / "page", "", false);
  EXPECT_EQ(names(), std::set<std::string>{});
  file.write("one");
  EXPECT_EQ(content("page"), "one");
  EXPECT_THROW(OutputFile(root / "page", "", false), UsageError);
  OutputFile(root / "page", "", true).write("two");
  EXPECT_EQ(content("page"), "two");
  EXPECT_EQ(names(), std::set<std::string>{"page"});
}

TEST_F(OutputFileTest, LeavesWhatHasAppearedMeanwhile) {
  const OutputFile file(root / "page", "", false);
  std::ofstream(root / "page") << "theirs";
  try {
    file.write("ours");
    FAIL();
  } catch (const OutputError& error) {
    EXPECT_NE(std::string(error.what()).find("page.result-"), std::string::npos) << error.what();
  }
  EXPECT_EQ(content("page"), "theirs");
  for (const std::string& name : names()) EXPECT_EQ(content(name), name == "page" ? "theirs" : "ours");
  EXPECT_EQ(names().size(), 2U);
}

/// Before, the temporary file had a name that anybody could foresee, and a link put there was written through.
TEST_F(OutputFileTest, WritesThroughNoLinkOfOthers) {
  std::ofstream(root / "precious") << "precious";
  fs::create_symlink("precious", root / (".page." + std::to_string(::getpid())));
  OutputFile(root / "page", "", false).write("one");
  EXPECT_EQ(content("precious"), "precious");
}

TEST_F(OutputFileTest, WritesWhatALinkLeadsTo) {
  std::ofstream(root / "real") << "old";
  fs::create_symlink("real", root / "link");
  fs::create_symlink("nowhere", root / "dangling");
  OutputFile(root / "link", "", true).write("new");
  EXPECT_TRUE(fs::is_symlink(root / "link"));
  EXPECT_EQ(content("real"), "new");
  EXPECT_THROW(OutputFile(root / "dangling", "", true), UsageError);
}

TEST_F(OutputFileTest, RefusesAtOnceWhatCannotBeWritten) {
  EXPECT_THROW(OutputFile(root, "", true), UsageError);
  EXPECT_THROW(OutputFile(root / "no" / "page", "", true), UsageError);
  EXPECT_THROW(OutputFile(root / std::string(256, 'x'), "", true), OutputError);
  EXPECT_THROW(OutputFile("/dev/full", "", true), UsageError);
  EXPECT_THROW(OutputFile("/proc/page", "", true), OutputError);
}

/// A page in a result is one of its files from then on: it is checked, and goes when the result is replaced.
TEST_F(OutputFileTest, IsListedWhereItIsOneOfTheFolder) {
  OutputFolder folder(root / "out", {"a.txt", "page"}, false);
  folder.write("a.txt", "one");
  folder.publish();
  OutputFile(root / "out/page", "", false, true).write("page");
  FolderCheck check = check_folder(root / "out", true);
  EXPECT_EQ(check.faults, std::vector<std::string>{});
  EXPECT_EQ(check.files, 2U);
  OutputFile(root / "out/page", "", true, true).write("another");
  EXPECT_EQ(check_folder(root / "out", true).faults, std::vector<std::string>{});
  std::ofstream(root / "out/page") << "changed";
  check = check_folder(root / "out", true);
  ASSERT_EQ(check.faults.size(), 1U);
  EXPECT_NE(check.faults[0].find("'page'"), std::string::npos);
}

TEST_F(OutputFileTest, LeavesAPageThatNoManifestLists) {
  OutputFolder folder(root / "out", {"a.txt", "page"}, false);
  folder.publish();
  std::ofstream(root / "out/page") << "theirs";
  EXPECT_THROW(OutputFile(root / "out/page", "", true, true), UsageError);
}

TEST_F(OutputFileTest, ForceReplacesOnlyFilesOfItsOwnKind) {
  std::ofstream(root / "thesis") << "years of work";
  EXPECT_THROW(OutputFile(root / "thesis", "a page", true), UsageError);
  const OutputFile file(root / "page", "a page", true);
  file.write("<a page> one");
  OutputFile(root / "page", "a page", true).write("<a page> two");
  std::ofstream(root / "page") << "something else, meanwhile";
  EXPECT_THROW(file.write("<a page> three"), OutputError);
  std::ifstream in(root / "page");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "something else, meanwhile");
}

}  // namespace
}  // namespace chokepoint
