#include "commands/arguments.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "chokepoint/verdict.hpp"
#include "commands/parse_count.hpp"
#include "config/overrides.hpp"
#include "config/spelling.hpp"
#include "machine/thread_count.hpp"
#include "output/errors.hpp"
#include "output/result_names.hpp"
#include "output/words.hpp"
#include "results/result_netcdf.hpp"
#include "results/write_results.hpp"
#include "scenario/remarks.hpp"

namespace chokepoint {
namespace {

template <class Value>
Value parse_word(const std::string& text, const char* what, const std::vector<std::pair<std::string, Value>>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    if (name == text) return value;
    names.push_back(name);
  }
  throw UsageError(fmt::format("unknown {} '{}'; {}", what, shown(text), suggestion(text, names)));
}

}  // namespace

EngineKind parse_engine(const std::string& text) {
  std::vector<std::pair<std::string, EngineKind>> words;
  for (const EngineKind kind : engine_kinds()) words.emplace_back(name_of(kind), kind);
  return parse_word<EngineKind>(text, "engine", words);
}

InstructionSet parse_instruction_set(const std::string& text) {
  if (text == "baseline") return InstructionSet::portable;
  return parse_word<InstructionSet>(text, "instruction set",
                                    {{"auto", InstructionSet::automatic},
                                     {"portable", InstructionSet::portable},
                                     {"avx2", InstructionSet::avx2},
                                     {"avx512", InstructionSet::avx512}});
}

void ConfigArguments::add_to(Command& command) {
  command.argument("config", path, "FILE", "Scenario (TOML)");
  command.option("--set", overrides, "KEY=VALUE",
                 "Set one key of the config, say region.cn.power_mw=1e5; may be repeated");
}

namespace {

constexpr std::size_t longest_path = 4096;

}  // namespace

Scenario ConfigArguments::read() const {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, error))
      if (entry.path().extension() == ".toml") names.push_back(entry.path().filename().string());
    const std::string close = nearest(std::filesystem::path(path).filename().string(), names);
    throw UsageError(fmt::format("no such file: '{}'; {}", shown(path, longest_path),
                                 close.empty() ? "name a scenario (TOML), such as configs/baseline.toml"
                                               : "did you mean '" + (folder / close).string() + "'?"));
  }
  Scenario scenario = read_scenario(path, overrides);
  for (const std::string& remark : remarks_on(scenario)) spdlog::warn("{}: {}", path, remark);
  return scenario;
}

Scenario ConfigArguments::read_to_run() const {
  Scenario scenario = read();
  try {
    if (has_claim(scenario)) check_claim(scenario);
  } catch (const ScenarioError& error) {
    for (const Diagnostic& fault : error.diagnostics())
      if (!fault.key.starts_with("claim.twin.")) throw;
    for (const Diagnostic& fault : error.diagnostics())
      spdlog::warn("the claim can't be judged here: {}", format(fault));
  }
  return scenario;
}

namespace {

constexpr std::uint64_t largest_device = 1023;

/// "0,2": indices of devices, none twice.
std::vector<int> parse_devices(const std::string& text) {
  std::vector<int> devices;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    begin = end + 1;
    const int index = static_cast<int>(parse_count(word, "--device", 0, largest_device));
    if (std::find(devices.begin(), devices.end(), index) != devices.end())
      throw UsageError(fmt::format("--device: {} is given twice; leave one of them out", index));
    devices.push_back(index);
  }
  return devices;
}

}  // namespace

namespace {

/// "auto, reference (double precision), scalar, simd or cuda"
/// @param of_auto what `auto` is, in brackets, or nothing
std::string engine_words(const std::string& of_auto) {
  std::string text;
  const std::vector<EngineKind>& kinds = engine_kinds();
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    text += k == 0 ? "" : k + 1 < kinds.size() ? ", " : " or ";
    text += name_of(kinds[k]);
    if (k == 0) text += of_auto;
    if (precision_of(kinds[k]) == "double") text += " (double precision)";
  }
  return text;
}

void add_engine_options(Command& command, EngineArguments& arguments, const std::string& of_auto) {
  command.option("--engine", arguments.engine, "NAME", engine_words(of_auto));
  command.option("--isa", arguments.instruction_set, "NAME",
                 "Instruction set of the CPU: auto, portable, avx2 or avx512");
}

void add_threads_option(Command& command, EngineArguments& arguments) {
  command.option("--threads", arguments.threads, "N", "Threads; 0 for as many as this process may use (see doctor)");
}

void add_device_option(Command& command, EngineArguments& arguments) {
  command.option("--device", arguments.devices, "N[,N]|all",
                 "GPUs to run on, by index as doctor counts them, or all; means --engine cuda");
}

}  // namespace

void EngineArguments::add_engine_to(Command& command) {
  add_engine_options(command, *this, fmt::format(" ({})", name_of(resolve_walk_engine({}).kind)));
}

void EngineArguments::add_walk_to(Command& command) {
  add_engine_to(command);
  add_threads_option(command, *this);
  add_device_option(command, *this);
}

void EngineArguments::add_to(Command& command) {
  add_engine_options(command, *this, "");
  add_threads_option(command, *this);
  command.option(
      "--batch", batch, "N",
      "Paths in one batch of a thread or of a GPU (there rounded up to a multiple of 128); 0 leaves the choice to "
      "the program. Changes speed, never results");
  add_device_option(command, *this);
}

EngineChoice EngineArguments::choice() const {
  EngineChoice choice{parse_engine(engine), parse_instruction_set(instruction_set)};
  if (!devices) return choice;
  if (!may_run_on_gpu(choice.kind))
    throw UsageError(
        fmt::format("--device names GPUs, and --engine {} runs on the CPU; leave one of them out", engine));
  choice.kind = gpu_engine();
  return choice;
}

void EngineArguments::fill(RunOptions& options) const {
  options.engine = choice();
  options.threads = static_cast<int>(parse_count(threads, "--threads", 0, 1024));
  if (options.threads == 0)
    for (const std::string& ignored : default_threads().ignored) spdlog::warn("{}", ignored);
  options.batch = static_cast<int>(parse_count(batch, "--batch", 0, 1 << 20));
  if (devices) options.devices = *devices == "all" ? cuda_device_state().devices : parse_devices(*devices);
}

void check_precision(EngineChoice wanted, const std::string& precision, const std::string& advice) {
  const EngineKind kind = with_precision(wanted, precision).kind;
  if (precision_of(kind) != precision)
    throw UsageError(fmt::format("--engine {} computes in {}, the results in {}; {}", name_of(kind), precision_of(kind),
                                 precision, advice));
}

void PathArguments::add_to(Command& command) {
  command.option("-n,--paths", paths, "N", "Number of paths; 1e6 is understood");
  command.option("--first-path", first_path, "N", "Number of the first path, for runs in parts (see merge)");
  command.option("--seed", seed, "N", "Seed of all shocks [that of the config]");
}

void check_seed_once(const std::string& seed, const std::vector<std::string>& overrides, const std::string& by) {
  if (seed.empty()) return;
  const std::string key = "scenario.seed", table = "scenario";
  for (const std::string& one : overrides)
    if (override_key(one) == key || (override_key(one) == table && one.find("seed") != std::string::npos))
      throw UsageError(fmt::format("--seed {}: {} is given twice; first by {} {}; leave one of them out", shown(seed),
                                   key, by, shown(one)));
}

std::uint64_t parse_seed(const std::string& text, const Scenario& scenario, const std::vector<std::string>& overrides) {
  check_seed_once(text, overrides, "--set");
  if (text.empty()) return scenario.seed;
  return parse_count(text, "--seed", 0, std::numeric_limits<std::uint64_t>::max());
}

void PathArguments::fill(RunOptions& options, const Scenario& scenario,
                         const std::vector<std::string>& overrides) const {
  options.paths = parse_count(paths, "--paths", 1, max_paths);
  options.first_path = parse_count(first_path, "--first-path", 0, max_path_number);
  options.seed = parse_seed(seed, scenario, overrides);
}

void OutputArguments::add_to(Command& command, const std::string& standard) {
  command.option("-o,--out", out, "DIR", "Folder for the results [" + standard + "]");
  command.flag("--force", force, "Replace results that are there already");
  command.flag("--json", json, "Print the summary as JSON to stdout");
}

OutputFolder OutputArguments::open(const std::string& scenario) const {
  return OutputFolder(out.empty() ? std::filesystem::path("results") / scenario : std::filesystem::path(out),
                      result_file_names(), force);
}

void check_none_twice(const std::vector<std::string>& places) {
  namespace fs = std::filesystem;
  const auto canonical = [](const fs::path& place) {
    std::error_code error;
    fs::path path = fs::weakly_canonical(fs::absolute(place, error), error);
    if (!path.has_filename()) path = path.parent_path();
    return path.filename() == result_file ? path.parent_path() : path;
  };
  for (std::size_t k = 1; k < places.size(); ++k)
    for (std::size_t other = 0; other < k; ++other)
      if (canonical(places[k]) == canonical(places[other])) {
        const std::string what = places[k] == places[other]
                                     ? fmt::format("'{}' is given twice", places[k])
                                     : fmt::format("'{}' and '{}' are the same", places[other], places[k]);
        throw UsageError(what + "; leave one of them out");
      }
}

}  // namespace chokepoint
