#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// The layout of a picture of a figure: panels of one size in rows, and a legend below them in an area of its own.
namespace chokepoint {

/// One line of a legend: how gnuplot draws its sample, and its words.
struct LegendEntry {
  std::string style, name;
};

/// In pixels, from the top left.
class PictureLayout {
 public:
  PictureLayout(std::size_t panels, const std::vector<LegendEntry>& legend);

  int width() const { return columns_ * panel_width_; }
  int height() const;
  int legend_columns() const { return legend_columns_; }

  /// The plotting area of a panel, and the whole width of the legend, as gnuplot's margins.
  std::string panel_margins(std::size_t panel) const;
  std::string legend_margins() const;

  /// How many letters a panel's title has room for.
  std::size_t title_letters() const;

  /// Keeps the labels of years from overlapping. @param years that a panel spans
  int years_between_tics(double years) const;

 private:
  std::string margins(int left, int right, int top, int bottom) const;

  int columns_, rows_, panel_width_, panel_height_, legend_columns_, legend_height_;
};

/// No name in a legend is longer, in bytes: it fits under a single panel.
inline constexpr std::size_t longest_legend_name = 60;

}  // namespace chokepoint
