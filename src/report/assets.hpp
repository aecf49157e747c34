#pragma once

#include <string_view>

/// The files of which a page is made; cmake/ChokepointReport.cmake puts them into the program.
namespace chokepoint {

struct ReportAssets {
  std::string_view page_html;  ///< the frame, with {{names}} of what goes into it
  std::string_view page_css, page_js;
  std::string_view chart_library;              ///< Chart.js; empty where the build found none
  std::string_view script_hashes, style_hash;  ///< as a content security policy names them
};

extern const ReportAssets report_assets;

}  // namespace chokepoint
