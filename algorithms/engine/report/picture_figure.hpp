// Land Carbon Toolbox: pictures of maps for reports, side by side with one legend.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace landcarbon {

/// One picture and what stands above it.
struct Picture {
    std::string title = {};
    std::string png = {};  ///< the file's bytes
};

/// Pictures of one extent beside or below each other, so large as the width allows.
struct PictureFigure {
    std::string title = {};
    std::vector<Picture> pictures = {};
    std::vector<std::pair<std::string, std::string>> legend = {};  ///< name, colour
    double width_units = 1, height_units = 1;                      ///< sides of the extent, in any unit
    double metres_per_unit = 0;                                    ///< for the scale bar; 0: none
    std::size_t columns = 2;                                       ///< pictures in a row, at most
    double width = 900, largest_height = 620;                      ///< of one picture
};
std::string picture_figure(const PictureFigure& figure);

}  // namespace landcarbon
