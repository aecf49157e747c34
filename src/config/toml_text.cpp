#include "config/toml_text.hpp"

#include <algorithm>
#include <system_error>

#include "config/reader.hpp"
#include "config/spelling.hpp"
#include "machine/read_file.hpp"

namespace chokepoint {

namespace {

constexpr int deepest_key = 16;  ///< dots in a key; many thousand tables in each other would exhaust the stack

[[noreturn]] void refuse(Diagnostic diagnostic) {
  throw ScenarioError({std::move(diagnostic)});
}

/// What stands between the first pair of single quotes.
std::string_view quoted_part(std::string_view text) {
  const std::size_t open = text.find('\''), close = text.rfind('\'');
  return open < close && close != std::string_view::npos ? text.substr(open + 1, close - open - 1) : std::string_view();
}

/// The line, counted from 1, on which a key or table of that name stands before line `before`; 0 where none does.
/// Tables are known by their headers; a key is looked for in its own table alone.
int earlier_line(std::string_view text, std::string_view name, int before, bool is_table) {
  int found = 0, line = 1;
  for (std::size_t at = 0; at < text.size() && line < before; ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view content = text.substr(at, end - at);
    content.remove_prefix(std::min(content.find_first_not_of(" \t"), content.size()));
    const bool is_header = content.starts_with('[');
    if (is_header && !is_table) found = 0;
    if (is_header) content.remove_prefix(std::min(content.find_first_not_of('['), content.size()));
    const bool fits =
        content.starts_with(name) && content.find_first_of(is_table ? "]" : " \t=", name.size()) == name.size();
    if (fits && is_header == is_table && found == 0) found = line;
    at = end + 1;
  }
  return found;
}

/// What the parser says, in words for those who wrote the file.
Diagnostic parse_fault(std::string_view text, const std::string& file, const toml::parse_error& error) {
  const Position position = position_of(error.source(), file);
  Diagnostic fault{file, position.line, position.column, "", shown(error.description(), 200), "mend the TOML there"};
  const std::string_view said = error.description(), name = quoted_part(said);
  const bool is_twice = said.find("cannot redefine existing") != std::string_view::npos;
  if (is_twice) {
    const int first = earlier_line(text, name, position.line, said.find("existing table") != std::string_view::npos);
    fault.message = "'" + shown(name) + "' is given twice";
    fault.help = (first > 0 ? "first in line " + std::to_string(first) + "; " : "") + "leave one of them out";
  }
  if (said.find("floating-point: '") != std::string_view::npos && said.find("interpreted") != std::string_view::npos) {
    fault.message = "'" + shown(name.substr(0, name.find('\''))) + "' is beyond what a number holds here";
    fault.help = "allowed: 0, and numbers from 2.2e-308 to 1.8e308 of either sign";
  }
  if (said.find("floating-point: expected decimal digit") != std::string_view::npos)
    fault.help = "TOML wants a digit before and after the point: 0.5 and not .5, 5.0 and not 5.";
  return fault;
}

/// End of the string or comment that starts at `i`, or `i` where none does.
std::size_t skip_quoted(std::string_view text, std::size_t i) {
  if (text[i] == '#') return std::min(text.find('\n', i), text.size());
  if (text[i] != '"' && text[i] != '\'') return i;
  const bool is_long = i + 2 < text.size() && text[i + 1] == text[i] && text[i + 2] == text[i];
  const std::size_t length = is_long ? 3 : 1;
  const std::string_view quote = text.substr(i, length);
  for (std::size_t k = i + length; k < text.size(); ++k) {
    if (text[k] == '\\' && text[i] == '"')
      ++k;
    else if (text.substr(k, length) == quote)
      return k + length;
    else if (!is_long && text[k] == '\n')
      return k;
  }
  return text.size();
}

/// Refuses keys of very many dotted parts before the parser builds a tower of tables from them.
void refuse_deep_keys(std::string_view text, const std::string& file) {
  int line = 1, dots = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t next = skip_quoted(text, i);
    line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(i),
                                        text.begin() + static_cast<std::ptrdiff_t>(next), '\n'));
    i = next;
    if (i >= text.size()) break;
    if (text[i] == '\n') ++line;
    if (std::string_view("=,{}[]\n").find(text[i]) != std::string_view::npos) dots = 0;
    if (text[i] == '.' && ++dots > deepest_key)
      refuse(
          {file, line, 1, "", "a key of very many parts", "allowed: at most " + std::to_string(deepest_key) + " dots"});
  }
}

}  // namespace

void refuse_size(const std::string& file, std::uintmax_t size) {
  refuse({file, 1, 1, "", "holds more than a config may (" + std::to_string(size) + " bytes)",
          "allowed: at most " + std::to_string(max_config_bytes) + " bytes"});
}

toml::table parse_config(std::string_view text, const std::string& file) {
  if (text.size() > max_config_bytes) refuse_size(file, text.size());
  refuse_deep_keys(text, file);
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    refuse(parse_fault(text, file, error));
  }
}

std::string read_config_file(const std::filesystem::path& path) {
  const std::string file = path.string();
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) refuse({file, 0, 0, "", "is a directory", "name a TOML file"});
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (!failed && size > max_config_bytes) refuse_size(file, size);
  try {
    return read_file(path, max_config_bytes + 1);  // one more than allowed: pipes don't tell their size
  } catch (const std::system_error& error) {
    refuse({file, 0, 0, "", "can't be read: " + error.code().message(), "check the path and the disk"});
  }
}

}  // namespace chokepoint
