#include "report/picture_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace chokepoint {
namespace {

constexpr int title_height = 40;
constexpr int left_of_panel = 52, right_of_panel = 16, above_panel = 26, below_panel = 26;
constexpr int letter_width = 8, year_width = 40, legend_line = 18, legend_sample = 60;  // of DejaVu Sans at 9 points

int columns_for(int panels) {
  if (panels <= 4) return panels;
  return panels <= 6 || panels == 9 ? 3 : 4;
}

int lines_of(int things, int columns) {
  return (things + columns - 1) / columns;
}

}  // namespace

PictureLayout::PictureLayout(std::size_t panels, const std::vector<LegendEntry>& legend)
    : columns_(columns_for(static_cast<int>(panels))),
      rows_(lines_of(static_cast<int>(panels), columns_)),
      panel_width_(panels == 1   ? 640
                   : panels == 2 ? 495
                                 : 330),
      panel_height_(panels <= 2 ? 360 : 240) {
  std::size_t longest = 0;
  for (const LegendEntry& entry : legend) longest = std::max(longest, entry.name.size());
  const int entry_width = legend_sample + letter_width * static_cast<int>(std::min(longest, longest_legend_name));
  const int entries = static_cast<int>(legend.size());
  legend_columns_ = std::clamp(width() / entry_width, 1, std::max(entries, 1));
  legend_height_ = entries == 0 ? 0 : legend_line * (lines_of(entries, legend_columns_) + 1);
}

int PictureLayout::height() const {
  return title_height + rows_ * panel_height_ + legend_height_;
}

std::string PictureLayout::margins(int left, int right, int top, int bottom) const {
  return fmt::format(
      "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\nset tmargin at screen {:.5f}\n"
      "set bmargin at screen {:.5f}\n",
      static_cast<double>(left) / width(), static_cast<double>(right) / width(),
      1 - static_cast<double>(top) / height(), 1 - static_cast<double>(bottom) / height());
}

std::string PictureLayout::panel_margins(std::size_t panel) const {
  const int left = static_cast<int>(panel) % columns_ * panel_width_;
  const int top = title_height + static_cast<int>(panel) / columns_ * panel_height_;
  return margins(left + left_of_panel, left + panel_width_ - right_of_panel, top + above_panel,
                 top + panel_height_ - below_panel);
}

std::string PictureLayout::legend_margins() const {
  return margins(0, width(), height() - legend_height_, height());
}

std::size_t PictureLayout::title_letters() const {
  return static_cast<std::size_t>(panel_width_ / letter_width);
}

int PictureLayout::years_between_tics(double years) const {
  const int room = (panel_width_ - left_of_panel - right_of_panel) / year_width;
  return std::max(1, static_cast<int>(std::ceil(years / room)));
}

}  // namespace chokepoint
