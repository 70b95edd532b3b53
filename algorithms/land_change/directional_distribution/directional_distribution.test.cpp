// Land Carbon Toolbox: directional distribution: hand-computed cases, invariants, errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/directional_distribution/directional_distribution.hpp"

#include <cmath>
#include <numbers>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// A row of the table for one class.
struct Row {
    double x = 0, y = 0, longer = 0, shorter = 0;
    std::string rotation;
};

/// The numbers of one class.
Row row_of(const std::string& path, const std::string& code) {
    const auto text = [&](const std::string& column) { return csv_cell(path, {{"class", code}}, column); };
    return {std::stod(text("centre_x")), std::stod(text("centre_y")), std::stod(text("long_m")),
            std::stod(text("short_m")), text("rotation_deg")};
}

Row ellipse(const Sandbox& box, const std::string& map, const std::string& code = "1",
            std::map<std::string, Value> more = {}) {
    more.insert({{"land_cover", map}, {"method", "yuill"}, {"ellipses", box.path("ellipses.csv")}});
    const auto algorithm = make_algorithm("directional_distribution");
    algorithm->run_options().overwrite = true;
    assign(algorithm->spec(), more);
    Monitor silent;
    algorithm->run(silent);
    return row_of(box.path("ellipses.csv"), code);
}

}  // namespace

TEST_CASE("moments are exact in any order", "[directional_distribution]") {
    // Positions 1, 3, 5 in row 2 and position -1 in row 4.
    Moments all;
    all.add_run(1, 1, 2, 3, 2);
    all.add(1, -1, 4);
    const auto spread = all.spread();
    CHECK(spread.u == 2);
    CHECK(spread.v == 2.5);
    CHECK(spread.uu == 5);     // (1 + 1 + 9 + 9) / 4
    CHECK(spread.vv == 0.75);  // (3 * 0.25 + 2.25) / 4
    CHECK(spread.uv == -1.5);  // (0.5 - 0.5 - 1.5 - 4.5) / 4
    Moments one, other;
    one.add(1, 5, 2);
    one.add(1, -1, 4);
    other.add(1, 3, 2);
    other.add(1, 1, 2);
    one.merge(other);
    CHECK(one.spread().uv == -1.5);
    // Weights count like repeated cells; far from the origin nothing is lost.
    Moments far;
    far.add((1 << 28), (1 << 28) - 1, -(1 << 28));
    far.add((1 << 28), (1 << 28) - 2, -(1 << 28));
    CHECK(far.spread().u == (1 << 28) - 1.5);
    CHECK(far.spread().uu == 0.25);
    CHECK(far.spread().vv == 0);
    CHECK(far.spread().uv == 0);
}

TEST_CASE("directions and axes of an ellipse", "[directional_distribution]") {
    const auto diagonal = standard_ellipse(1, 1, 1, 1);
    CHECK(*diagonal.rotation == 45);
    CHECK(diagonal.longer == Approx(std::sqrt(2.0)));
    CHECK(diagonal.shorter == 0);
    CHECK(*standard_ellipse(1, -1, 1, 1).rotation == 135);
    CHECK(*standard_ellipse(4, 0, 1, 1).rotation == 90);
    CHECK(*standard_ellipse(1, 0, 4, 1).rotation == 0);
    CHECK(standard_ellipse(1, 0, 4, 3).longer == 6);
    CHECK(standard_ellipse(1, 0, 4, 3).shorter == 3);
    CHECK_FALSE(standard_ellipse(2, 0, 2, 1).rotation.has_value());
    CHECK(standard_ellipse(2, 0, 2, 1).longer == Approx(standard_ellipse(2, 0, 2, 1).shorter));
    CHECK_FALSE(standard_ellipse(0, 0, 0, 1).rotation.has_value());
    // The formula of the literature: tan(theta) = (A + B) / C.
    const double xx = 5, yy = 3, xy = 0.7;
    const double a = xx - yy, b = std::sqrt(a * a + 4 * xy * xy), c = 2 * xy;
    CHECK(*standard_ellipse(xx, xy, yy, 1).rotation == Approx(std::atan((a + b) / c) * 180 / std::numbers::pi));
}

TEST_CASE("an L of cells by hand", "[directional_distribution]") {
    const Sandbox box;
    // Cells of 100 m at (0, 1), (0, 0), (1, 0) in units of cells: mean (1/3, 1/3), xx = yy = 2/9, xy = -1/9.
    const auto map = make_classes(box, "map.tif", 2, {1, 0, 1, 1});
    const Row row = ellipse(box, map);
    CHECK(row.x == Approx(500000 + 50 + 100.0 / 3).epsilon(1e-14));
    CHECK(row.y == Approx(4000000 - 150 + 100.0 / 3).epsilon(1e-14));
    CHECK(row.rotation == "135");
    CHECK(row.longer == Approx(100 * std::sqrt(1.0 / 3)));  // variance 2/9 + 1/9
    CHECK(row.shorter == Approx(100 * std::sqrt(1.0 / 9)));
    // ArcGIS: sqrt(2) longer; three standard deviations: three times.
    const Row larger = ellipse(box, map, "1", {{"method", "arcgis"}, {"size", "3"}});
    CHECK(larger.longer == Approx(3 * std::sqrt(2.0) * row.longer));
    CHECK(larger.shorter == Approx(3 * std::sqrt(2.0) * row.shorter));
    CHECK(larger.rotation == "135");
}

TEST_CASE("lines and single cells have no polygon", "[directional_distribution]") {
    const Sandbox box;
    // 1: rising diagonal; 2: two cells side by side; 3: one cell; 4: two cells one above the other.
    const auto map = make_classes(box, "map.tif", 4, {3, 0, 1, 4, 0, 1, 0, 4, 1, 0, 2, 2});
    Row row = ellipse(box, map, "1");
    CHECK(row.rotation == "45");
    CHECK(row.longer == Approx(100 * std::sqrt(4.0 / 3)));
    CHECK(row.shorter == 0);
    row = ellipse(box, map, "2");
    CHECK(row.rotation == "90");
    CHECK(row.longer == 50);
    CHECK(row.shorter == 0);
    row = ellipse(box, map, "3");
    CHECK(row.rotation.empty());
    CHECK(row.longer == 0);
    CHECK(row.x == 500050);
    row = ellipse(box, map, "4");
    CHECK(row.rotation == "0");
    CHECK(row.longer == 50);
    CHECK(read_text(box.path("ellipses.csv")).find("POLYGON") == std::string::npos);
    const auto results =
        run_algorithm("directional_distribution",
                      {{"land_cover", map}, {"ellipses", box.path("e.gpkg")}, {"report", box.path("r.html")}});
    CHECK(number(results, "ellipse_count") == 0);
}

TEST_CASE("a square of cells spreads alike in all directions", "[directional_distribution]") {
    const Sandbox box;
    const Row row = ellipse(box, make_classes(box, "map.tif", 3, {1, 1, 1, 1, 1, 1, 1, 1, 1}));
    CHECK(row.rotation.empty());
    CHECK(row.longer == Approx(100 * std::sqrt(2.0 / 3)));
    CHECK(row.shorter == Approx(row.longer).epsilon(1e-12));
    CHECK_THAT(read_text(box.path("ellipses.csv")), ContainsSubstring("POLYGON"));
}

namespace {

/// A filled ellipse of given half axes (in cells), turned `rotation` degrees clockwise from north.
std::vector<double> filled_ellipse(int side, double longer, double shorter, double rotation) {
    std::vector<double> cells;
    const double angle = rotation * std::numbers::pi / 180;
    for (int row = 0; row < side; ++row)
        for (int column = 0; column < side; ++column) {
            const double x = column + 0.5 - side / 2.0, y = side / 2.0 - row - 0.5;
            const double along = x * std::sin(angle) + y * std::cos(angle),
                         beside = x * std::cos(angle) - y * std::sin(angle);
            cells.push_back(std::hypot(along / longer, beside / shorter) <= 1 ? 1 : 2);
        }
    return cells;
}

}  // namespace

TEST_CASE("a large turned ellipse is found again", "[directional_distribution]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = recipe.height = 400;
    recipe.bands = {filled_ellipse(400, 180, 70, 30)};
    recipe.transform = {500000, 100, 0, 4000000, 0, -100};
    Row row = ellipse(box, make_raster(box, "north.tif", recipe));
    // The standard deviation of an evenly filled ellipse along an axis is half the half axis.
    CHECK(std::stod(row.rotation) == Approx(30).margin(0.02));
    CHECK(row.longer == Approx(9000).epsilon(1e-3));
    CHECK(row.shorter == Approx(3500).epsilon(1e-3));
    const Row north = row;

    SECTION("moving the map moves the centre only") {
        recipe.transform = {500000 + 12345.5, 100, 0, 4000000 - 777.25, 0, -100};
        row = ellipse(box, make_raster(box, "moved.tif", recipe));
        CHECK(row.x - north.x == Approx(12345.5).margin(1e-6));
        CHECK(row.y - north.y == Approx(-777.25).margin(1e-6));
        CHECK(row.rotation == north.rotation);
        CHECK(row.longer == north.longer);
        CHECK(row.shorter == north.shorter);
    }
    SECTION("a south-up map gives the same") {
        std::vector<double> flipped;
        for (int r = 399; r >= 0; --r)
            flipped.insert(flipped.end(), recipe.bands[0].begin() + r * 400, recipe.bands[0].begin() + (r + 1) * 400);
        recipe.bands = {flipped};
        recipe.transform = {500000, 100, 0, 4000000 - 40000, 0, 100};
        row = ellipse(box, make_raster(box, "south.tif", recipe));
        CHECK(row.x == north.x);
        CHECK(row.y == north.y);
        CHECK(row.rotation == north.rotation);
        CHECK(row.longer == north.longer);
        CHECK(row.shorter == north.shorter);
    }
    SECTION("a turned grid turns the ellipse") {
        // Columns run 40 degrees clockwise of east.
        const double c = 100 * std::cos(40 * std::numbers::pi / 180), s = 100 * std::sin(40 * std::numbers::pi / 180);
        recipe.transform = {500000, c, -s, 4000000, -s, -c};
        row = ellipse(box, make_raster(box, "turned.tif", recipe));
        CHECK(std::stod(row.rotation) == Approx(std::stod(north.rotation) + 40).epsilon(1e-9));
        CHECK(row.longer == Approx(north.longer).epsilon(1e-12));
        CHECK(row.shorter == Approx(north.shorter).epsilon(1e-12));
    }
    SECTION("cells that are not square") {
        recipe.transform = {500000, 200, 0, 4000000, 0, -100};
        row = ellipse(box, make_raster(box, "wide.tif", recipe));
        // Variances of the turned ellipse, x doubled.
        const double sine = 0.5, cosine = std::sqrt(0.75);
        const double xx = 4 * (81 * sine * sine + 12.25 * cosine * cosine),
                     yy = 81 * cosine * cosine + 12.25 * sine * sine;
        const double xy = 2 * (81 - 12.25) * sine * cosine;
        const auto expected = standard_ellipse(xx, xy, yy, 1000);
        CHECK(std::stod(row.rotation) == Approx(*expected.rotation).margin(0.02));
        CHECK(row.longer == Approx(expected.longer).epsilon(1e-3));
    }
    SECTION("feet become metres") {
        recipe.epsg = 2263;  // New York Long Island, US survey feet
        row = ellipse(box, make_raster(box, "feet.tif", recipe));
        CHECK(row.longer == Approx(north.longer * 1200 / 3937).epsilon(1e-12));
        CHECK(row.x == north.x);
    }
    SECTION("the drawn ellipse has the area and the centre of the table") {
        run_algorithm("directional_distribution",
                      {{"land_cover", box.path("north.tif")}, {"selected", "1"}, {"ellipses", box.path("one.csv")}});
        const auto text = read_text(box.path("one.csv"));
        const auto numbers = text.substr(text.find("(((") + 3);
        double area = 0, px = 0, py = 0;
        std::size_t at = 0;
        std::vector<std::array<double, 2>> ring;
        while (true) {
            std::size_t used = 0;
            px = std::stod(numbers.substr(at), &used);
            at += used;
            py = std::stod(numbers.substr(at), &used);
            at += used;
            ring.push_back({px - north.x, py - north.y});
            if (numbers[at] == ')') break;
            ++at;
        }
        REQUIRE(ring.size() == 181);
        for (std::size_t i = 0; i + 1 < ring.size(); ++i)
            area += (ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1]) / 2;
        // A polygon of 180 corners is 0.02 % smaller than its ellipse; its outer ring runs counterclockwise.
        CHECK(area == Approx(std::numbers::pi * 2 * north.longer * north.shorter).epsilon(3e-4));
        CHECK(std::hypot(ring[0][0], ring[0][1]) == Approx(std::sqrt(2.0) * north.longer));
        CHECK(std::atan2(ring[0][0], ring[0][1]) * 180 / std::numbers::pi == Approx(std::stod(north.rotation)));
    }
}

TEST_CASE("geographic maps are measured in metres, not in degrees", "[directional_distribution]") {
    const Sandbox box;
    // 60 degrees north: a degree of longitude is half as long as one of latitude. A block of 20 x 20 cells of 0.01
    // degrees is 1.1 km x 2.2 km: it spreads to the north.
    RasterRecipe recipe = geographic_recipe(20, 20, 10, 60.1, 0.01);
    recipe.bands = {std::vector<double>(400, 1)};
    const Row row = ellipse(box, make_raster(box, "map.tif", recipe));
    const double turned = std::stod(row.rotation);
    CHECK(std::min(turned, 180 - turned) < 1e-3);
    // The standard deviation of 20 even steps is step * sqrt((20^2 - 1) / 12); a degree at 60 N is 111412 m along the
    // meridian and 55800 m along the parallel (WGS84).
    const double steps = std::sqrt(399.0 / 12);
    CHECK(row.longer == Approx(1114.12 * steps).epsilon(1e-4));
    CHECK(row.shorter == Approx(558.00 * steps).epsilon(1e-3));
    CHECK(row.x == Approx(10.1).epsilon(1e-9));
    CHECK(row.y == Approx(60).epsilon(1e-4));
}

TEST_CASE("a geographic map agrees with the same cells in metres, east and south of the middle too",
          "[directional_distribution]") {
    const Sandbox box;
    // A meridian's cells, 8 degrees east of the middle of the map at 40 degrees north: due north there, though the
    // plane's north is 5 degrees off.
    RasterRecipe recipe = geographic_recipe(1700, 100, 100, 40.5, 0.01);
    recipe.bands = {std::vector<double>(170000, 2)};
    for (int row_number = 0; row_number < 100; ++row_number)
        recipe.bands[0][static_cast<std::size_t>(row_number * 1700 + 1649)] = 1;
    const auto map = make_raster(box, "map.tif", recipe);
    const Row row = ellipse(box, map);
    const double turned = std::stod(row.rotation);
    CHECK(std::min(turned, 180 - turned) < 0.01);
    CHECK(row.x == Approx(116.495).epsilon(1e-6));
    CHECK(row.longer == Approx(1110.35 * std::sqrt(9999.0 / 12)).epsilon(5e-3));
    // South-up: the same.
    std::vector<double> flipped;
    for (int r = 99; r >= 0; --r)
        flipped.insert(flipped.end(), recipe.bands[0].begin() + r * 1700, recipe.bands[0].begin() + (r + 1) * 1700);
    recipe.bands = {flipped};
    recipe.transform = {100, 0.01, 0, 39.5, 0, 0.01};
    const Row south = ellipse(box, make_raster(box, "south.tif", recipe));
    CHECK(south.longer == Approx(row.longer).epsilon(1e-9));
    CHECK(south.y == Approx(row.y).epsilon(1e-9));
}

TEST_CASE("directional distribution: the same bits for any number of threads", "[directional_distribution]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 600;
    recipe.height = 700;
    std::uint32_t state = 5;
    recipe.bands.emplace_back();
    for (int i = 0; i < 600 * 700; ++i)
        recipe.bands[0].push_back(((state = state * 1664525u + 1013904223u) >> 24) % 5 + 1);
    recipe.options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};
    for (const int epsg : {32649, 4326}) {
        recipe.epsg = epsg;
        if (epsg == 4326) recipe.transform = {100, 0.01, 0, 40, 0, -0.01};
        const auto map = make_raster(box, std::to_string(epsg) + ".tif", recipe);
        const auto run = [&](const std::string& threads, const std::string& memory) {
            const auto path = box.path(std::to_string(epsg) + "_" + threads + ".csv");
            run_algorithm("directional_distribution",
                          {{"land_cover", map}, {"ellipses", path}, {"threads", threads}, {"memory", memory}});
            return read_text(path);
        };
        const auto one = run("1", "128");
        CHECK(run("2", "4") == one);
        CHECK(run("8", "32") == one);
    }
}

TEST_CASE("directional distribution: classes, outputs, errors", "[directional_distribution]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 1, 2, 1, 2, 2, 7, 7, 7});
    const auto results = run_algorithm("directional_distribution",
                                       {{"land_cover", map},
                                        {"selected", "2, 1"},
                                        {"classes", box.text("c.csv", "class,name,colour\n1,Forest,#00ff00\n")},
                                        {"ellipses", box.path("e.gpkg")},
                                        {"report", box.path("r.html")}});
    CHECK(number(results, "ellipse_count") == 2);
    const auto style = read_text(box.path("e.qml"));
    CHECK_THAT(style, ContainsSubstring("label=\"Forest\""));
    CHECK_THAT(style, ContainsSubstring("0,255,0,255"));
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("sqrt(2)"));
    CHECK_THAT(error_of("directional_distribution", {{"land_cover", map}, {"selected", "1,9"}}),
               ContainsSubstring("no cell of class 9; its classes are: 1, 2, 7"));
    CHECK_THAT(error_of("directional_distribution", {{"land_cover", map}, {"selected", "forest"}}),
               ContainsSubstring("\"forest\" is not a class"));
    CHECK_THAT(error_of("directional_distribution", {{"land_cover", map}, {"size", "0"}}), ContainsSubstring("SIZE"));
    CHECK_THAT(error_of("directional_distribution", {{"land_cover", make_classes(box, "empty.tif", 2, {0, 0})}}),
               ContainsSubstring("no cell has a class"));
}

TEST_CASE("directional distribution without a reference system: metres follow from the cell area",
          "[directional_distribution]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 2;
    recipe.bands = {{1, 1}};
    recipe.epsg = 0;
    recipe.transform = {0, 10, 0, 0, 0, -10};
    const auto map = make_raster(box, "map.tif", recipe);
    CHECK_THAT(error_of("directional_distribution", {{"land_cover", map}}), ContainsSubstring("CELL_AREA"));
    CHECK(ellipse(box, map, "1", {{"cell_area", "900"}}).longer == 15);
}
