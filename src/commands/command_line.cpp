#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <sstream>

#include "chokepoint/base/crew.hpp"
#include "chokepoint/engine.hpp"
#include "chokepoint/scenario.hpp"
#include "chokepoint/version.hpp"
#include "commands/arguments_check.hpp"
#include "commands/commands.hpp"
#include "config/spelling.hpp"
#include "machine/arithmetic.hpp"
#include "machine/stop.hpp"
#include "output/errors.hpp"

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

/// What a failure says, and the exit code.
struct Failure {
  std::string message;
  int code;
};

Failure fault_of(const ScenarioError& error) {
  fmt::print(stderr, "{}\n", error.what());
  const std::size_t faults = error.diagnostics().size();
  return {fmt::format("{} fault{} in the config", faults, faults == 1 ? "" : "s"), exit_code::usage};
}

/// Of the exception that is being handled.
Failure current_failure() {
  try {
    throw;
  } catch (const ScenarioError& error) {
    return fault_of(error);
  } catch (const UsageError& error) {
    return {error.what(), exit_code::usage};
  } catch (const EngineError& error) {
    return {error.what(), exit_code::resource};
  } catch (const ResourceError& error) {
    return {error.what(), exit_code::resource};
  } catch (const NumericsError& error) {
    return {error.what(), exit_code::numerics};
  } catch (const ArithmeticError& error) {
    return {error.what(), exit_code::numerics};
  } catch (const std::filesystem::filesystem_error& error) {
    return {fmt::format("cannot read '{}': {}", error.path1().string(), error.code().message()), exit_code::resource};
  } catch (const std::exception& error) {
    return {fmt::format("unexpected: {}; please report this", error.what()), exit_code::resource};
  }
}

int stopped_by(int signal) {
  // A reader that has seen enough is no failure to speak of.
  if (signal != SIGPIPE) spdlog::warn("stopped by {}; nothing was written", signal_name(signal));
  return exit_code::signalled + signal;
}

/// Makes no text, for which there may be no memory either. Leaves at once: the netCDF library does not survive its own
/// end without memory.
template <std::size_t size>
[[noreturn]] void leave(const char (&line)[size]) {
  const ssize_t ignored = ::write(STDERR_FILENO, line, size - 1);
  static_cast<void>(ignored);
  ::_exit(exit_code::resource);
}

/// Everything of ours has been cleared away by now.
[[noreturn]] void out_of_memory() {
  leave(
      "error: out of memory; chokepoint doctor says what limits it, and a command with --threads or --batch needs less "
      "with less of them (chokepoint plan)\n");
}

std::terminate_handler usual_terminate;

/// Destructors of libraries that allocate (nlohmann's of a value, for one) end here where they get no memory.
[[noreturn]] void on_terminate() {
  try {
    if (std::current_exception()) throw;
  } catch (const std::bad_alloc&) {
    leave(
        "error: out of memory where a library does not survive it; what this command leaves hidden (.chokepoint-*) is "
        "removed by the next one\n");
  } catch (...) {
  }
  usual_terminate();
  std::abort();
}

/// A call that a signal cut short fails for no other reason.
int failed() {
  stop_if_asked();
  const Failure failure = current_failure();
  spdlog::error("{}", failure.message);
  return failure.code;
}

/// Runs an action and turns every way it can fail into a message and an exit code.
int guarded(const Action& action) noexcept {
  try {
    try {
      return action();
    } catch (const Stopped&) {
      throw;
    } catch (const std::bad_alloc&) {
      out_of_memory();
    } catch (...) {
      return failed();
    }
  } catch (const Stopped& stopped) {
    return stopped_by(stopped.signal);
  } catch (...) {
    out_of_memory();
  }
}

void set_up(CLI::App& app, Action& action) {
  app.name("chokepoint");
  app.set_version_flag("--version", version_text, "Print version and build, and leave");
  app.set_help_flag("-h,--help", "Print this help and leave");
  app.require_subcommand(0, 1);
  app.footer(
      "chokepoint COMMAND --help says more, with examples.\n"
      "Exit codes: 0 ok, 2 bad command line or config, 3 device, memory or disk, 4 numerics (--strict),\n"
      "128 + n stopped by signal n (130 Ctrl-C, 143 kill).");
  add_run_command(app, action);
  add_validate_command(app, action);
  add_plan_command(app, action);
  add_clear_command(app, action);
  add_replay_command(app, action);
  add_merge_command(app, action);
  add_report_command(app, action);
  add_compare_command(app, action);
  add_check_command(app, action);
  add_doctor_command(app, action);
  add_schema_command(app, action);
  add_verdict_command(app, action);
}

/// What --help and --version print.
int print_answer(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream text;
  const int code = app.exit(error, text, text);
  print_result(text.str());
  return code;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{
      "Monte Carlo simulator of the market for AI compute: chips, power, rental prices, concentration, tokens."};
  Action action;
  set_up(app, action);
  std::vector<std::string> arguments = checked_arguments(app, {argv + std::min(argc, 1), argv + argc});
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return print_answer(app, error);
    throw UsageError(parse_fault(app, error));
  }
  if (!action) throw UsageError("no command given; see chokepoint --help");
  const int code = action();
  check_arithmetic();
  return code;
}

/// The usual limit of a stack. That of the thread that starts may be smaller (ulimit -s).
constexpr std::size_t command_stack_bytes = std::size_t{8} << 20;

}  // namespace

int run_command_line(int argc, char** argv) {
  usual_terminate = std::set_terminate(on_terminate);
  return guarded([&] {
    prepare_process();
    log_to_stderr();
    int code = exit_code::ok;
    Crew(1, command_stack_bytes).run([&](int) {
      receive_signals();
      code = guarded([&] { return parse_and_run(argc, argv); });
      set_arithmetic();  // what was wrong with it has been said
    });
    return code;
  });
}

}  // namespace chokepoint
