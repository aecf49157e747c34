#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "commands/commands.hpp"
#include "properties.hpp"

#if defined(__SANITIZE_ADDRESS__)
extern "C" void __sanitizer_set_report_fd(void* fd);
#endif

namespace chokepoint::fuzz {
namespace {

namespace fs = std::filesystem;

int run(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"chokepoint"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return run_command_line(static_cast<int>(argv.size()), argv.data());
}

/// stdout and stderr in files for as long as it lives; sanitizers go on reporting to the terminal.
class Muffled {
 public:
  explicit Muffled(const fs::path& folder) : errors_(folder / "stderr") {
    std::fflush(nullptr);
    for (int fd : {1, 2}) kept_[fd] = dup(fd);
    redirect(1, folder / "stdout");
    redirect(2, errors_);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<std::intptr_t>(kept_[2])));
#endif
  }
  ~Muffled() {
    std::fflush(nullptr);
    for (int fd : {1, 2}) {
      dup2(kept_[fd], fd);
      close(kept_[fd]);
    }
  }
  bool said_something() const {
    std::fflush(nullptr);
    return fs::file_size(errors_) > 0;
  }

 private:
  static void redirect(int fd, const fs::path& path) {
    const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(file, fd);
    close(file);
  }
  fs::path errors_;
  int kept_[3];
};

/// A temporary folder with `work`, where the program runs, and `aside` for what it says.
class Workshop {
 public:
  Workshop() {
    char name[] = "/tmp/chokepoint-fuzz-XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directory(root_ / "aside");
    fs::create_directory(work());
    fs::current_path(work());
    fill();
  }
  ~Workshop() {
    std::error_code error;
    fs::current_path("/", error);
    fs::remove_all(root_, error);
  }

  /// Runs the program and says what rule it broke, if any. `code` is its exit code.
  std::string broken_rule(const std::vector<std::string>& arguments, int& code) {
    const std::map<std::string, std::string> before = contents();
    bool spoke = false;
    {
      const Muffled muffled(root_ / "aside");
      code = run(arguments);
      spoke = muffled.said_something();
    }
    const bool changed = contents() != before;
    if (changed) fill();
    if (fs::current_path() != work() || entries(root_) != 2) return "something changed outside the folder";
    if (code == 0) return "";
    if (code != 2 && code != 3 && code != 4) return "exit code " + std::to_string(code);
    if (!spoke) return "exit code " + std::to_string(code) + " without a word";
    return changed && code != 4 ? "exit code " + std::to_string(code) + ", but files changed" : "";
  }

 private:
  fs::path work() const { return root_ / "work"; }
  static long entries(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  }

  /// Every file under the work folder, with its size and the time of its last change.
  std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(work())) {
      const bool is_file = entry.is_regular_file();
      all[entry.path().string()] = is_file ? std::to_string(entry.file_size()) + " " +
                                                 std::to_string(entry.last_write_time().time_since_epoch().count())
                                           : "";
    }
    return all;
  }

  void fill() {
    for (const auto& entry : fs::directory_iterator(work())) fs::remove_all(entry.path());
    std::ofstream("small.toml") << text_of(CHOKEPOINT_SOURCE_DIR "/tests/data/scenario_minimal.toml");
    std::ofstream("market.toml") << text_of(CHOKEPOINT_SOURCE_DIR "/configs/markets/two_regions_trade.toml");
    std::ofstream("bad.toml") << "[scenario\nname = 3\n";
    if (part_.empty()) {
      const Muffled muffled(root_ / "aside");
      run({"run", "small.toml", "--paths", "4", "--threads", "1", "--out", "part"});
      part_ = text_of("part/result.nc");
      fs::remove_all("part");
    }
    fs::create_directory("part");
    std::ofstream("part/result.nc", std::ios::binary) << part_;
  }

  fs::path root_;
  std::string part_;
};

/// Bends paths that lead out of the work folder back into it.
std::string kept_inside(std::string argument) {
  for (std::size_t at = 0; (at = argument.find("..", at)) != std::string::npos;) argument.replace(at, 2, "_");
  for (std::size_t at = 0; at < argument.size(); ++at)
    if (argument[at] == '/' && (at == 0 || argument[at - 1] == '=' || argument[at - 1] == 'o')) argument[at] = '_';
  return argument.substr(0, argument.find('\0'));
}

/// Work that is asked for rightly and takes long is no hang: at most a few thousand paths, and no more memory than
/// a sanitizer lends.
bool takes_long(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const std::size_t digit = argument.find_first_of("0123456789");
    const double value = digit == std::string::npos ? 0 : std::strtod(argument.c_str() + digit, nullptr);
    if (value > 2000 && value < 1e19 && argument.find('=') == std::string::npos) return true;
    if (value > 2000 && value < 1e19 && argument.starts_with("--") && !argument.starts_with("--set")) return true;
    if (value > 2000 && argument.starts_with("-n")) return true;
  }
  return false;
}

}  // namespace

bool command_line_property(std::string_view input) {
  static Workshop workshop;
  std::vector<std::string> arguments = lines_of(input);
  if (arguments.size() > 64) arguments.resize(64);
  for (std::string& argument : arguments) argument = kept_inside(argument);
  if (takes_long(arguments)) return false;
  int code = 0;
  const std::string rule = workshop.broken_rule(arguments, code);
  if (!rule.empty()) throw Broken{rule};
  return code == 0;
}

}  // namespace chokepoint::fuzz
