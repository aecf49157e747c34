#include <csignal>
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "chokepoint/engine.hpp"
#include "chokepoint/scenario.hpp"
#include "chokepoint/version.hpp"
#include "commands/arguments_check.hpp"
#include "commands/commands.hpp"
#include "output/errors.hpp"
#include "scenario/spelling.hpp"

namespace chokepoint {
namespace {

/// What is said, as one line that no control character in a name or title can break or colour.
class PlainMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& to) override {
    const std::string text = shown({message.payload.data(), message.payload.size()}, std::string::npos);
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<PlainMessage>(); }
};

/// Whether the user wants no colours (https://no-color.org); without a terminal there are none anyway.
bool refuses_colour() {
  const char* word = std::getenv("NO_COLOR");
  return word && *word;
}

/// stdout is for results: everything said on the way goes to stderr.
void log_to_stderr() {
  const auto colours = refuses_colour() ? spdlog::color_mode::never : spdlog::color_mode::automatic;
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(colours);
  auto logger = std::make_shared<spdlog::logger>("chokepoint", std::move(sink));
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PlainMessage>('*').set_pattern("%^%l%$: %*");
  logger->set_formatter(std::move(formatter));
  spdlog::set_default_logger(std::move(logger));
}

std::string version_text() {
  return fmt::format("chokepoint {} (commit {}, {}, {}, CUDA {})", build_info.version, build_info.commit,
                     build_info.compiler, build_info.build_type, build_info.cuda);
}

/// What CLI11 found wrong, in one line that says where help is.
std::string parse_fault(const CLI::App& app, const CLI::ParseError& error) {
  std::string line = "chokepoint";
  for (const CLI::App* command : app.get_subcommands()) line += " " + command->get_name();
  std::string text = error.what();
  std::replace(text.begin(), text.end(), '\n', ' ');
  // "The following argument was not expected: x"
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError))
    text = "unexpected argument: " + shown(text.substr(std::min(text.find(": ") + 2, text.size())));
  return fmt::format("{}; see {} --help", text, line);
}

int report(const std::string& message, int code) {
  spdlog::error("{}", message);
  return code;
}

int report(const ScenarioError& error) {
  fmt::print(stderr, "{}\n", error.what());
  const std::size_t faults = error.diagnostics().size();
  return report(fmt::format("{} fault{} in the config", faults, faults == 1 ? "" : "s"), exit_code::usage);
}

/// Runs an action and turns every way it can fail into a message and an exit code.
int guarded(const Action& action) {
  try {
    return action();
  } catch (const ScenarioError& error) {
    return report(error);
  } catch (const UsageError& error) {
    return report(error.what(), exit_code::usage);
  } catch (const EngineError& error) {
    return report(error.what(), exit_code::resource);
  } catch (const ResourceError& error) {
    return report(error.what(), exit_code::resource);
  } catch (const NumericsError& error) {
    return report(error.what(), exit_code::numerics);
  } catch (const std::bad_alloc&) {
    return report("out of memory; fewer --threads or a smaller --batch need less (see chokepoint plan)",
                  exit_code::resource);
  } catch (const std::exception& error) {
    return report(fmt::format("unexpected: {}; please report this", error.what()), exit_code::resource);
  }
}

void set_up(CLI::App& app, Action& action) {
  app.name("chokepoint");
  app.set_version_flag("--version", version_text, "Print version and build, and leave");
  app.set_help_flag("-h,--help", "Print this help and leave");
  app.require_subcommand(0, 1);
  app.footer(
      "chokepoint COMMAND --help tells more, with examples.\n"
      "Exit codes: 0 ok, 2 bad command line or config, 3 device, memory or disk, 4 numerics (--strict),\n"
      "129, 130 and 143 stopped by a signal.");
  add_run_command(app, action);
  add_validate_command(app, action);
  add_plan_command(app, action);
  add_clear_command(app, action);
  add_replay_command(app, action);
  add_merge_command(app, action);
  add_report_command(app, action);
  add_compare_command(app, action);
  add_doctor_command(app, action);
  add_schema_command(app, action);
  add_verdict_command(app, action);
}

}  // namespace

CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& help,
                      const std::vector<std::string>& examples) {
  CLI::App* command = app.add_subcommand(name, help);
  std::string footer = "Examples:";
  for (const std::string& example : examples) footer += "\n  " + example;
  command->footer(footer);
  return *command;
}

int run_command_line(int argc, char** argv) {
  // A file-size limit (ulimit -f) is then a write that fails, with a message, rather than a death.
  std::signal(SIGXFSZ, SIG_IGN);
  log_to_stderr();
  CLI::App app{
      "Monte Carlo simulator of the market for AI compute: chips, power, rental prices, concentration, tokens."};
  Action action;
  return guarded([&] {
    set_up(app, action);
    std::vector<std::string> arguments = checked_arguments(app, {argv + std::min(argc, 1), argv + argc});
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
    try {
      app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version: to stdout
      throw UsageError(parse_fault(app, error));
    }
    if (!action) throw UsageError("no command given; see chokepoint --help");
    return action();
  });
}

}  // namespace chokepoint
