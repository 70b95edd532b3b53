// Land Carbon Toolbox: polygons as rings of points and as well-known binary.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ogr_api.h>

#include <array>
#include <vector>

#include "engine/gdal.hpp"

namespace landcarbon {

using Ring = std::vector<std::array<double, 2>>;

/// A geometry as a polygon or multipolygon of straight lines: arcs become lines, of a collection its polygons are
/// taken.
/// @returns nothing when it holds no polygon
GeometryPtr polygon_of(OGRGeometryH geometry);
/// A geometry of OGR's as ISO WKB.
std::vector<unsigned char> wkb_of(OGRGeometryH geometry);
/// A polygon without holes as ISO WKB; the ring need not be closed.
std::vector<unsigned char> polygon_wkb(const Ring& ring);
/// All rings, outer and inner, of a polygon or multipolygon; arcs become lines.
/// @param tolerance map units by which lines may be simplified, for drawing; 0: not at all
std::vector<Ring> rings_of(const std::vector<unsigned char>& wkb, double tolerance = 0);

}  // namespace landcarbon
