#include "scenario/schema.hpp"

#include "commands/commands.hpp"

namespace chokepoint {

void add_schema_command(CLI::App& app, Action& action) {
  auto markdown = std::make_shared<bool>(false);
  CLI::App& command =
      add_command(app, "schema", "Print the JSON Schema of a config, for editors and checks",
                  {"chokepoint schema > chokepoint.schema.json", "chokepoint schema --markdown > config.md"});
  command.add_flag("--markdown", *markdown, "Print every key with unit, range, default and meaning instead");
  command.callback([markdown, &action] {
    action = [markdown] {
      print_result(*markdown ? config_reference() : config_schema().dump(2) + "\n");
      return exit_code::ok;
    };
  });
}

}  // namespace chokepoint
