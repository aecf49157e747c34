#pragma once

#include <span>

#include "output/json_text.hpp"
#include "report/figures.hpp"

namespace chokepoint {

/// The largest size of a page in bytes, and of its two large parts: series of figures, texts of configs.
inline constexpr std::size_t page_budget = 2'000'000, figure_budget = 900'000, config_budget = 500'000;

/// All that the page shows, for its script. Figures keep every k-th month where there would be too many numbers, and
/// texts of configs are cut where they are too long; the page says so. Claims and differences are added by the caller.
Json page_data(std::span<const LabelledResult> results, std::span<const Figure> figures);

}  // namespace chokepoint
