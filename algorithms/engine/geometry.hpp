// Land Carbon Toolbox: polygons as rings of points and as well-known binary.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ogr_api.h>

#include <array>
#include <optional>
#include <vector>

#include "engine/gdal.hpp"

namespace landcarbon {

using Ring = std::vector<std::array<double, 2>>;

/// A geometry as a polygon or multipolygon of straight lines: arcs become lines, of a collection its polygons are
/// taken.
/// @returns nothing when it holds no polygon
GeometryPtr polygon_of(OGRGeometryH geometry);
/// A geometry as a point: a point, or the only one of several parts.
/// @returns nothing when it is no point
GeometryPtr point_of(OGRGeometryH geometry);
/// A geometry of OGR's as ISO WKB.
std::vector<unsigned char> wkb_of(OGRGeometryH geometry);
/// A polygon without holes as ISO WKB; the ring need not be closed.
std::vector<unsigned char> polygon_wkb(const Ring& ring);
std::vector<unsigned char> point_wkb(double x, double y);
bool is_point(const std::vector<unsigned char>& wkb);
/// True when some are points and none is anything else; empty ones do not count.
bool are_points(const std::vector<std::vector<unsigned char>>& shapes);
/// Where a shape is, for what needs one place: a point itself, a point inside a polygon (on its surface).
/// @returns nothing for an empty shape, or where no such point can be found
std::optional<std::array<double, 2>> place_of(const std::vector<unsigned char>& wkb);
/// All rings, outer and inner, of a polygon or multipolygon; arcs become lines.
/// @param tolerance map units by which lines may be simplified, for drawing; 0: not at all
std::vector<Ring> rings_of(const std::vector<unsigned char>& wkb, double tolerance = 0);

}  // namespace landcarbon
