#include "scenario/schema.hpp"

#include "commands/commands.hpp"
#include "one_shot/schema.hpp"
#include "scenario/measure_reference.hpp"

namespace chokepoint {

namespace {

struct SchemaOptions {
  bool markdown = false, market = false, measures = false, exit_codes = false;
};

nlohmann::json exit_codes_json() {
  nlohmann::json list = nlohmann::json::array();
  for (const exit_code::Meaning& row : exit_code::meanings)
    list.push_back({{"code", row.code}, {"meaning", row.meaning}});
  return list;
}

std::string exit_codes_reference() {
  std::string text = "| exit code | meaning |\n|---|---|\n";
  for (const exit_code::Meaning& row : exit_code::meanings)
    text += "| " + std::string(row.code) + " | " + row.meaning + " |\n";
  return text;
}

std::string schema_text(const SchemaOptions& options) {
  const auto text = [&](auto reference, auto json) { return options.markdown ? reference() : json().dump(2) + "\n"; };
  if (options.market) return text(market_reference, market_schema);
  if (options.measures) return text(measures_reference, measures_json);
  if (options.exit_codes) return text(exit_codes_reference, exit_codes_json);
  return text(config_reference, config_schema);
}

}  // namespace

void add_schema_command(CLI::App& app, Action& action) {
  auto options = std::make_shared<SchemaOptions>();
  Command command = add_command(
      app, action, "schema", "Print the keys of files (JSON Schema), the measures or the exit codes",
      {"chokepoint schema > chokepoint.schema.json", "chokepoint schema --measures --markdown > measures.md"});
  command.flag("--market", options->market, "Keys of market files, which `clear` takes, instead of scenarios");
  command.flag("--measures", options->measures, "What is measured each month instead");
  command.flag("--exit-codes", options->exit_codes, "Exit codes instead");
  command.flag("--markdown", options->markdown, "Print a Markdown table instead of JSON");
  command.runs([options] {
    if (options->market + options->measures + options->exit_codes > 1)
      throw UsageError("--market, --measures and --exit-codes each print something else: give one of them");
    print_result(schema_text(*options));
    return exit_code::ok;
  });
}

}  // namespace chokepoint
