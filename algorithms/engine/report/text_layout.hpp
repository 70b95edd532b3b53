// Land Carbon Toolbox: how much room text takes in a figure: widths, ellipses, lines, labels that keep apart.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace landcarbon {

/// Width in pixels of one line of text. The widths are those of DejaVu Sans, the widest of the fonts that readers
/// are likely to have, so that text laid out with them fits with every other font as well.
double text_width(std::string_view text, double size, bool bold = false);

/// The text, or its start and its end with an ellipsis between them so that it fits into `width`: names of classes and
/// places often differ in their last characters only. Valid UTF-8.
std::string shorten(std::string_view text, double width, double size, bool bold = false);

/// The text broken at spaces into at most `max_lines` lines of at most `width`; what does not fit is shortened.
std::vector<std::string> wrap(std::string_view text, double width, double size, std::size_t max_lines);

/// Moves labels with wished centres (ascending) as little as possible (least squares) so that neighbours are at
/// least `spacing` apart and all lie in [low, high]; where there is no room for that, they are spread evenly.
std::vector<double> keep_apart(std::vector<double> centres, double spacing, double low, double high);

}  // namespace landcarbon
