// Land Carbon Toolbox: tests of where the cells of one grid lie on another.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/resampling.hpp"

#include <cpl_conv.h>

#include <cmath>
#include <vector>

#include "engine/gdal.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

namespace landcarbon {
namespace {

using test::wkt_of_epsg;

Grid grid_of(int width, int height, std::array<double, 6> transform, const std::string& crs) {
    Grid grid;
    grid.width = width;
    grid.height = height;
    grid.transform = transform;
    grid.crs = crs;
    return grid;
}

std::vector<Footprint> footprints(const GridMapping& mapping, const Window& window) {
    std::vector<Footprint> found;
    mapping.footprints(window, found);
    return found;
}

}  // namespace

TEST_CASE("Cells three times as wide cover three by three cells", "[resampling]") {
    const std::string utm = wkt_of_epsg(32649);
    const Grid fine = grid_of(12, 12, {500000, 100, 0, 4000000, 0, -100}, utm);
    const Grid coarse = grid_of(4, 4, {500000, 300, 0, 4000000, 0, -300}, utm);
    const GridMapping down(fine, coarse), up(coarse, fine);
    CHECK(down.coarser());
    CHECK_FALSE(up.coarser());
    const auto found = footprints(down, {1, 2, 1, 1});
    CHECK(found[0].x == Approx(4.5));
    CHECK(found[0].y == Approx(7.5));
    CHECK(found[0].width == Approx(3));
    const Span span = span_of(found[0].x, found[0].width);
    CHECK((span.first == 3 && span.last == 6));
    CHECK(footprints(up, {4, 0, 1, 1})[0].x == Approx(1.5));
}

TEST_CASE("Rows that go up, and shifts of half a cell", "[resampling]") {
    const std::string utm = wkt_of_epsg(32649);
    const Grid north_up = grid_of(4, 4, {500000, 100, 0, 4000000, 0, -100}, utm);
    const Grid south_up = grid_of(4, 4, {500050, 100, 0, 3999600, 0, 100}, utm);
    const auto found = footprints(GridMapping(north_up, south_up), {0, 0, 1, 1});
    CHECK(found[0].x == Approx(1.0));
    CHECK(found[0].y == Approx(3.5));
    // A position on an edge belongs to the cell behind it.
    CHECK(cell_at(found[0].x) == 1);
    CHECK(cell_at(2 - 1e-9) == 2);
}

TEST_CASE("Longitudes of 0 to 360 and -180 to 180 are one place", "[resampling]") {
    const std::string degrees = wkt_of_epsg(4326);
    const Grid around = grid_of(36, 1, {0, 10, 0, 10, 0, -10}, degrees);
    const Grid half = grid_of(36, 1, {-180, 10, 0, 10, 0, -10}, degrees);
    const auto found = footprints(GridMapping(around, half), {0, 0, 36, 1});
    for (int i = 0; i < 36; ++i) {
        CAPTURE(i);
        CHECK(cell_at(found[static_cast<std::size_t>(i)].x) == (i + 18) % 36);
    }
}

TEST_CASE("Where a cell lies does not depend on the window", "[resampling]") {
    const Grid degrees = grid_of(400, 400, {109, 0.005, 0, 38, 0, -0.005}, wkt_of_epsg(4326));
    const Grid metres = grid_of(70, 70, {500000, 1000, 0, 4100000, 0, -1000}, wkt_of_epsg(32649));
    const GridMapping mapping(degrees, metres);
    const auto all = footprints(mapping, {0, 0, 70, 70});
    const auto part = footprints(mapping, {33, 17, 20, 9});
    for (int row = 0; row < 9; ++row)
        for (int column = 0; column < 20; ++column) {
            const Footprint& one = part[static_cast<std::size_t>(row * 20 + column)];
            const Footprint& other = all[static_cast<std::size_t>((row + 17) * 70 + column + 33)];
            REQUIRE(one.x == other.x);
            REQUIRE(one.y == other.y);
            REQUIRE(one.width == other.width);
        }
    // The transformation itself, at one cell.
    const SrsPtr from(OSRNewSpatialReference(metres.crs.c_str())), to(OSRNewSpatialReference(degrees.crs.c_str()));
    for (const SrsPtr* system : {&from, &to}) OSRSetAxisMappingStrategy(system->get(), OAMS_TRADITIONAL_GIS_ORDER);
    const TransformationPtr transformation(OCTNewCoordinateTransformation(from.get(), to.get()));
    double x = 533500, y = 4082500;
    REQUIRE(OCTTransform(transformation.get(), 1, &x, &y, nullptr));
    CHECK(std::abs(all[17 * 70 + 33].x - (x - 109) / 0.005) < 0.02);
    CHECK(std::abs(all[17 * 70 + 33].y - (38 - y) / 0.005) < 0.02);
}

TEST_CASE("Every cell of a window is carried once, in parts", "[resampling]") {
    const std::string utm = wkt_of_epsg(32649);
    const Grid fine = grid_of(6000, 6000, {500000, 10, 0, 4000000, 0, -10}, utm);
    const Grid coarse = grid_of(20, 20, {500000, 3000, 0, 4000000, 0, -3000}, utm);
    const GridMapping mapping(fine, coarse);
    std::vector<int> carried(400);
    std::size_t parts = 0;
    each_part(mapping, {0, 0, 20, 20},
              [&](const Window& part, const std::vector<Footprint>& places, const Window& source) {
                  ++parts;
                  REQUIRE(places.size() == part.cells());
                  CHECK(source.cells() <= (1u << 20));
                  for (int row = part.y; row < part.y + part.height; ++row)
                      for (int column = part.x; column < part.x + part.width; ++column)
                          ++carried[static_cast<std::size_t>(row * 20 + column)];
              });
    CHECK(parts > 1);
    CHECK(carried == std::vector<int>(400, 1));
}

TEST_CASE("Cells beside the source touch none of it", "[resampling]") {
    const std::string utm = wkt_of_epsg(32649);
    const Grid here = grid_of(4, 4, {500000, 100, 0, 4000000, 0, -100}, utm);
    const Grid there = grid_of(4, 4, {900000, 100, 0, 4000000, 0, -100}, utm);
    each_part(GridMapping(here, there), {0, 0, 4, 4},
              [&](const Window&, const std::vector<Footprint>& places, const Window& source) {
                  CHECK(source.cells() == 0);
                  carry_nearest(places, source, [](std::size_t, std::ptrdiff_t cell) { CHECK(cell == -1); });
              });
}

}  // namespace landcarbon
