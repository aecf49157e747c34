#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <set>

#include "output/errors.hpp"
#include "output/manifest.hpp"
#include "output/output_folder.hpp"
#include "temporary_folder.hpp"

namespace chokepoint {
namespace {

namespace fs = std::filesystem;

class OutputFolderTest : public WithTemporaryFolder {
 protected:
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

  /// Publishing must fail. @returns where the message says that the result is, seen from the root
  std::string kept_by(OutputFolder& folder) {
    try {
      folder.publish();
    } catch (const OutputError& error) {
      const std::string text = error.what(), before = "whole in '" + fs::canonical(root).string() + "/";
      const std::size_t at = text.find(before);
      EXPECT_NE(at, std::string::npos) << text;
      return at == std::string::npos
                 ? ""
                 : text.substr(at + before.size(), text.find("'", at + before.size()) - at - before.size());
    }
    ADD_FAILURE() << "published";
    return "";
  }
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

/// What is open stays so, and nothing more can be opened.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(OutputFolderTest, LeavesNothingWhereNoMoreFilesCanBeOpened) {
  {
    auto folder = std::make_unique<OutputFolder>(root / "out", std::vector<std::string>{"a.txt"}, false);
    folder->write("a.txt", "new");
    const NoMoreFiles limit;
    ASSERT_EQ(::open("/", O_RDONLY), -1);
    folder.reset();
  }
  EXPECT_TRUE(names().empty());
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

TEST_F(OutputFolderTest, ReplacesNothingButItsOwnFiles) {
  publish("out", "one");
  std::ofstream(root / "out/thesis.tex") << "x";
  fs::create_directory(root / "out/plots");
  EXPECT_THROW(open("out/thesis.tex", true), UsageError);
  publish("out", "two", true);
  EXPECT_EQ(content("out/a.txt"), "two");
  EXPECT_EQ(names("out"), (std::set<std::string>{"a.txt", manifest_file, "plots", "thesis.tex"}));
  EXPECT_EQ(names(), std::set<std::string>{"out"});
}

TEST_F(OutputFolderTest, LeavesAFolderThatIsNoResult) {
  fs::create_directory(root / "out");
  std::ofstream(root / "out/a.txt") << "theirs";
  EXPECT_THROW(open("out"), UsageError);
  EXPECT_THROW(open("out", true), UsageError);
  EXPECT_EQ(content("out/a.txt"), "theirs");
}

TEST_F(OutputFolderTest, LeavesAFileOfOthersWhereOneOfOursShouldGo) {
  publish("out", "one");
  std::ofstream(root / "out/b.txt") << "theirs";
  EXPECT_THROW(open("out", true), UsageError);
  fs::remove(root / "out/b.txt");
  OutputFolder folder = open("out", true);
  folder.write("a.txt", "two");
  folder.write("b.txt", "two");
  std::ofstream(root / "out/b.txt") << "theirs";
  const std::string kept = kept_by(folder);
  EXPECT_EQ(content("out/a.txt"), "one");
  EXPECT_EQ(content("out/b.txt"), "theirs");
  EXPECT_EQ(content(kept + "/a.txt") + content(kept + "/b.txt"), "twotwo");
}

TEST_F(OutputFolderTest, LeavesTheResultOfAnotherCommand) {
  publish("out", "one");
  EXPECT_THROW(OutputFolder(root / "out", {"c.txt"}, true), UsageError);
}

/// Whatever appears at the target while a command runs is left alone, with --force too unless it is a result.
TEST_F(OutputFolderTest, KeepsTheResultWhereSomethingHasAppeared) {
  const auto make_folder = [](const fs::path& path) { fs::create_directory(path); };
  const auto make_full_folder = [](const fs::path& path) {
    fs::create_directory(path);
    std::ofstream(path / "a.txt") << "theirs";
  };
  const auto make_file = [](const fs::path& path) { std::ofstream(path) << "theirs"; };
  const auto make_link = [](const fs::path& path) { fs::create_symlink("nowhere", path); };
  const std::vector<std::function<void(const fs::path&)>> makers = {make_folder, make_full_folder, make_file,
                                                                    make_link};
  for (std::size_t k = 0; k < makers.size(); ++k)
    for (const bool force : {false, true}) {
      if (force && k == 0) continue;  // an empty folder holds nothing that could be lost
      const std::string target = "out" + std::to_string(k) + (force ? "f" : "");
      OutputFolder folder = open(target, force);
      folder.write("a.txt", "ours");
      makers[k](root / target);
      const std::string kept = kept_by(folder);
      EXPECT_EQ(content(kept + "/a.txt"), "ours") << target;
      EXPECT_TRUE(kept.starts_with(target + ".result-")) << kept;
      EXPECT_TRUE(fs::exists(root / kept / manifest_file));
      EXPECT_EQ(content(target + "/a.txt"), k == 1 ? "theirs" : "") << target;
    }
}

TEST_F(OutputFolderTest, TwoAtOneTargetAreNeverMixed) {
  for (const bool is_there : {false, true}) {
    const std::string target = is_there ? "there" : "new";
    if (is_there) fs::create_directory(root / target);
    OutputFolder first = open(target), second = open(target);
    first.write("a.txt", "first");
    second.write("b.txt", "second");
    second.publish();
    EXPECT_EQ(content(kept_by(first) + "/a.txt"), "first");
    EXPECT_EQ(names(target), (std::set<std::string>{"b.txt", manifest_file}));
  }
}

TEST_F(OutputFolderTest, WithForceTheLastWinsWhole) {
  publish("out", "old");
  OutputFolder first = open("out", true), second = open("out", true);
  first.write("a.txt", "first");
  second.write("b.txt", "second");
  second.publish();
  first.publish();
  EXPECT_EQ(names("out"), (std::set<std::string>{"a.txt", manifest_file}));
  EXPECT_EQ(content("out/a.txt"), "first");
}

TEST_F(OutputFolderTest, KeepsWhatIsPutIntoTheTargetMeanwhile) {
  fs::create_directory(root / "empty");
  publish("full", "one");
  for (const std::string target : {"empty", "full"}) {
    OutputFolder folder = open(target, target == "full");
    folder.write("a.txt", "two");
    std::ofstream(root / target / "notes") << "theirs";
    folder.publish();
    EXPECT_EQ(content(target + "/notes"), "theirs");
    EXPECT_EQ(content(target + "/a.txt"), "two");
  }
}

TEST_F(OutputFolderTest, AFolderStaysWhatItIs) {
  fs::create_directory(root / "out");
  ASSERT_EQ(::chmod((root / "out").c_str(), 02770), 0);
  struct stat before {
  }, after{};
  ASSERT_EQ(::stat((root / "out").c_str(), &before), 0);
  publish("out", "one");
  ASSERT_EQ(::stat((root / "out").c_str(), &after), 0);
  EXPECT_EQ(after.st_mode, before.st_mode);
  EXPECT_EQ(after.st_ino, before.st_ino);
  publish("out", "two", true);
  ASSERT_EQ(::stat((root / "out").c_str(), &after), 0);
  EXPECT_EQ(after.st_mode, before.st_mode);
}

TEST_F(OutputFolderTest, TakesOrRefusesAnyNameAtOnce) {
  for (const std::string name : {"a\\b", "C:", "c:/x", "http:x", "\xff\xfe", "-", "a b", "chokepoint", ".hidden"}) {
    publish(name, "one");
    EXPECT_EQ(content(name + "/a.txt"), "one") << name;
  }
  publish(std::string(255, 'x'), "one");
  OutputFolder folder = open(std::string(255, 'y'));
  std::ofstream(root / std::string(255, 'y')) << "theirs";
  EXPECT_EQ(kept_by(folder).size(), 255U);
  EXPECT_THROW(open(std::string(256, 'x')), OutputError);
  EXPECT_THROW(open("deep/er/" + std::string(256, 'x')), OutputError);
  EXPECT_THROW(open("deep/er/" + std::string(256, 'x') + "/out"), OutputError);
  fs::create_symlink("nowhere", root / "dangling");
  EXPECT_THROW(open("dangling"), UsageError);
  EXPECT_THROW(open("dangling/out"), OutputError);
  EXPECT_FALSE(fs::exists(root / "deep"));
}

TEST_F(OutputFolderTest, FollowsTheFolderAboveThatWasRenamed) {
  OutputFolder folder = open("above/out");
  folder.write("a.txt", "one");
  fs::rename(root / "above", root / "renamed");
  EXPECT_EQ(kept_by(folder), "renamed/out");
  EXPECT_EQ(content("renamed/out/a.txt"), "one");
}

/// A process that dies in the middle: what it leaves is removed by the next, what a live one has is not.
TEST_F(OutputFolderTest, RemovesWhatDeadRunsLeft) {
  publish("out", "one");
  if (::fork() == 0) {
    OutputFolder folder = open("out", true);
    folder.write("a.txt", "dead");
    ::_exit(0);
  }
  ::wait(nullptr);
  EXPECT_EQ(names().size(), 2U);
  {
    OutputFolder live = open("other");
    live.write("a.txt", "alive");
    EXPECT_EQ(names().size(), 2U);
    { const OutputFolder another = open("out", true); }
    live.publish();
  }
  EXPECT_EQ(content("other/a.txt"), "alive");
  EXPECT_EQ(content("out/a.txt"), "one");
  EXPECT_EQ(names(), (std::set<std::string>{"other", "out"}));
}

/// What a failure of the disk leaves nowhere beside the target goes where temporary files go.
TEST_F(OutputFolderTest, WritesElsewhereRatherThanLoseAResult) {
  fs::create_directory(root / "spare");
  ::setenv("TMPDIR", (root / "spare").c_str(), 1);
  OutputFolder folder = open("out");
  int calls = 0;
  folder.fill([&] {
    if (++calls == 1) throw OutputError("the disk is full");
    folder.write("a.txt", "one");
  });
  const std::string kept = kept_by(folder);
  ::unsetenv("TMPDIR");
  EXPECT_TRUE(kept.starts_with("spare/")) << kept;
  EXPECT_EQ(content(kept + "/a.txt"), "one");
  EXPECT_FALSE(fs::exists(root / "out"));
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
