#include "scenario/schema.hpp"

#include "commands/commands.hpp"
#include "one_shot/schema.hpp"

namespace chokepoint {

namespace {

struct SchemaOptions {
  bool markdown = false, market = false;
};

std::string schema_text(const SchemaOptions& options) {
  if (options.markdown) return options.market ? market_reference() : config_reference();
  return (options.market ? market_schema() : config_schema()).dump(2) + "\n";
}

}  // namespace

void add_schema_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<SchemaOptions>();
  Command command = add_command(
      app, action, "schema", "Print the JSON Schema of a config or of a market file, for editors and checks",
      {"chokepoint schema > chokepoint.schema.json", "chokepoint schema --market --markdown > market.md"});
  command.flag("--market", options->market, "Of market files, which `clear` takes, instead of scenarios");
  command.flag("--markdown", options->markdown, "Print every key with unit, range, default and meaning instead");
  command.runs([options] {
    print_result(schema_text(*options));
    return exit_code::ok;
  });
}

}  // namespace chokepoint
