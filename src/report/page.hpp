#pragma once

#include <string>

#include "output/json_text.hpp"

namespace chokepoint {

/// Whether this build has the chart library; without it there are no pages.
bool can_make_pages();

/// One HTML file that needs nothing else: styles, scripts, chart library and data are in it. Its content security
/// policy lets no other script run and nothing be loaded.
/// @param data as page_data makes it
std::string report_page(const std::string& title, const Json& data);

/// Text as it may stand in HTML.
std::string html_text(const std::string& text);

/// JSON as it may stand in a script element: no "<" in it, so no end tag either.
std::string script_json(const std::string& json);

}  // namespace chokepoint
