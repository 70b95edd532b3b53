// Land Carbon Toolbox: squares and hexagons of so many metres over a grid, also on maps in degrees.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/zones.hpp"

namespace landcarbon {

enum class GridShape { square, hexagon };

/// A grid of zones. Without a reference system and without CELL_AREA, metres are map units.
struct MetricGrid {
    double size = 0;  ///< m; side of a square, distance between opposite sides of a hexagon
    GridShape shape = GridShape::square;
};

/// About how many zones would cover the map.
double count_metric_zones(const MetricGrid& choice, const Grid& grid, const std::optional<double>& cell_area);
/// Zones with the columns `row` and `column` (from 1), counted from the map's upper left corner. A cell belongs to the
/// zone that its centre lies in.
/// @param convention how they lie, in words
/// @throws UserError when the raster is rotated, zones are smaller than cells, more than most_squares, or only one
std::unique_ptr<Zones> metric_zones(const std::string& parameter, const MetricGrid& choice, const Grid& grid,
                                    const std::optional<double>& cell_area, std::string& convention);
/// "1500 m", with about six digits.
std::string format_metres(double size);

}  // namespace landcarbon
