#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

/// A command as its file describes it. Only command.cpp, command_line.cpp and arguments_check.cpp include CLI11, which
/// parses the line: a file that includes it takes eight seconds more to compile.
namespace chokepoint {

/// What the command line asks for; returns the exit code.
using Action = std::function<int()>;

class Command {
 public:
  Command(CLI::App& app, Action& chosen) : app_(&app), chosen_(&chosen) {}

  /// A positional argument. There must be one, or with a list one or more.
  /// @param type of the value, for the help: "FILE"
  void argument(const std::string& name, std::string& to, const std::string& type, const std::string& help);
  void argument(const std::string& name, std::vector<std::string>& to, const std::string& type,
                const std::string& help);

  /// An option with a value, "-n,--paths". The help shows what `to` holds, unless that is empty.
  void option(const std::string& names, std::string& to, const std::string& type, const std::string& help);
  void option(const std::string& names, std::optional<std::string>& to, const std::string& type,
              const std::string& help);
  /// One that may be repeated, with one value each time.
  void option(const std::string& names, std::vector<std::string>& to, const std::string& type, const std::string& help);

  /// @param not_beside names of flags added before that exclude this one
  void flag(const std::string& names, bool& to, const std::string& help,
            std::initializer_list<const char*> not_beside = {});

  /// The action that runs if the user chose this command, once the whole line has been parsed.
  void runs(Action action);

 private:
  CLI::App* app_;
  Action* chosen_;
};

/// Adds a command with its help and example lines below it.
Command add_command(CLI::App& app, Action& chosen, const std::string& name, const std::string& help,
                    const std::vector<std::string>& examples);

}  // namespace chokepoint
