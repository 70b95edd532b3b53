// Land Carbon Toolbox: zones: squares, polygons, overlaps, other reference systems, blocks of any shape.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/zones.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

Grid grid_of(const Sandbox& box, int width, int height, int epsg = 32649,
             std::vector<double> transform = {500000, 100, 0, 4000000, 0, -100}) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = height;
    recipe.epsg = epsg;
    recipe.transform = transform;
    recipe.bands = {std::vector<double>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 1)};
    return RasterFile("map", make_raster(box, "grid.tif", recipe)).grid();
}

/// A GeoJSON layer of polygons, in the coordinates of `crs`.
std::string layer_of(const Sandbox& box, const std::vector<std::string>& geometries,
                     const std::string& crs = "EPSG::32649") {
    std::string features;
    for (std::size_t i = 0; i < geometries.size(); ++i)
        features += std::string(i ? "," : "") + R"({"type":"Feature","properties":{"name":"zone )" + std::to_string(i) +
                    R"(","id":)" + std::to_string(i) + R"(,"share":0.5},"geometry":)" + geometries[i] + "}";
    return box.text("zones.geojson",
                    R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:)" + crs +
                        R"("}},"features":[)" + features + "]}");
}

std::string rectangle(double x0, double y0, double x1, double y1) {
    const auto point = [](double x, double y) { return "[" + number_text(x) + "," + number_text(y) + "]"; };
    return R"({"type":"Polygon","coordinates":[[)" + point(x0, y0) + "," + point(x1, y0) + "," + point(x1, y1) + "," +
           point(x0, y1) + "," + point(x0, y0) + "]]}";
}

/// How often each cell is in each zone, gathered over blocks of the given size.
std::vector<std::vector<int>> cells_of(const Zones& zones, const Grid& grid, int block_width, int block_height) {
    std::vector<std::vector<int>> counts(
        zones.size(), std::vector<int>(static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height)));
    for (int y = 0; y < grid.height; y += block_height)
        for (int x = 0; x < grid.width; x += block_width) {
            const Window window{x, y, std::min(block_width, grid.width - x), std::min(block_height, grid.height - y)};
            for (const ZoneRun& run : zones.runs(window)) {
                REQUIRE(run.row >= 0);
                REQUIRE(run.row < window.height);
                REQUIRE(run.first >= 0);
                REQUIRE(run.first < run.last);
                REQUIRE(run.last <= window.width);
                for (int column = run.first; column < run.last; ++column)
                    ++counts[run.zone][static_cast<std::size_t>(y + run.row) * static_cast<std::size_t>(grid.width) +
                                       static_cast<std::size_t>(x + column)];
            }
        }
    return counts;
}

int total(const std::vector<int>& cells) { return std::accumulate(cells.begin(), cells.end(), 0); }

template <class Make>
std::string failure_of(Make make) {
    try {
        make();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("squares cover every cell once", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 25, 13);
    const auto zones = square_zones("grid_size", 700, grid);
    REQUIRE(zones->size() == 4 * 2);
    const auto whole = cells_of(*zones, grid, 25, 13);
    for (std::size_t cell = 0; cell < 25 * 13; ++cell) {
        int zones_of_cell = 0;
        for (const auto& zone : whole) zones_of_cell += zone[cell];
        CHECK(zones_of_cell == 1);
    }
    CHECK(total(whole[0]) == 49);
    CHECK(total(whole[3]) == 4 * 7);  // the last column of squares holds 25 - 21 cells
    CHECK(total(whole[7]) == 4 * 6);
    CHECK(whole[1][7] == 1);
    CHECK(std::get<std::int64_t>(zones->attributes(7)[0]) == 2);
    CHECK(std::get<std::int64_t>(zones->attributes(7)[1]) == 4);
    for (const auto& [width, height] : {std::pair{1, 1}, {4, 3}, {25, 1}, {1, 13}})
        CHECK(cells_of(*zones, grid, width, height) == whole);
}

TEST_CASE("squares that are not multiples of cells: the centre decides", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 10, 1);
    const auto zones = square_zones("grid_size", 250, grid);
    const auto cells = cells_of(*zones, grid, 10, 1);
    REQUIRE(cells.size() == 4);
    CHECK(total(cells[0]) == 2);  // centres 50, 150
    CHECK(total(cells[1]) == 3);  // 250, 350, 450
    CHECK(total(cells[2]) == 2);
    CHECK(total(cells[3]) == 3);
}

TEST_CASE("squares are refused where they make no sense", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 10, 10);
    CHECK_THAT(failure_of([&] { square_zones("grid_size", 50, grid); }),
               ContainsSubstring("GRID_SIZE: squares of 50 map units are smaller than the cells"));
    CHECK(square_zones("grid_size", 100, grid)->size() == 100);
    CHECK(square_zones("grid_size", 1e12, grid)->size() == 1);
    const Grid large{2000, 2000, grid.transform, grid.crs};
    CHECK_THAT(failure_of([&] { square_zones("grid_size", 100, large); }),
               ContainsSubstring("more than a million squares"));
    const Grid rotated{10, 10, {0, 100, 5, 0, 5, -100}, grid.crs};
    CHECK_THAT(failure_of([&] { square_zones("grid_size", 500, rotated); }), ContainsSubstring("rotated"));
}

TEST_CASE("polygons: a cell counts for every zone that its centre lies in", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 10, 10);
    // The first covers the left half, the second the middle, the third lies inside both, the fourth outside.
    const auto path =
        layer_of(box, {rectangle(500000, 3999000, 500500, 4000000), rectangle(500300, 3999000, 500800, 4000000),
                       rectangle(500310, 3999410, 500490, 3999590), rectangle(600000, 3999000, 600100, 4000000)});
    const auto zones = polygon_zones("zones", path, grid);
    REQUIRE(zones->size() == 4);
    const auto whole = cells_of(*zones, grid, 10, 10);
    CHECK(total(whole[0]) == 50);
    CHECK(total(whole[1]) == 50);
    CHECK(total(whole[2]) == 4);
    CHECK(total(whole[3]) == 0);
    CHECK(whole[0][4 * 10 + 3] == 1);
    CHECK(whole[1][4 * 10 + 3] == 1);
    CHECK(whole[2][4 * 10 + 3] == 1);
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 4}, {10, 1}, {7, 10}})
        CHECK(cells_of(*zones, grid, width, height) == whole);
    REQUIRE(zones->columns().size() == 3);
    CHECK(zones->columns()[0].name == "name");
    CHECK(std::get<std::string>(zones->attributes(1)[0]) == "zone 1");
    CHECK(std::get<std::int64_t>(zones->attributes(1)[1]) == 1);
    CHECK(std::get<double>(zones->attributes(1)[2]) == 0.5);
    CHECK_FALSE(zones->geometry(0).empty());
}

TEST_CASE("polygons of random shape: blocks of any shape give the cells of the whole", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 60, 50);
    std::mt19937 random(5);
    const auto somewhere = [&](double from, double to) {
        return from + (to - from) * static_cast<double>(random()) / 4294967296.0;
    };
    std::vector<std::string> shapes;
    for (int i = 0; i < 30; ++i) {
        std::string points;
        std::string first;
        for (int corner = 0; corner < 3; ++corner) {
            const std::string point =
                "[" + number_text(somewhere(499500, 506500)) + "," + number_text(somewhere(3994500, 4000500)) + "]";
            if (corner == 0) first = point;
            points += point + ",";
        }
        shapes.push_back(R"({"type":"Polygon","coordinates":[[)" + points + first + "]]}");
    }
    const auto zones = polygon_zones("zones", layer_of(box, shapes), grid);
    const auto whole = cells_of(*zones, grid, 60, 50);
    for (const auto& zone : whole)
        for (const int count : zone) CHECK(count <= 1);
    for (const auto& [width, height] : {std::pair{60, 1}, {16, 16}, {60, 7}, {13, 50}}) {
        INFO(width << " x " << height);
        CHECK(cells_of(*zones, grid, width, height) == whole);
    }
}

TEST_CASE("centres on a side that two zones share lie in one of them, in blocks of any shape", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 24, 24);
    const auto triangle = [](const std::string& points) {
        return R"({"type":"Polygon","coordinates":[[)" + points + "]]}";
    };
    // Squares cut by their diagonals, through centres of cells; the right one shifted by a third of a cell.
    for (const double shift : {0.0, 100.0 / 3, 50.0}) {
        const auto point = [shift](double x, double y) {
            return "[" + number_text(500000 + x + shift) + "," + number_text(4000000 - y) + "]";
        };
        const std::string a = point(0, 0), b = point(2100, 0), c = point(2100, 2100), d = point(0, 2100),
                          middle = point(700, 700);
        const auto path = layer_of(box, {triangle(a + "," + b + "," + c + "," + middle + "," + a),
                                         triangle(c + "," + d + "," + a + "," + middle + "," + c)});
        const auto zones = polygon_zones("zones", path, grid);
        const auto whole = cells_of(*zones, grid, 24, 24);
        CHECK(total(whole[0]) + total(whole[1]) == 21 * 21);
        for (std::size_t cell = 0; cell < whole[0].size(); ++cell) CHECK(whole[0][cell] + whole[1][cell] <= 1);
        for (const auto& [width, height] : {std::pair{1, 1}, {5, 7}, {24, 1}, {1, 24}, {23, 23}})
            CHECK(cells_of(*zones, grid, width, height) == whole);
    }
    // A side through a centre, far from the map's own columns.
    const Grid world = grid_of(box, 24, 16, 4326, {-170, 15, 0, 80, 0, -10});
    const auto zones = polygon_zones(
        "zones", layer_of(box, {triangle("[0,0],[-160,0],[-242,40],[-190,0],[0,0]")}, "OGC:1.3:CRS84"), world);
    const auto whole = cells_of(*zones, world, 24, 16);
    CHECK(total(whole[0]) > 3);
    CHECK(cells_of(*zones, world, 5, 7) == whole);
}

TEST_CASE("a polygon that goes round the world more than once counts each cell once", "[zones]") {
    const Sandbox box;
    const Grid world = grid_of(box, 24, 16, 4326, {-170, 15, 0, 80, 0, -10});
    const auto zones = polygon_zones("zones", layer_of(box, {rectangle(-400, -10, 400, 10)}, "OGC:1.3:CRS84"), world);
    for (const auto& [width, height] : {std::pair{24, 16}, {7, 1}}) {
        const auto cells = cells_of(*zones, world, width, height);
        CHECK(total(cells[0]) == 2 * 24);
        CHECK(*std::max_element(cells[0].begin(), cells[0].end()) == 1);
    }
}

TEST_CASE("polygons with holes and several parts, in another reference system", "[zones]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 10, 10, 4326, {110, 0.01, 0, 30, 0, -0.01});
    const std::string parts = R"({"type":"MultiPolygon","coordinates":[
        [[[110,29.95],[110.05,29.95],[110.05,30],[110,30],[110,29.95]],[[110.01,29.96],[110.04,29.96],[110.04,29.99],[110.01,29.99],[110.01,29.96]]],
        [[[110.08,29.9],[110.1,29.9],[110.1,29.92],[110.08,29.92],[110.08,29.9]]]]})";
    const auto zones = polygon_zones("zones", layer_of(box, {parts}, "OGC:1.3:CRS84"), grid);
    CHECK(total(cells_of(*zones, grid, 10, 10)[0]) == 25 - 9 + 4);
    // The same area in Web Mercator's metres.
    const double metres = 6378137 * 3.14159265358979323846 / 180;
    const auto projected = polygon_zones(
        "zones", layer_of(box, {rectangle(110 * metres, 3000000, 110.05 * metres, 4000000)}, "EPSG::3857"), grid);
    CHECK(total(cells_of(*projected, grid, 10, 10)[0]) == 50);
}

TEST_CASE("layers that are no zones are refused", "[zones][fault]") {
    const Sandbox box;
    const Grid grid = grid_of(box, 10, 10);
    const auto error = [&](const std::string& path) { return failure_of([&] { polygon_zones("zones", path, grid); }); };
    CHECK_THAT(error(layer_of(box, {R"({"type":"Point","coordinates":[500100,3999900]})"})),
               ContainsSubstring("feature 0 is not a polygon"));
    CHECK_THAT(error(layer_of(box, {"null"})), ContainsSubstring("the layer has no polygon"));
    CHECK_THAT(error(layer_of(box, {rectangle(0, 0, 1, 1)})), ContainsSubstring("no polygon lies on the raster"));
    CHECK_THAT(error(layer_of(box, {rectangle(0, 0, 1, 1)}) + "|layername=none"),
               ContainsSubstring("has no layer \"none\"; it has \"zones\""));
    CHECK_THAT(error(box.path("missing.gpkg")), ContainsSubstring(box.path("missing.gpkg")));
    CHECK_THAT(error(make_classes(box, "a.tif", 2, {1, 2})), ContainsSubstring("cannot be opened as a vector layer"));
    CHECK_THAT(
        error(box.text("nocrs.csv",
                       "WKT,id\n\"POLYGON((500000 3999000,500500 3999000,500500 4000000,500000 3999000))\",1\n")),
        ContainsSubstring("no coordinate reference system"));
}
