#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "chokepoint/engine.hpp"
#include "chokepoint/version.hpp"
#include "commands/commands.hpp"
#include "machine/arithmetic.hpp"
#include "machine/host.hpp"
#include "machine/memory_limit.hpp"
#include "machine/thread_count.hpp"
#include "output/json_text.hpp"
#include "output/netcdf_file.hpp"
#include "output/words.hpp"

namespace chokepoint {
namespace {

Json instruction_sets() {
  Json names = Json::array();
  for (const InstructionSet set : available_instruction_sets()) names.push_back(std::string(name_of(set)));
  return names;
}

/// Every limit that holds, the least of them first: it decides.
std::vector<MemoryLimit> sorted_memory_limits() {
  std::vector<MemoryLimit> limits = memory_limits();
  for (MemoryLimit& limit : address_space_limits())
    limits.push_back({limit.bytes, fmt::format("address space left of {}", limit.source)});
  std::stable_sort(limits.begin(), limits.end(),
                   [](const MemoryLimit& a, const MemoryLimit& b) { return a.bytes < b.bytes; });
  return limits;
}

Json texts_of(const std::vector<MemoryLimit>& limits) {
  Json texts = Json::array();
  for (const MemoryLimit& limit : limits) texts.push_back(fmt::format("{} {}", bytes_text(limit.bytes), limit.source));
  return texts;
}

Json examine() {
  const DeviceState device = cuda_device_state();
  const FloatingPointState state = floating_point_state();
  const EngineChoice fastest = resolve_engine({});
  const ThreadChoice threads = default_threads();
  const std::vector<MemoryLimit> limits = sorted_memory_limits();
  return {
      {"version", build_info.version},
      {"commit", build_info.commit},
      {"compiler", build_info.compiler},
      {"flags", build_info.flags},
      {"build type", build_info.build_type},
      {"CUDA compiler", build_info.cuda},
      {"netCDF library", netcdf_version()},
      {"processor", processor_name()},
      {"instruction sets", instruction_sets()},
      {"threads", threads.threads},
      {"threads decided by", threads.source},
      {"memory", bytes_text(limits.front().bytes)},
      {"memory decided by", limits.front().source},
      {"memory limits", texts_of(limits)},
      {"GPU", device.description},
      {"GPU usable", device.usable},
      {"engine that auto picks", fmt::format("{} ({})", name_of(fastest.kind), name_of(fastest.instruction_set))},
      {"rounding", state.rounding},
      {"subnormal results kept", state.keeps_subnormal_results},
      {"subnormal operands kept", state.keeps_subnormal_operands},
      {"floating point good", state.good()},
  };
}

std::string words_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const Json& element : value) text += (text.empty() ? "" : ", ") + words_of(element);
  return text;
}

int doctor(bool as_json) {
  const Json facts = examine();
  for (const std::string& ignored : default_threads().ignored) spdlog::warn("{}", ignored);
  std::string text;
  for (const auto& [name, value] : facts.items()) text += fmt::format("{:25}{}\n", name, words_of(value));
  print_result(as_json ? json_text(facts) : text);
  return facts["floating point good"].get<bool>() ? exit_code::ok : exit_code::numerics;
}

}  // namespace

void add_doctor_command(CLI::App& app, Action& action) {
  auto as_json = std::make_shared<bool>(false);
  Command command =
      add_command(app, action, "doctor", "Show what this build and this machine offer, and whether all is well",
                  {"chokepoint doctor", "chokepoint doctor --json"});
  command.flag("--json", *as_json, "Print JSON");
  command.runs([as_json] { return doctor(*as_json); });
}

}  // namespace chokepoint
