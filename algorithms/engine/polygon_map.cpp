// Land Carbon Toolbox: maps for reports of the polygons of a table's rows.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/polygon_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/geometry.hpp"
#include "engine/grid.hpp"

namespace landcarbon {
namespace {

/// An octagon, as large as a dot.
Ring around(const std::array<double, 2>& point, double radius, double x_stretch) {
    Ring ring;
    for (int i = 0; i <= 8; ++i) {
        const double angle = (i % 8 + 0.5) * std::numbers::pi / 4;
        ring.push_back({point[0] + radius * std::cos(angle) / x_stretch, point[1] + radius * std::sin(angle)});
    }
    return ring;
}

}  // namespace

MapFigure map_of_polygons(const std::vector<std::vector<unsigned char>>& polygons, const std::string& crs) {
    double left = 1e300, right = -1e300, bottom = 1e300, top = -1e300;
    for (const auto& polygon : polygons)
        for (const auto& ring : rings_of(polygon))
            for (const auto& point : ring) {
                left = std::min(left, point[0]);
                right = std::max(right, point[0]);
                bottom = std::min(bottom, point[1]);
                top = std::max(top, point[1]);
            }
    MapFigure map;
    if (left > right) return map;
    if (!crs.empty()) {
        Grid grid;
        grid.crs = crs;
        const MapUnit unit = MapUnit::of(grid, std::nullopt);
        map.metres_per_unit = unit.geographic ? unit.semi_major * unit.size : unit.size;
        if (unit.geographic) map.x_stretch = std::max(0.01, std::cos((top + bottom) / 2 * unit.size));
    }
    const double tolerance = std::max(right - left, top - bottom) / 2000;
    for (const auto& polygon : polygons) {
        MapShape shape;
        shape.rings = rings_of(polygon, tolerance);
        if (is_point(polygon)) shape.rings = {around(shape.rings.front().front(), 8 * tolerance, map.x_stretch)};
        shape.stroke = "#52606d";
        shape.stroke_width = 0.6;
        map.shapes.push_back(std::move(shape));
    }
    return map;
}

}  // namespace landcarbon
