#pragma once

#include <string_view>

/// The files that a page is made of, put into the program by cmake/ChokepointReport.cmake.
namespace chokepoint {

struct ReportAssets {
  std::string_view page_html;  ///< the frame, with {{names}} of what goes into it
  std::string_view page_css, page_js;
  std::string_view chart_library;              ///< Chart.js; empty where the build found none
  std::string_view script_hashes, style_hash;  ///< as a content security policy names them
};

extern const ReportAssets report_assets;

}  // namespace chokepoint
