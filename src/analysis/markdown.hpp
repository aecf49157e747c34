#pragma once

#include <string>

/// Texts of configs in Markdown (CommonMark with GitHub's tables), on one line. Readers see them as they are in the
/// config: characters that would start a column, a tag, a link or a style are escaped, and no others. Code between
/// backquotes stays code.
namespace chokepoint {

/// A text on one line: line breaks and other white space are one blank, other control characters are gone.
std::string one_line(const std::string& text);

/// Within a paragraph or an item of a list, after its first letters.
std::string markdown_text(const std::string& text);

/// Within a cell of a table, where a bar ends even code.
std::string markdown_cell(const std::string& text);

/// All of it as code: the fence is longer than any run of backquotes within.
std::string markdown_code(const std::string& text);

}  // namespace chokepoint
