// Land Carbon Toolbox: land-use intensity: hand-computed cases, invariants, errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/land_use_intensity/land_use_intensity.hpp"

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

const char* const grades = "class,name,grade\n1,Unused,1\n2,Forest,2\n3,Cropland,3\n4,Built,4\n";

/// Two rectangles over a map of make_classes(): "west" over columns 0 and 1, "east" over columns 2 and 3, "off" without
/// a valid cell; all rows. The layer has a column "index" of its own.
std::string two_zones(const Sandbox& box, int rows) {
    const auto rectangle = [&](const std::string& name, int left, int right, int top, int bottom) {
        const auto ring = [](int x, int y) { return "[" + std::to_string(x) + "," + std::to_string(y) + "]"; };
        const int x0 = 500000 + 100 * left, x1 = 500000 + 100 * right, y0 = 4000000 - 100 * top,
                  y1 = 4000000 - 100 * bottom;
        return "{\"type\":\"Feature\",\"properties\":{\"name\":\"" + name +
               "\",\"index\":7},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[" + ring(x0, y0) + "," +
               ring(x1, y0) + "," + ring(x1, y1) + "," + ring(x0, y1) + "," + ring(x0, y0) + "]]}}";
    };
    return box.text("zones.geojson",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:"
                    "32649\"}},\"features\":[" +
                        rectangle("west", 0, 2, 0, rows) + "," + rectangle("east", 2, 4, 0, rows) + "," +
                        rectangle("off", 4, 5, 0, rows) + "]}");
}

}  // namespace

TEST_CASE("the intensity index by hand", "[land_use_intensity]") {
    const auto ha = [](double value) { return FixedArea::from(10000 * value); };
    // 100 * (1 * 10 + 2 * 30 + 3 * 40 + 4 * 20) / 100 = 270
    CHECK(*intensity_index({1, 2, 3, 4}, {ha(10), ha(30), ha(40), ha(20)}) == Approx(270).epsilon(1e-15));
    CHECK(*intensity_index({1, 4}, {ha(0), ha(3)}) == 400);
    CHECK_FALSE(intensity_index({1, 4}, {ha(0), ha(0)}).has_value());
}

TEST_CASE("scaling and the five levels", "[land_use_intensity]") {
    CHECK(*min_max_scaled(150, 100, 200) == 0.5);
    CHECK_FALSE(min_max_scaled(5, 5, 5).has_value());
    CHECK(intensity_level(0) == 1);
    CHECK(intensity_level(0.2) == 1);
    CHECK(intensity_level(0.2000001) == 2);
    CHECK(intensity_level(0.6) == 3);
    CHECK(intensity_level(0.8) == 4);
    CHECK(intensity_level(1) == 5);
}

TEST_CASE("intensity of a whole map", "[land_use_intensity]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 4, {1, 2, 3, 4, 0, 2, 3, 3});
    const auto results = run_algorithm("land_use_intensity", {{"land_cover", map},
                                                              {"classes", box.text("grades.csv", grades)},
                                                              {"intensity", box.path("zones.csv")},
                                                              {"intensity_map", box.path("map_out.tif")},
                                                              {"by_class", box.path("classes.csv")},
                                                              {"report", box.path("report.html")}});
    // (1 + 2 * 2 + 3 * 3 + 4) / 7
    CHECK(number(results, "index") == Approx(1800.0 / 7));
    CHECK(number(results, "minimum") == number(results, "index"));
    CHECK(number(results, "maximum") == number(results, "index"));
    const auto cells = read_raster(box.path("map_out.tif"));
    CHECK(cells[0] == 100);
    CHECK(cells[3] == 400);
    CHECK(std::isnan(cells[4]));
    CHECK(csv_cell(box.path("classes.csv"), {{"class", "3"}}, "name") == "Cropland");
    CHECK(csv_cell(box.path("classes.csv"), {{"class", "3"}}, "area_ha") == "3");
    CHECK(std::stod(csv_cell(box.path("classes.csv"), {{"class", "3"}}, "share")) == Approx(3.0 / 7));
    CHECK(std::stod(csv_cell(box.path("classes.csv"), {{"class", "3"}}, "contribution")) == Approx(900.0 / 7));
    CHECK_THAT(read_text(box.path("zones.csv")), ContainsSubstring("POLYGON"));
}

TEST_CASE("intensity by zone", "[land_use_intensity]") {
    const Sandbox box;
    // Columns 0 and 1: 1 1 2 2 -> 150; columns 2 and 3: 3 4 4 0 -> 1100 / 3; column 4 has no class.
    const auto map = make_classes(box, "map.tif", 5, {1, 1, 3, 4, 0, 2, 2, 4, 0, 0});
    const auto results = run_algorithm("land_use_intensity", {{"land_cover", map},
                                                              {"classes", box.text("grades.csv", grades)},
                                                              {"zones", two_zones(box, 2)},
                                                              {"intensity", box.path("zones.gpkg")},
                                                              {"intensity_map", box.path("out.tif")},
                                                              {"report", box.path("report.html")}});
    CHECK(number(results, "minimum") == 150);
    CHECK(number(results, "maximum") == Approx(1100.0 / 3));
    CHECK(number(results, "index") == Approx(1700.0 / 7));
    run_algorithm("land_use_intensity", {{"land_cover", map},
                                         {"classes", box.path("grades.csv")},
                                         {"zones", box.path("zones.geojson")},
                                         {"intensity", box.path("by_zone.csv")}});
    const auto zones = box.path("by_zone.csv");
    // The layer's own column "index" makes way.
    CHECK(csv_cell(zones, {{"name", "west"}}, "index_1") == "7");
    CHECK(csv_cell(zones, {{"name", "west"}}, "index") == "150");
    CHECK(csv_cell(zones, {{"name", "west"}}, "area_ha") == "4");
    CHECK(csv_cell(zones, {{"name", "west"}}, "level") == "1");
    CHECK(csv_cell(zones, {{"name", "east"}}, "scaled") == "1");
    CHECK(csv_cell(zones, {{"name", "east"}}, "level") == "5");
    CHECK(csv_cell(zones, {{"name", "off"}}, "area_ha") == "0");
    CHECK(csv_cell(zones, {{"name", "off"}}, "index").empty());
    const auto cells = read_raster(box.path("out.tif"));
    CHECK(cells[0] == 150);
    CHECK(cells[2] == Approx(1100.0 / 3).epsilon(1e-6));
    CHECK(std::isnan(cells[4]));
    CHECK(std::isnan(cells[8]));  // in a zone, but without a class
}

TEST_CASE("intensity by square", "[land_use_intensity]") {
    const Sandbox box;
    // Squares of two cells; the lower right one has no class.
    const auto map = make_classes(box, "map.tif", 4, {1, 1, 4, 4, 2, 2, 4, 4, 3, 0, 0, 0, 0, 0, 0, 0});
    const auto results = run_algorithm("land_use_intensity", {{"land_cover", map},
                                                              {"classes", box.text("grades.csv", grades)},
                                                              {"grid_size", "200"},
                                                              {"intensity", box.path("squares.csv")},
                                                              {"intensity_map", box.path("out.tif")},
                                                              {"report", box.path("report.html")}});
    CHECK(number(results, "minimum") == 150);
    CHECK(number(results, "maximum") == 400);
    const auto squares = box.path("squares.csv");
    CHECK(read_csv(squares).size() == 4);  // header and three squares
    CHECK(csv_cell(squares, {{"row", "1"}, {"column", "1"}}, "index") == "150");
    CHECK(csv_cell(squares, {{"row", "1"}, {"column", "2"}}, "level") == "5");
    CHECK(csv_cell(squares, {{"row", "2"}, {"column", "1"}}, "scaled") == "0.6");  // (300 - 150) / 250
    CHECK(csv_cell(squares, {{"row", "2"}, {"column", "1"}}, "level") == "3");
    CHECK(csv_cell(squares, {{"row", "2"}, {"column", "1"}}, "area_ha") == "1");
    CHECK(read_raster(box.path("out.tif"))[4] == 150);
}

TEST_CASE("intensity: squares of equal area weigh alike, on geographic grids too", "[land_use_intensity]") {
    const Sandbox box;
    RasterRecipe recipe = geographic_recipe(6, 4, 100, 62, 1);
    // The northern row is class 1, the southern ones class 4: cells get smaller to the north.
    recipe.bands = {{1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}};
    const auto map = make_raster(box, "map.tif", recipe);
    const auto results = run_algorithm(
        "land_use_intensity",
        {{"land_cover", map}, {"classes", box.text("grades.csv", grades)}, {"by_class", box.path("c.csv")}});
    const double north = std::stod(csv_cell(box.path("c.csv"), {{"class", "1"}}, "area_ha"));
    const double south = std::stod(csv_cell(box.path("c.csv"), {{"class", "4"}}, "area_ha"));
    CHECK(number(results, "index") == Approx((100 * north + 400 * south) / (north + south)).epsilon(1e-14));
    CHECK(number(results, "index") > 325.5);  // 325 with cells of one size
    // The mean of the squares, weighted by their areas, is the index of the whole.
    run_algorithm("land_use_intensity", {{"land_cover", map},
                                         {"classes", box.path("grades.csv")},
                                         {"grid_size", "2"},
                                         {"intensity", box.path("s.csv")}});
    const auto rows = read_csv(box.path("s.csv"));
    REQUIRE(rows.size() == 7);
    double weighted = 0, area = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const double ha = std::stod(rows[i].at(3));  // WKT, row, column, area_ha, index
        weighted += ha * std::stod(rows[i].at(4));
        area += ha;
    }
    CHECK(weighted / area == Approx(number(results, "index")).epsilon(1e-13));
}

TEST_CASE("intensity: the same bits for any number of threads", "[land_use_intensity]") {
    const Sandbox box;
    RasterRecipe recipe = geographic_recipe(700, 900, 100, 40, 0.01);
    std::uint32_t state = 11;
    recipe.bands.emplace_back();
    for (int i = 0; i < 700 * 900; ++i)
        recipe.bands[0].push_back(((state = state * 1664525u + 1013904223u) >> 24) % 4 + 1);
    recipe.options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};
    const auto map = make_raster(box, "map.tif", recipe);
    const auto classes = box.text("grades.csv", grades);
    const auto run = [&](const std::string& name, const std::string& threads, const std::string& memory) {
        run_algorithm("land_use_intensity", {{"land_cover", map},
                                             {"classes", classes},
                                             {"grid_size", "0.13"},
                                             {"intensity", box.path(name)},
                                             {"threads", threads},
                                             {"memory", memory}});
        return read_text(box.path(name));
    };
    const auto one = run("1.csv", "1", "128");
    CHECK(run("2.csv", "2", "4") == one);
    CHECK(run("8.csv", "8", "64") == one);
}

TEST_CASE("intensity: wrong input", "[land_use_intensity]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 5, {1, 1, 3, 9, 12});
    const auto good = make_classes(box, "good.tif", 5, {1, 1, 3, 2, 2});
    const auto classes = box.text("grades.csv", grades);
    const auto wrong = error_of("land_use_intensity", {{"land_cover", map}, {"classes", classes}});
    CHECK_THAT(wrong, ContainsSubstring("have no grade: 9, 12"));
    CHECK_THAT(wrong, ContainsSubstring("grades.csv"));
    CHECK_THAT(
        error_of("land_use_intensity",
                 {{"land_cover", good}, {"classes", classes}, {"zones", two_zones(box, 1)}, {"grid_size", "100"}}),
        ContainsSubstring("both ZONES and GRID_SIZE"));
    CHECK_THAT(error_of("land_use_intensity",
                        {{"land_cover", good}, {"classes", box.text("none.csv", "class,name\n1,Unused\n")}}),
               ContainsSubstring("\"grade\" is missing"));
    CHECK_THAT(error_of("land_use_intensity",
                        {{"land_cover", good}, {"classes", box.text("minus.csv", "class,grade\n1,-1\n")}}),
               ContainsSubstring("grades are zero or more"));
    CHECK_THAT(error_of("land_use_intensity",
                        {{"land_cover", good}, {"classes", box.text("blank.csv", "class,grade\n1,1\n2,\n3,3\n")}}),
               ContainsSubstring("have no grade: 2"));
    CHECK_THAT(error_of("land_use_intensity", {{"land_cover", good}, {"classes", classes}, {"grid_size", "10"}}),
               ContainsSubstring("smaller than the cells"));
    const auto empty = make_classes(box, "empty.tif", 2, {0, 0});
    CHECK_THAT(error_of("land_use_intensity", {{"land_cover", empty}, {"classes", classes}}),
               ContainsSubstring("no cell has a class"));
}

TEST_CASE("intensity: more squares than memory allows", "[land_use_intensity]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 100;
    recipe.height = 100;
    recipe.bands = {std::vector<double>(10000, 1)};
    const auto map = make_raster(box, "map.tif", recipe);
    const auto message = error_of(
        "land_use_intensity",
        {{"land_cover", map}, {"classes", box.text("grades.csv", grades)}, {"grid_size", "100"}, {"memory", "4"}});
    CHECK_THAT(message, ContainsSubstring("10000 squares of GRID_SIZE need 11 MiB"));
    CHECK_THAT(message, ContainsSubstring("larger GRID_SIZE"));
}
