// Land Carbon Toolbox: grids that differ, and true areas of cells in every kind of reference system.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/grid.hpp"

#include <cpl_conv.h>
#include <ogr_srs_api.h>

#include <cmath>

#include "engine/gdal.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

std::string wkt_of(const char* definition) {
    start_gdal();
    OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
    REQUIRE(OSRSetFromUserInput(srs, definition) == OGRERR_NONE);
    char* text = nullptr;
    OSRExportToWkt(srs, &text);
    const std::string wkt = text;
    CPLFree(text);
    OSRDestroySpatialReference(srs);
    return wkt;
}

Grid grid_of(const char* crs, std::array<double, 6> transform, int width = 10, int height = 10) {
    return {width, height, transform, *crs ? wkt_of(crs) : ""};
}

const std::array<double, 6> metres = {500000, 30, 0, 4000000, 0, -30};

std::string area_error(const Grid& grid, std::optional<double> cell_area = {}) {
    try {
        CellAreas::of(grid, cell_area);
    } catch (const UserError& error) {
        return error.what();
    }
    return "no error";
}

double total_area(const Grid& grid) {
    const CellAreas areas = CellAreas::of(grid, {});
    FixedArea total;
    for (int row = 0; row < grid.height; ++row) total += grid.width * areas.row(row);
    return total.square_metres();
}

}  // namespace

TEST_CASE("grids: what keeps two rasters apart is told", "[grid]") {
    const Grid grid = grid_of("EPSG:32649", metres);
    CHECK(difference(grid, grid).empty());
    SECTION("fault 13: another reference system, same shape") {
        CHECK_THAT(difference(grid, grid_of("EPSG:32650", metres)),
                   ContainsSubstring("EPSG:32649") && ContainsSubstring("EPSG:32650"));
    }
    SECTION("fault 14: shifted by half a cell, or by a five-hundredth") {
        for (const double shift : {0.5, 0.002})
            CHECK_THAT(difference(grid, grid_of("EPSG:32649", {500000 + 30 * shift, 30, 0, 4000000, 0, -30})),
                       ContainsSubstring("shifted"));
    }
    SECTION("fault 15: other cell size, same rows and columns") {
        CHECK_THAT(difference(grid, grid_of("EPSG:32649", {500000, 25, 0, 4000000, 0, -30})),
                   ContainsSubstring("cell 25 x -30"));
    }
    SECTION("fault 16: other size") {
        CHECK(difference(grid, grid_of("EPSG:32649", metres, 11)) ==
              "the sizes differ: 10 x 10 cells and 11 x 10 cells");
    }
    SECTION("fault 17: one has no reference system") {
        CHECK_THAT(difference(grid, grid_of("", metres)), ContainsSubstring("none"));
    }
    SECTION("a shift below a thousandth of a cell is none") {
        CHECK(difference(grid, grid_of("EPSG:32649", {500000 + 2e-2, 30, 0, 4000000, 0, -30})).empty());
        CHECK_FALSE(difference(grid, grid_of("EPSG:32649", {500000 + 4e-2, 30, 0, 4000000, 0, -30})).empty());
    }
    SECTION("cell sizes that drift apart by a five-hundredth of a cell over the whole width") {
        CHECK_FALSE(difference(grid, grid_of("EPSG:32649", {500000, 30 * (1 + 2e-4), 0, 4000000, 0, -30})).empty());
    }
    SECTION("one system in two spellings is one system") {
        const Grid spelled = grid_of("+proj=utm +zone=49 +datum=WGS84 +units=m +no_defs", metres);
        REQUIRE(spelled.crs != grid.crs);
        CHECK(difference(grid, spelled).empty());
    }
    SECTION("south-up and north-up are two grids") {
        CHECK_FALSE(difference(grid, grid_of("EPSG:32649", {500000, 30, 0, 3999700, 0, 30})).empty());
    }
    SECTION("not a number in the geotransform is a difference") {
        CHECK_FALSE(difference(grid, grid_of("EPSG:32649", {std::nan(""), 30, 0, 4000000, 0, -30})).empty());
    }
}

TEST_CASE("fault 18: a global one-degree grid sums to the ellipsoid's surface", "[grid][fault]") {
    const double expected = 510065621724088.5;
    CHECK(std::abs(total_area(grid_of("EPSG:4326", {-180, 1, 0, 90, 0, -1}, 360, 180)) / 1e6 / 510065621.7 - 1) < 1e-9);
    CHECK(std::abs(total_area(grid_of("EPSG:4326", {-180, 1, 0, 90, 0, -1}, 360, 180)) / expected - 1) < 1e-13);
    // Other cells, south-up, 0..360 degrees: the same Earth.
    CHECK(std::abs(total_area(grid_of("EPSG:4326", {-180, 0.25, 0, 90, 0, -0.25}, 1440, 720)) / expected - 1) < 1e-12);
    CHECK(std::abs(total_area(grid_of("EPSG:4326", {0, 1, 0, -90, 0, 1}, 360, 180)) / expected - 1) < 1e-13);
    const CellAreas areas = CellAreas::of(grid_of("EPSG:4326", {-180, 1, 0, 90, 0, -1}, 360, 180), {});
    CHECK(areas.varying());
    CHECK_THAT(areas.convention(), ContainsSubstring("WGS 84") && ContainsSubstring("6378137"));
}

TEST_CASE("fault 18: the ellipsoid is the reference system's own (NAD27, grads)", "[grid][fault]") {
    // Clarke 1866, 39 to 40 degrees north: closed form with 60 digits.
    const CellAreas nad27 = CellAreas::of(grid_of("EPSG:4267", {-100, 1, 0, 40, 0, -1}), {});
    CHECK(std::abs(nad27.row(0).square_metres() / 9549589302.45095140532566 - 1) < 1e-10);
    CHECK_THAT(nad27.convention(), ContainsSubstring("Clarke 1866"));
    // NTF (Paris) counts in grads; one square grad is less than one square degree by about 0.81.
    const CellAreas paris = CellAreas::of(grid_of("EPSG:4807", {0, 1, 0, 50, 0, -1}), {});
    const CellAreas degrees = CellAreas::of(grid_of("EPSG:4275", {0, 0.9, 0, 45, 0, -0.9}), {});
    CHECK(std::abs(paris.row(0).square_metres() / degrees.row(0).square_metres() - 1) < 1e-9);
}

TEST_CASE("fault 19: feet are not metres", "[grid][fault]") {
    const double foot = 1200.0 / 3937;  // the US survey foot
    const CellAreas areas = CellAreas::of(grid_of("EPSG:2263", {980000, 100, 0, 200000, 0, -100}), {});
    CHECK_FALSE(areas.varying());
    CHECK(std::abs(areas.cell().square_metres() / (10000 * foot * foot) - 1) < 1e-9);
    CHECK(std::abs(areas.cell().hectares() - 0.0929034) < 1e-6);
}

TEST_CASE("fault 20: antimeridian, poles and rows beyond them", "[grid][fault]") {
    const double at_home = total_area(grid_of("EPSG:4326", {10, 0.1, 0, 60, 0, -0.1}, 20, 20));
    CHECK(total_area(grid_of("EPSG:4326", {179, 0.1, 0, 60, 0, -0.1}, 20, 20)) == at_home);
    const CellAreas pole = CellAreas::of(grid_of("EPSG:4326", {0, 1, 0, 91.5, 0, -1}, 360, 4), {});
    CHECK(pole.row(0).square_metres() == 0);  // wholly beyond the pole
    CHECK(pole.row(1).square_metres() > 0);   // half of it
    CHECK(pole.row(1).square_metres() < pole.row(2).square_metres());
}

TEST_CASE("fault 11: rotated grids have the determinant's area", "[grid][fault]") {
    const double turn = 0.5;
    const std::array<double, 6> rotated = {500000,  30 * std::cos(turn), 30 * std::sin(turn),
                                           4000000, 30 * std::sin(turn), -30 * std::cos(turn)};
    CHECK(CellAreas::of(grid_of("EPSG:32649", rotated), {}).cell().square_metres() == Approx(900).epsilon(1e-14));
    CHECK_THAT(area_error(grid_of("EPSG:4326", {100, 0.01, 0.001, 40, 0.001, -0.01})), ContainsSubstring("rotated"));
}

TEST_CASE("fault 12: south-up grids have the same areas", "[grid][fault]") {
    CHECK(CellAreas::of(grid_of("EPSG:32649", {500000, 30, 0, 3999700, 0, 30}), {}).cell().square_metres() == 900);
    const CellAreas up = CellAreas::of(grid_of("EPSG:4326", {100, 1, 0, 40, 0, -1}), {});
    const CellAreas down = CellAreas::of(grid_of("EPSG:4326", {100, 1, 0, 30, 0, 1}), {});
    for (int row = 0; row < 10; ++row) CHECK(up.row(row) == down.row(9 - row));
}

TEST_CASE("fault 17: no reference system: refused unless a cell area is given", "[grid][fault]") {
    CHECK_THAT(area_error(grid_of("", metres)), ContainsSubstring("CELL_AREA"));
    CHECK(CellAreas::of(grid_of("", metres), 625.0).cell().square_metres() == 625);
    // A reference system wins over a given area.
    CHECK(CellAreas::of(grid_of("EPSG:32649", metres), 625.0).cell().square_metres() == 900);
}

TEST_CASE("areas that make no sense are refused", "[grid]") {
    CHECK_THAT(area_error(grid_of("EPSG:32649", {500000, 0, 0, 4000000, 0, -30})),
               ContainsSubstring("no sensible area"));
    CHECK_THAT(area_error(grid_of("EPSG:32649", {500000, 1e200, 0, 4000000, 0, -1e200})),
               ContainsSubstring("no sensible area"));
    CHECK_THAT(area_error(grid_of("EPSG:4978", metres)), ContainsSubstring("areas are not defined"));  // geocentric
    Grid broken = grid_of("EPSG:32649", metres);
    broken.crs = "PROJCS[\"broken";
    CHECK_THAT(area_error(broken), ContainsSubstring("cannot be read"));
}

TEST_CASE("coordinates that contradict their reference system are told", "[grid]") {
    const Grid degrees_as_metres = grid_of("EPSG:32649", {105, 0.0003, 0, 36, 0, -0.0003});
    CHECK_THAT(CellAreas::of(degrees_as_metres, {}).warning(),
               ContainsSubstring("do the coordinates stand in degrees?"));
    CHECK(CellAreas::of(grid_of("EPSG:32649", {500000, 0.02, 0, 4000000, 0, -0.02}), {}).warning().empty());
    const Grid metres_as_degrees = grid_of("EPSG:4326", {500000, 30, 0, 4000000, 0, -30});
    CHECK_THROWS_WITH(CellAreas::of(metres_as_degrees, {}), ContainsSubstring("which are no latitudes"));
    CHECK_NOTHROW(CellAreas::of(grid_of("EPSG:4326", {-180.25, 0.5, 0, 90.25, 0, -0.5}), {}));
}

TEST_CASE("a Mercator grid is warned about", "[grid]") {
    CHECK_FALSE(CellAreas::of(grid_of("EPSG:3857", metres), {}).warning().empty());
    CHECK(CellAreas::of(grid_of("EPSG:32649", metres), {}).warning().empty());
}
