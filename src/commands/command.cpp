#include "commands/command.hpp"

#include <CLI/CLI.hpp>

namespace chokepoint {

void Command::argument(const std::string& name, std::string& to, const std::string& type, const std::string& help) {
  app_->add_option(name, to, help)->required()->type_name(type);
}

void Command::argument(const std::string& name, std::vector<std::string>& to, const std::string& type,
                       const std::string& help) {
  app_->add_option(name, to, help)->required()->type_name(type);
}

void Command::option(const std::string& names, std::string& to, const std::string& type, const std::string& help) {
  CLI::Option* option = app_->add_option(names, to, help)->type_name(type);
  if (!to.empty()) option->capture_default_str();
}

void Command::option(const std::string& names, std::optional<std::string>& to, const std::string& type,
                     const std::string& help) {
  app_->add_option(names, to, help)->type_name(type);
}

void Command::option(const std::string& names, std::vector<std::string>& to, const std::string& type,
                     const std::string& help) {
  app_->add_option(names, to, help)->type_name(type)->allow_extra_args(false);
}

void Command::flag(const std::string& names, bool& to, const std::string& help,
                   std::initializer_list<const char*> not_beside) {
  CLI::Option* flag = app_->add_flag(names, to, help);
  for (const char* other : not_beside) flag->excludes(app_->get_option(other));
}

void Command::runs(Action action) {
  app_->callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
}

Command add_command(CLI::App& app, Action& chosen, const std::string& name, const std::string& help,
                    const std::vector<std::string>& examples) {
  CLI::App* command = app.add_subcommand(name, help);
  std::string footer = "Examples:";
  for (const std::string& example : examples) footer += "\n  " + example;
  command->footer(footer);
  return {*command, chosen};
}

}  // namespace chokepoint
