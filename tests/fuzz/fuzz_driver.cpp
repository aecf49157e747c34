#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "mutator.hpp"
#include "properties.hpp"

#if defined(__SANITIZE_ADDRESS__)
extern "C" void __sanitizer_set_death_callback(void (*callback)());
#endif

// fuzz_driver PROPERTY RUNS SEED FILE...: replays files and folders of inputs, then RUNS changed ones. An input that
// breaks the property, takes longer than the limit or draws a sanitizer's report is kept as ./finding-PROPERTY, and the
// exit code is not 0.
namespace chokepoint::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int longest_seconds = 10;  ///< of processor time; a second without sanitizers

std::string current, finding;  ///< the input at work, and the file that it goes to if it is a finding

void keep_input() {
  std::FILE* const file = std::fopen(finding.c_str(), "wb");
  if (file == nullptr) return;
  std::fwrite(current.data(), 1, current.size(), file);
  std::fclose(file);
}

void end_hang(int) {
  keep_input();
  constexpr char text[] = "an input takes too long\n";
  if (write(2, text, sizeof(text) - 1) < 0) _exit(1);
  _exit(1);
}

void start_clock() {
  const itimerval limit = {{0, 0}, {longest_seconds, 0}};
  setitimer(ITIMER_VIRTUAL, &limit, nullptr);
}

/// Runs one input; says what is wrong with it, or nothing. Counts those that were taken.
std::string fault_of(Property property, std::string input, unsigned long& taken) {
  current = std::move(input);
  start_clock();
  try {
    taken += property(current) ? 1 : 0;
    return "";
  } catch (const Broken& broken) {
    return broken.what;
  } catch (const std::exception& error) {
    return std::string("an exception came through: ") + error.what();
  }
}

/// The inputs under some paths, in the order of their names.
std::vector<std::string> read_corpus(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (!fs::is_directory(path)) files.emplace_back(path);
    if (fs::is_directory(path))
      for (const auto& entry : fs::recursive_directory_iterator(path))
        if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const fs::path& file : files) inputs.push_back(text_of(file));
  return inputs;
}

int drive(const std::string& name, unsigned long runs, unsigned long seed, const std::vector<std::string>& paths) {
  const Property property = property_of(name);
  const std::vector<std::string> corpus = read_corpus(paths);
  if (property == nullptr || corpus.empty()) {
    std::cerr << "usage: fuzz_driver scenario|market|tallies|command_line RUNS SEED FILE...\n";
    return 2;
  }
  finding = (fs::current_path() / ("finding-" + name)).string();
  unsigned long taken = 0;
  Mutator mutator(corpus, seed, name != "tallies");
  for (std::size_t i = 0; i < corpus.size() + runs; ++i) {
    const std::string fault = fault_of(property, i < corpus.size() ? corpus[i] : mutator.next(), taken);
    if (fault.empty()) continue;
    keep_input();
    std::cerr << "input " << i << ": " << fault << "; kept as " << finding << "\n";
    return 1;
  }
  std::cout << name << ": " << corpus.size() << " inputs of the corpus and " << runs << " changed ones, all well; "
            << taken << " were taken\n";
  return 0;
}

}  // namespace
}  // namespace chokepoint::fuzz

int main(int argc, char** argv) {
  using namespace chokepoint::fuzz;
  std::signal(SIGVTALRM, end_hang);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(keep_input);
#endif
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 4) return drive("", 0, 0, {});
  return drive(words[0], std::strtoul(words[1].c_str(), nullptr, 10), std::strtoul(words[2].c_str(), nullptr, 10),
               {words.begin() + 3, words.end()});
}
