// Land Carbon Toolbox: a small map for reports: polygons, marks, a scale bar and a legend.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace landcarbon {

/// A polygon with all its rings in map coordinates. Empty fill or stroke: none.
struct MapShape {
    std::vector<std::vector<std::array<double, 2>>> rings = {};
    std::string fill = {}, stroke = {};
    double stroke_width = 1, fill_opacity = 1;
    std::string dash = {};  ///< of the stroke, e.g. "4 3"
    std::string tooltip = {};
};

/// A point, drawn as a dot.
struct MapMark {
    double x = 0, y = 0;
    std::string colour = {}, tooltip = {};
};

struct MapFigure {
    std::string title = {};
    std::vector<MapShape> shapes = {};                             ///< drawn in order
    std::vector<MapMark> marks = {};                               ///< drawn over the shapes
    std::vector<std::pair<std::string, std::string>> legend = {};  ///< name, colour
    double x_stretch = 1;  ///< length of an x unit over that of a y unit: cos(latitude) for geographic coordinates
    double metres_per_unit = 0;  ///< of y, for the scale bar; 0: none
    double width = 900, largest_height = 620;
};
/// North is up. The extent is that of all shapes and marks.
std::string map_figure(const MapFigure& map);

}  // namespace landcarbon
