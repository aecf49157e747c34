#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// What must hold for any input at all: it is taken, or refused with a message. A property throws Broken where that
/// fails; a sanitizer's report, another exception or a hang is a finding as well. It returns whether the input was
/// taken.
namespace chokepoint::fuzz {

struct Broken {
  std::string what;
};

using Property = bool (*)(std::string_view input);

/// A scenario: reading throws ScenarioError with messages, or else the scenario can be lowered. Lines at the start of
/// the form `--set key=value` are overrides.
bool read_scenario_property(std::string_view input);

/// The same for a market file, which must also clear or say that it could not.
bool read_market_property(std::string_view input);

/// Bytes of tallies without the checksum at their end: refused, or read and written back as they were.
bool read_tallies_property(std::string_view input);

/// Arguments, one a line, for the program in a folder that holds market.toml, small.toml, bad.toml and the result
/// `part`: it ends with a known code, says something on stderr where that is not 0, and then leaves the folder as it
/// was; outside of it nothing changes in any case. Paths that lead out of the folder are bent back into it.
bool command_line_property(std::string_view input);

/// Property of a name of the corpus folders (scenario, market, tallies, command_line), null where there is none.
Property property_of(std::string_view name);

std::vector<std::string> lines_of(std::string_view text);
std::string text_of(const std::filesystem::path& file);

}  // namespace chokepoint::fuzz
