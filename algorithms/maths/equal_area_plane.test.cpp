// Land Carbon Toolbox: local equal-area plane: published figures, areas, and back.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/equal_area_plane.hpp"

#include <cmath>
#include <numbers>

#include "maths/cell_area.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

constexpr double degree = std::numbers::pi / 180;
constexpr double wgs84 = 1 / 298.257223563;

}  // namespace

TEST_CASE("equal-area plane: the worked example of Snyder (1987), page 333", "[equal_area_plane]") {
    // Clarke 1866, centre 40 N 100 W, point 30 N 110 W.
    const EqualAreaPlane plane(6378206.4, 1 / 294.978698213898, 40 * degree);
    const auto point = plane.project(30 * degree, -10 * degree);
    CHECK(point[0] == Approx(-965932.1).margin(0.05));
    CHECK(point[1] == Approx(-1056814.9).margin(0.05));
}

TEST_CASE("equal-area plane: figures of PROJ's laea on WGS84", "[equal_area_plane]") {
    const auto near = EqualAreaPlane(6378137, wgs84, 33.5 * degree).project(41.25 * degree, 7 * degree);
    CHECK(near[0] == Approx(587372.036775).margin(2e-6));
    CHECK(near[1] == Approx(880168.893815).margin(2e-6));
    const auto far = EqualAreaPlane(6378137, wgs84, -20 * degree).project(-50 * degree, 60 * degree);
    CHECK(far[0] == Approx(4025761.314514).margin(2e-6));
    CHECK(far[1] == Approx(-4384787.882809).margin(2e-6));
}

TEST_CASE("equal-area plane: there and back", "[equal_area_plane]") {
    for (const double flattening : {0.0, wgs84})
        for (const double centre : {-90.0, -30.0, 0.0, 52.0, 90.0})
            for (const double latitude : {-89.0, -45.0, 0.0, 30.0, 75.0})
                for (const double longitude : {-150.0, -20.0, 0.0, 1e-7, 100.0}) {
                    const EqualAreaPlane plane(6378137, flattening, centre * degree);
                    const auto point = plane.project(latitude * degree, longitude * degree);
                    const auto back = plane.unproject(point[0], point[1]);
                    INFO(centre << " " << latitude << " " << longitude);
                    REQUIRE(back);
                    CHECK((*back)[0] / degree == Approx(latitude).margin(1e-8));
                    CHECK((*back)[1] / degree == Approx(longitude).margin(1e-7));
                    CHECK(std::hypot(point[0], point[1]) <= plane.reach(std::numbers::pi));
                }
    CHECK_FALSE(EqualAreaPlane(6378137, wgs84, 0).unproject(2e7, 0).has_value());
}

TEST_CASE("equal-area plane keeps the area of a cell", "[equal_area_plane]") {
    const EqualAreaPlane plane(6378137, wgs84, 35 * degree);
    // A cell of 0.01 degrees far from the centre: its four corners span its area on the ellipsoid.
    const double south = 45 * degree, west = 20 * degree, side = 0.01 * degree;
    const auto a = plane.project(south, west), b = plane.project(south, west + side);
    const auto c = plane.project(south + side, west + side), d = plane.project(south + side, west);
    const double area = ((c[0] - a[0]) * (d[1] - b[1]) - (d[0] - b[0]) * (c[1] - a[1])) / 2;
    CHECK(area == Approx(ellipsoid_area(6378137, wgs84, south, south + side, side)).epsilon(1e-7));
}

TEST_CASE("equal-area plane: azimuths from true north", "[equal_area_plane]") {
    const EqualAreaPlane plane(6378137, wgs84, 40 * degree);
    CHECK(*plane.azimuth(0, 0, 1, 1) / degree == Approx(45).margin(1e-6));
    CHECK(*plane.azimuth(0, 0, -1, 0) / degree == Approx(270).margin(1e-6));
    // Along a meridian away from the centre the plane's direction is not north, the azimuth is.
    const auto from = plane.project(44.999 * degree, 12 * degree), to = plane.project(45.001 * degree, 12 * degree);
    const double azimuth =
        *plane.azimuth((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, to[0] - from[0], to[1] - from[1]) / degree;
    CHECK(std::min(azimuth, 360 - azimuth) < 1e-4);
    CHECK(std::abs(std::atan2(to[0] - from[0], to[1] - from[1])) / degree > 5);
}
