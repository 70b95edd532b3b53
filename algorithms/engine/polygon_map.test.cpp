// Land Carbon Toolbox: tests of the maps of a table's polygons.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/polygon_map.hpp"

#include <cpl_conv.h>

#include <cmath>

#include "engine/gdal.hpp"
#include "engine/geometry.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

TEST_CASE("maps of polygons have the scale of their reference system", "[polygon_map]") {
    const auto square = polygon_wkb({{100, 59}, {102, 59}, {102, 61}, {100, 61}});
    const MapFigure geographic = map_of_polygons({square, {}}, wkt_of_epsg(4326));
    REQUIRE(geographic.shapes.size() == 2);
    CHECK(geographic.shapes[0].rings.size() == 1);
    CHECK(geographic.shapes[1].rings.empty());
    CHECK(geographic.x_stretch == Approx(0.5).margin(1e-9));  // cosine of 60 degrees
    CHECK(geographic.metres_per_unit == Approx(6378137 * std::acos(-1.0) / 180));
    const MapFigure projected = map_of_polygons({square}, wkt_of_epsg(32649));
    CHECK(projected.x_stretch == 1);
    CHECK(projected.metres_per_unit == 1);
    CHECK(map_of_polygons({square}, "").metres_per_unit == 0);
    CHECK(map_of_polygons({{}}, "").shapes.empty());
}
