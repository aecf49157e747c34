#include "report/page.hpp"

#include <map>

#include "report/assets.hpp"

namespace chokepoint {
namespace {

std::string replaced(const std::string& text, const std::map<char, std::string>& by) {
  std::string out;
  for (const char c : text) {
    const auto found = by.find(c);
    out += found == by.end() ? std::string(1, c) : found->second;
  }
  return out;
}

/// The frame with every {{name}} replaced once; what is put in is not looked at again.
std::string filled(std::string_view frame, const std::map<std::string_view, std::string_view>& parts) {
  std::string out;
  for (std::size_t open; (open = frame.find("{{")) != std::string_view::npos;) {
    const std::size_t close = frame.find("}}", open);
    out.append(frame.substr(0, open)).append(parts.at(frame.substr(open + 2, close - open - 2)));
    frame.remove_prefix(close + 2);
  }
  return out.append(frame);
}

}  // namespace

bool can_make_pages() {
  return !report_assets.chart_library.empty();
}

std::string html_text(const std::string& text) {
  return replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}});
}

std::string script_json(const std::string& json) {
  return replaced(json, {{'<', "\\u003c"}, {'>', "\\u003e"}, {'&', "\\u0026"}});
}

std::string report_page(const std::string& title, const Json& data) {
  const std::string heading = html_text(title);
  const std::string content = script_json(data.dump(-1, ' ', false, Json::error_handler_t::replace));
  const ReportAssets& assets = report_assets;
  return filled(assets.page_html, {{"title", heading},
                                   {"data", content},
                                   {"script_hashes", assets.script_hashes},
                                   {"style_hash", assets.style_hash},
                                   {"page_css", assets.page_css},
                                   {"chart_library", assets.chart_library},
                                   {"page_js", assets.page_js}});
}

}  // namespace chokepoint
