// Land Carbon Toolbox: maps for reports of the polygons of a table's rows.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/report/map_figure.hpp"

namespace landcarbon {

/// A report draws no more polygons than these.
constexpr std::size_t most_polygons_drawn = 4000;

/// A map with one shape for each polygon, in order; the caller gives them colours and tooltips. Lines are no finer than
/// half a pixel of the drawing. Without a reference system there is no scale bar.
/// @param polygons ISO WKB; an empty one becomes a shape without rings, a point a dot
/// @param crs WKT; may be empty
MapFigure map_of_polygons(const std::vector<std::vector<unsigned char>>& polygons, const std::string& crs);

}  // namespace landcarbon
