// Land Carbon Toolbox: zonal summary: figures by hand, invariants, and what is wrong.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/summary_medians.hpp"
#include "tables/zonal_summary/summary_names.hpp"

#include <algorithm>
#include <cmath>

#include "engine/table.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Arguments = std::map<std::string, Value>;
const double gap = std::nan("");

std::string measurements(const Sandbox& box, const std::string& name, int width, std::vector<double> cells) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = static_cast<int>(cells.size()) / width;
    recipe.type = GDT_Float32;
    recipe.has_nodata = true;
    recipe.nodata = gap;
    recipe.bands = {std::move(cells)};
    return make_raster(box, name, recipe);
}

/// Polygons in columns and rows of cells of 100 m, each a ring of points.
std::string polygons(const Sandbox& box,
                     const std::vector<std::pair<std::string, std::vector<std::array<double, 2>>>>& list) {
    std::string features;
    for (const auto& [name, ring] : list) {
        std::string points;
        for (std::size_t i = 0; i <= ring.size(); ++i) {
            const auto& [column, row] = ring[i % ring.size()];
            points += std::string(points.empty() ? "" : ",") + "[" + number_text(500000 + 100 * column) + "," +
                      number_text(4000000 - 100 * row) + "]";
        }
        features += std::string(features.empty() ? "" : ",") + R"({"type":"Feature","properties":{"name":")" + name +
                    R"("},"geometry":{"type":"Polygon","coordinates":[[)" + points + "]]}}";
    }
    return box.text(
        "zones.geojson",
        R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32649"}},)"
        R"("features":[)" +
            features + "]}");
}

std::vector<std::array<double, 2>> rectangle(double left, double top, double right, double bottom) {
    return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

std::string cell(const std::string& path, const std::string& name, const std::string& column) {
    return csv_cell(path, {{"name", name}}, column);
}

double real(const std::string& path, const std::string& name, const std::string& column) {
    return std::stod(cell(path, name, column));
}

}  // namespace

TEST_CASE("zonal summary: a measurement and classes by hand", "[zonal_summary]") {
    const Sandbox box;
    // Six cells of 1 ha in two rows.
    const std::string npp = measurements(box, "npp.tif", 3, {1.5, 2, gap, 4, 6, 8});
    const std::string cover = make_classes(box, "cover.tif", 3, {1, 2, 2, 1, 0, 2});
    const std::string zones = polygons(box, {{"west", rectangle(0, 0, 2, 2)},
                                             {"east", rectangle(2, 0, 3, 2)},
                                             {"bare", rectangle(2, 0, 3, 1)},
                                             {"far", rectangle(90, 0, 91, 2)}});
    const std::string names = box.text("classes.csv", "class,name\n1,Forest\n2,Dry grass\n");
    const auto results = run_algorithm("zonal_summary", {{"rasters", std::vector<std::string>{npp, cover}},
                                                         {"class_names", names},
                                                         {"zones", zones},
                                                         {"summary", box.path("s.gpkg")},
                                                         {"table", box.path("t.csv")},
                                                         {"report", box.path("r.html")}});
    const std::string t = box.path("t.csv");
    CHECK(read_csv(t)[0] == std::vector<std::string>{"zone", "name", "cells", "area_ha", "npp_mean", "npp_sd",
                                                     "npp_min", "npp_max", "npp_total", "npp_valid_ha", "npp_valid",
                                                     "cover_forest_ha", "cover_dry_grass_ha", "cover_forest_share",
                                                     "cover_dry_grass_share", "cover_majority", "cover_majority_name",
                                                     "cover_valid_ha", "cover_valid"});
    // west: 1.5, 2, 4, 6; squares 2.25 + 4 + 16 + 36 = 58.25.
    CHECK(cell(t, "west", "cells") == "4");
    CHECK(cell(t, "west", "npp_mean") == "3.375");
    CHECK(real(t, "west", "npp_sd") == Approx(std::sqrt(58.25 / 4 - 3.375 * 3.375)).epsilon(1e-15));
    CHECK(cell(t, "west", "npp_min") == "1.5");
    CHECK(cell(t, "west", "npp_max") == "6");
    CHECK(cell(t, "west", "npp_total") == "13.5");
    CHECK(cell(t, "west", "npp_valid") == "1");
    CHECK(cell(t, "west", "cover_forest_ha") == "2");
    CHECK(cell(t, "west", "cover_dry_grass_ha") == "1");
    CHECK(real(t, "west", "cover_forest_share") == Approx(2.0 / 3).epsilon(1e-15));
    CHECK(cell(t, "west", "cover_majority") == "1");
    CHECK(cell(t, "west", "cover_majority_name") == "Forest");
    CHECK(cell(t, "west", "cover_valid") == "0.75");
    CHECK(cell(t, "east", "npp_mean") == "8");
    CHECK(cell(t, "east", "npp_sd") == "0");
    CHECK(cell(t, "east", "npp_valid_ha") == "1");
    CHECK(cell(t, "east", "npp_valid") == "0.5");
    CHECK(cell(t, "east", "cover_majority_name") == "Dry grass");
    CHECK(cell(t, "bare", "npp_mean").empty());
    CHECK(cell(t, "bare", "npp_valid") == "0");
    CHECK(cell(t, "far", "cells") == "0");
    CHECK(cell(t, "far", "npp_valid").empty());
    CHECK(cell(t, "far", "cover_majority").empty());
    CHECK(number(results, "zone_count") == 3);
    CHECK(number(results, "empty_zones") == 1);
    const InputTable layer("summary", box.path("s.gpkg"), true);
    REQUIRE(layer.rows() == 4);
    CHECK(layer.text(0, layer.column("npp_mean")) == "3.375");
    CHECK(layer.text(0, layer.column("name")) == "west");
    CHECK(read_text(box.path("r.html")).find("Largest class of cover") != std::string::npos);
}

namespace {

/// The sample of the checks against exactextract 0.3.0: 20 x 15 cells, two of them without a value, and three polygons:
/// one with a hole, one that reaches beyond the map, one inside a cell.
struct Sample {
    std::string values, classes, zones;
    explicit Sample(const Sandbox& box, bool backwards = false) {
        std::vector<double> v, k;
        for (int r = 0; r < 15; ++r)
            for (int c = 0; c < 20; ++c) {
                const bool missing = (r == 4 && c == 5) || (r == 9 && c == 12);
                v.push_back(missing ? gap : ((r * 37 + c * 61) % 101) / 7.0);
                k.push_back((r * c + 3 * r + c) % 4 + 1);
            }
        values = measurements(box, "v.tif", 20, v);
        classes = make_classes(box, "k.tif", 20, k);
        const auto point = [](double x, double y) {
            return "[" + number_text(500000 + 100 * x) + "," + number_text(4000000 - 100 * y) + "]";
        };
        const auto ring = [&](std::vector<std::array<double, 2>> points) {
            if (backwards) points = {points.rbegin(), points.rend()};
            points.push_back(points.front());
            std::string text;
            for (const auto& [x, y] : points) text += (text.empty() ? "[" : ",") + point(x, y);
            return text + "]";
        };
        const auto feature = [](const std::string& name, const std::string& rings) {
            return R"({"type":"Feature","properties":{"name":")" + name +
                   R"("},"geometry":{"type":"Polygon","coordinates":[)" + rings + "]}}";
        };
        std::vector<std::string> features = {
            feature("ring", ring({{1.3, 0.7}, {9.1, 2.2}, {14.45, 8.9}, {7.2, 13.31}, {2.05, 9.6}}) + "," +
                                ring({{4.2, 4.1}, {5.9, 4.3}, {5.5, 6.6}})),
            feature("beyond", ring({{9.1, 2.2}, {18.7, -1.5}, {21.3, 9.25}, {14.45, 8.9}})),
            feature("sliver", ring({{3.1, 11.2}, {3.4, 11.3}, {3.3, 11.8}}))};
        if (backwards) features = {features[2], features[1], features[0]};
        zones = box.text("polygons.geojson", R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":)"
                                             R"("urn:ogc:def:crs:EPSG::32649"}},"features":[)" +
                                                 features[0] + "," + features[1] + "," + features[2] + "]}");
    }
    Arguments arguments(const std::string& table, const std::string& coverage) const {
        return {{"rasters", std::vector<std::string>{values, classes}},
                {"categorical", std::string("k")},
                {"continuous", std::string("v")},
                {"zones", zones},
                {"coverage", coverage},
                {"table", table}};
    }
};

Arguments with(Arguments arguments, const Arguments& more) {
    for (const auto& [id, value] : more) arguments[id] = value;
    return arguments;
}

double sum_of(const std::string& path, const std::string& column) {
    const auto table = read_csv(path);
    const auto place = std::find(table[0].begin(), table[0].end(), column) - table[0].begin();
    double sum = 0;
    for (std::size_t i = 1; i < table.size(); ++i)
        if (!table[i][static_cast<std::size_t>(place)].empty())
            sum += std::stod(table[i][static_cast<std::size_t>(place)]);
    return sum;
}

}  // namespace

TEST_CASE("zonal summary: shares of cells as exactextract has them", "[zonal_summary]") {
    const Sandbox box;
    const std::string t = box.path("t.csv");
    run_algorithm("zonal_summary", Sample(box).arguments(t, "fraction"));
    // exactextract keeps shares in single precision: seven digits.
    const auto is = [&](const char* zone, const char* column, double value) {
        INFO(zone << " " << column);
        CHECK(real(t, zone, column) == Approx(value).epsilon(2e-7));
    };
    is("ring", "v_valid_ha", 99.04360290334489);
    is("ring", "v_total", 709.17002689175);
    is("ring", "v_mean", 7.1601800227705565);
    is("ring", "v_sd", 4.173020067223044);
    is("ring", "v_max", 14.285714149475098);
    is("ring", "v_min", 0);
    is("beyond", "v_valid_ha", 71.77966329315677);
    is("beyond", "v_total", 495.6299426674084);
    is("beyond", "v_mean", 6.904879737916799);
    is("beyond", "v_sd", 4.216202274428728);
    is("sliver", "v_valid_ha", 0.07999999821186066);
    is("sliver", "v_mean", 12.142857551574707);
    is("ring", "k_valid_ha", 100.36950000093248);
    is("ring", "k_class_1_share", 0.12059055);
    is("ring", "k_class_2_share", 0.48494319);
    is("ring", "k_class_3_share", 0.13411533);
    is("ring", "k_class_4_share", 0.26035094);
    is("beyond", "k_class_1_share", 0.12698537);
    is("beyond", "k_class_4_share", 0.26706184);
    CHECK(cell(t, "beyond", "k_majority") == "2");
    CHECK(cell(t, "sliver", "k_class_2_share") == "1");
    // By Gauss's formula, outer ring less hole.
    CHECK(real(t, "ring", "area_ha") == Approx(100.3695).epsilon(1e-12));
    // A sliver holds no centre.
    run_algorithm("zonal_summary", Sample(box).arguments(box.path("c.csv"), "centre"));
    CHECK(cell(box.path("c.csv"), "sliver", "cells") == "0");
}

TEST_CASE("zonal summary: neither the order of zones nor the way round a ring matters", "[zonal_summary]") {
    for (const std::string coverage : {"centre", "fraction"}) {
        const Sandbox box;
        const std::string forth = box.path("forth.csv"), back = box.path("back.csv");
        run_algorithm("zonal_summary", Sample(box).arguments(forth, coverage));
        run_algorithm("zonal_summary", Sample(box, true).arguments(back, coverage));
        const auto columns = read_csv(forth)[0];
        CHECK(columns == read_csv(back)[0]);
        for (const auto* zone : {"ring", "beyond", "sliver"})
            for (std::size_t i = 2; i < columns.size(); ++i) {
                INFO(coverage << " " << zone << " " << columns[i]);
                const std::string a = cell(forth, zone, columns[i]), b = cell(back, zone, columns[i]);
                if (coverage == "centre" || a.empty() || b.empty() || columns[i].ends_with("_name"))
                    CHECK(a == b);
                else
                    CHECK(std::stod(a) == Approx(std::stod(b)).epsilon(1e-13));
            }
    }
}

TEST_CASE("zonal summary: shares inside outlines that cross themselves are told by the even-odd rule",
          "[zonal_summary]") {
    const Sandbox box;
    const std::string map = measurements(box, "map.tif", 4, std::vector<double>(16, 1));
    const auto hectares = [&](const std::vector<std::array<double, 2>>& ring) {
        const std::string t = box.path("t.csv");
        remove_output(t);
        run_algorithm("zonal_summary", {{"rasters", std::vector<std::string>{map}},
                                        {"continuous", std::string("all")},
                                        {"zones", polygons(box, {{"z", ring}})},
                                        {"coverage", std::string("fraction")},
                                        {"table", t}});
        return real(t, "z", "map_valid_ha");
    };
    // A bow tie of two triangles of 2 and 2 ha, and a square that is gone round twice on the way round another one.
    CHECK(hectares({{0, 0}, {4, 2}, {4, 0}, {0, 2}}) == Approx(4).epsilon(1e-12));
    CHECK(hectares({{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}, {1, 1}, {3, 1}, {3, 3}, {1, 3}, {1, 1}}) ==
          Approx(12).epsilon(1e-12));
    // Sides that cross one another millions of times would take GEOS minutes.
    std::vector<std::array<double, 2>> tangle;
    for (int i = 0; i < 4000; ++i) tangle.push_back({std::fmod(i * 2.618, 4.0), std::fmod(i * 1.414, 4.0)});
    CHECK_THROWS_WITH(hectares(tangle), ContainsSubstring("ZONES: the polygon of z crosses itself too often"));
}

TEST_CASE("zonal summary: zones that part the map add up to it", "[zonal_summary]") {
    const Sandbox box;
    const Sample sample(box);
    const Arguments plain = {{"rasters", std::vector<std::string>{sample.values, sample.classes}},
                             {"continuous", std::string("v")},
                             {"categorical", std::string("k")}};
    const std::string whole = box.path("whole.csv");
    run_algorithm("zonal_summary", with(plain, {{"table", whole}}));
    // The map as a polygon is the map.
    const std::string one = box.path("one.csv");
    run_algorithm("zonal_summary",
                  with(plain, {{"zones", polygons(box, {{"all", rectangle(0, 0, 20, 15)}})}, {"table", one}}));
    const auto a = read_csv(whole), b = read_csv(one);
    CHECK(a[0] == b[0]);
    for (std::size_t i = 2; i < a[0].size(); ++i) CHECK(a[1][i] == b[1][i]);
    const std::vector<std::string> additive = {"cells",        "area_ha",      "v_total",      "v_valid_ha",
                                               "k_class_1_ha", "k_class_2_ha", "k_class_3_ha", "k_class_4_ha"};
    for (const std::string shape : {"square", "hexagon"})
        for (const std::string coverage : {"centre", "fraction"}) {
            const std::string parts = box.path(shape + coverage + ".csv");
            run_algorithm("zonal_summary", with(plain, {{"grid_size", 430.0},
                                                        {"cell_shape", shape},
                                                        {"coverage", coverage},
                                                        {"summary", box.path(shape + coverage + ".gpkg")},
                                                        {"table", parts}}));
            for (const std::string& column : additive) {
                if (column == "cells" && coverage == "fraction") continue;
                INFO(shape << " " << coverage << " " << column);
                CHECK(sum_of(parts, column) == Approx(sum_of(whole, column)).epsilon(1e-13));
            }
        }
    // An inner square has 4.3^2 ha, an inner hexagon 4.3^2 sqrt(3) / 2.
    CHECK(csv_cell(box.path("squarefraction.csv"), {{"name", "row 2, column 2"}}, "area_ha") == "18.49");
    CHECK(real(box.path("hexagonfraction.csv"), "row 2, column 2", "area_ha") ==
          Approx(18.49 * std::sqrt(3.0) / 2).epsilon(1e-12));
}

TEST_CASE("zonal summary: squares of metres on a map in degrees", "[zonal_summary]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 60;
    recipe.height = 40;
    recipe.type = GDT_Float32;
    recipe.epsg = 4326;
    recipe.transform = {100, 0.1, 0, 40, 0, -0.1};
    recipe.bands = {std::vector<double>(60 * 40, 2.5)};
    const std::string map = make_raster(box, "map.tif", recipe);
    const std::string t = box.path("t.csv");
    run_algorithm("zonal_summary", {{"rasters", std::vector<std::string>{map}},
                                    {"grid_size", 50000.0},
                                    {"coverage", std::string("fraction")},
                                    {"table", t},
                                    {"summary", box.path("s.gpkg")}});
    // All inner squares have one area: 250 000 ha, but for the change of a cell's width within its height.
    CHECK(real(t, "row 1, column 1", "area_ha") == Approx(250000).epsilon(1e-3));
    CHECK(real(t, "row 8, column 10", "area_ha") == Approx(250000).epsilon(1e-3));
    CHECK(cell(t, "row 1, column 1", "map_mean") == "2.5");
    CHECK(cell(t, "row 1, column 1", "map_sd") == "0");
    run_algorithm("zonal_summary", {{"rasters", std::vector<std::string>{map}}, {"table", box.path("w.csv")}});
    CHECK(sum_of(t, "area_ha") == Approx(sum_of(box.path("w.csv"), "area_ha")).epsilon(1e-9));
    const std::string x = box.path("x.csv");
    // One square for all is no grid.
    CHECK(error_of("zonal_summary", {{"rasters", std::vector<std::string>{map}}, {"grid_size", 1e6}, {"table", x}})
              .find("GRID_SIZE: one square of 1000000 m covers the whole map, which is") == 0);
    CHECK(error_of("zonal_summary", {{"rasters", std::vector<std::string>{map}},
                                     {"grid_size", 1e7},
                                     {"cell_shape", std::string("hexagon")},
                                     {"table", x}})
              .find("GRID_SIZE: one hexagon of 10000000 m covers the whole map, which is") == 0);
    CHECK(error_of("zonal_summary", {{"rasters", std::vector<std::string>{map}}, {"grid_size", 0.5}, {"table", x}})
              .find("GRID_SIZE: squares of 0.5 m are smaller than the cells") == 0);
}

TEST_CASE("zonal summary: medians are those of sorted cells, whatever the memory", "[zonal_summary]") {
    const Sandbox box;
    // Four zones of 20 x 20 cells: many values, few values, an odd number, one value.
    std::vector<double> cells;
    std::vector<std::vector<double>> by_zone(4);
    for (int r = 0; r < 40; ++r)
        for (int c = 0; c < 40; ++c) {
            const std::size_t zone = static_cast<std::size_t>((r >= 20) * 2 + (c >= 20));
            const double mixed = std::fmod((r * 40 + c) * 0.754877666, 1.0);
            double x = zone == 0   ? static_cast<float>(std::exp(20 * mixed - 10) * (c % 3 ? 1 : -1))
                       : zone == 1 ? std::floor(4 * mixed)
                       : zone == 2 ? static_cast<float>(mixed)
                                   : 7;
            if (zone == 2 && r == 25 && c == 5) x = gap;
            cells.push_back(x);
            if (!std::isnan(x)) by_zone[zone].push_back(x);
        }
    const std::string map = measurements(box, "map.tif", 40, cells);
    const std::string zones = polygons(box, {{"0", rectangle(0, 0, 20, 20)},
                                             {"1", rectangle(20, 0, 40, 20)},
                                             {"2", rectangle(0, 20, 20, 40)},
                                             {"3", rectangle(20, 20, 40, 40)}});
    const std::string t = box.path("t.csv");
    const Arguments arguments = {{"rasters", std::vector<std::string>{map}},
                                 {"continuous", std::string("all")},
                                 {"zones", zones},
                                 {"median", true},
                                 {"table", t}};
    run_algorithm("zonal_summary", arguments);
    for (std::size_t zone = 0; zone < 4; ++zone) {
        auto& values = by_zone[zone];
        std::sort(values.begin(), values.end());
        const std::size_t n = values.size();
        const double median = n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
        CHECK(real(t, std::to_string(zone), "map_median") == median);
    }
    // Bins instead of cells: the same bits.
    for (const std::size_t budget : {std::size_t{1}, std::size_t{3000}, std::size_t{200000}}) {
        set_median_budget(budget);
        const std::string little = box.path("little" + std::to_string(budget) + ".csv");
        run_algorithm("zonal_summary", with(arguments, {{"table", little}}));
        set_median_budget(0);
        CHECK(read_text(little) == read_text(t));
    }
}

TEST_CASE("zonal summary: a median is one by area", "[zonal_summary]") {
    const Sandbox box;
    // A triangle over half of the first cell, the whole second, half of the third: 0.5, 1 and 0.5 of 2.
    const std::string map = measurements(box, "map.tif", 3, {1, 5, 9});
    const auto median = [&](const std::vector<std::array<double, 2>>& ring) {
        const std::string t = box.path("t.csv");
        remove_output(t);
        run_algorithm("zonal_summary", {{"rasters", std::vector<std::string>{map}},
                                        {"continuous", std::string("all")},
                                        {"zones", polygons(box, {{"z", ring}})},
                                        {"coverage", std::string("fraction")},
                                        {"median", true},
                                        {"table", t}});
        return real(t, "z", "map_median");
    };
    CHECK(median({{0.5, 0}, {2.5, 0}, {2.5, 1}, {0.5, 1}}) == 5);
    // 1, 0.5 and 0: the first cell alone holds more than half.
    CHECK(median({{0, 0}, {1.5, 0}, {1.5, 1}, {0, 1}}) == 1);
    // 0.5 and 0.5: exactly half, the mean of both.
    CHECK(median({{0.5, 0}, {1.5, 0}, {1.5, 1}, {0.5, 1}}) == 3);
}

TEST_CASE("zonal summary: years below one another", "[zonal_summary]") {
    const Sandbox box;
    const std::string early = make_classes(box, "cover_1990.tif", 2, {1, 1, 2, 0});
    const std::string late = make_classes(box, "cover_2020.tif", 2, {1, 3, 3, 0});
    const std::string npp = measurements(box, "npp_2020.tif", 2, {1, 2, 3, 4});
    const std::string zones = polygons(box, {{"all", rectangle(0, 0, 2, 2)}});
    const Arguments long_table = {{"zones", zones}, {"layout", std::string("long")}, {"table", box.path("t.csv")}};
    const std::string names = box.text("classes.csv", "class,name\n1,Forest\n2,Water\n3,Built-up land\n");
    run_algorithm("zonal_summary", with(long_table, {{"rasters", std::vector<std::string>{late, early}},
                                                     {"years", std::string("2020,1990")},
                                                     {"class_names", names}}));
    const auto t = read_csv(box.path("t.csv"));
    REQUIRE(t.size() == 3);
    CHECK(t[0] == std::vector<std::string>{"zone", "name", "year", "cells", "area_ha", "forest_ha", "water_ha",
                                           "built_up_land_ha", "forest_share", "water_share", "built_up_land_share",
                                           "majority", "majority_name", "valid_ha", "valid"});
    CHECK(t[1][2] == "1990");
    CHECK(csv_cell(box.path("t.csv"), {{"year", "1990"}}, "forest_ha") == "2");
    CHECK(csv_cell(box.path("t.csv"), {{"year", "1990"}}, "built_up_land_ha") == "0");
    CHECK(csv_cell(box.path("t.csv"), {{"year", "2020"}}, "built_up_land_ha") == "2");
    CHECK(csv_cell(box.path("t.csv"), {{"year", "2020"}}, "valid") == "0.75");
    // Two variables bear their names; one without a map of a year has nothing there.
    run_algorithm("zonal_summary", with(long_table, {{"rasters", std::vector<std::string>{early, late, npp}},
                                                     {"years", std::string("1990,2020,2020")},
                                                     {"table", box.path("two.csv")}}));
    CHECK(csv_cell(box.path("two.csv"), {{"year", "1990"}}, "npp_mean").empty());
    CHECK(csv_cell(box.path("two.csv"), {{"year", "2020"}}, "npp_mean") == "2.5");
    CHECK(csv_cell(box.path("two.csv"), {{"year", "2020"}}, "cover_class_1_ha") == "1");
}

TEST_CASE("zonal summary: the layer's legend says what is drawn", "[zonal_summary]") {
    const Sandbox box;
    const std::string npp = measurements(box, "npp_2010.tif", 2, {1, 2, 3, 4});
    const std::string cover = make_classes(box, "cover_2010.tif", 2, {1, 1, 2, 2});
    const std::string zones = polygons(box, {{"a", rectangle(0, 0, 1, 2)}, {"b", rectangle(1, 0, 2, 2)}});
    const auto style = [&](const std::string& first, const std::string& second, const std::string& name) {
        run_algorithm("zonal_summary", {{"rasters", std::vector<std::string>{first, second}},
                                        {"years", std::string("2010,2010")},
                                        {"zones", zones},
                                        {"summary", box.path(name + ".gpkg")}});
        return read_text(box.path(name + ".qml"));
    };
    CHECK_THAT(style(npp, cover, "m"), ContainsSubstring("Mean of npp 2010: "));
    CHECK_THAT(style(cover, npp, "c"), ContainsSubstring("Largest class of cover 2010: Class 1"));
}

TEST_CASE("zonal summary: names of variables and of columns", "[zonal_summary]") {
    CHECK(without_year("ssp126_2030", 2030) == "ssp126");
    CHECK(without_year("MOD13Q1_2001_250m", 2001) == "MOD13Q1_250m");
    CHECK(without_year("base2015_ssp245_2060", 2060) == "base2015_ssp245");
    CHECK(without_year("npp_2001-2020", {}) == "npp");
    CHECK(without_year("bio12", 2012) == "bio12");
    CHECK(without_year("m.A2001001.h26v05", 2001) == "m.A.h26v05");
    CHECK(without_year("2001年林地", 2001) == "林地");
    CHECK(without_year("林地2001年度", 2001) == "林地");
    CHECK(without_year("2001", 2001).empty());
    std::vector<std::string> told;
    using Words = std::vector<std::string>;
    CHECK(class_words({{-1, "Class -1", ""}, {1, "Class 1", ""}}, told) == Words{"class_minus_1", "class_1"});
    CHECK(class_words({{1, "1990-2000", ""}, {2, "Valid", ""}, {3, "area", ""}, {-4, "!", ""}}, told) ==
          Words{"1990_2000", "class_valid", "class_area", "class_minus_4"});
    CHECK(told.empty());
    CHECK(class_words({{1, "Dry land", ""}, {2, "Dry-land", ""}, {3, "dry (land)", ""}}, told) ==
          Words{"dry_land", "dry_land_class_2", "dry_land_class_3"});
    CHECK(told.size() == 2);
}

TEST_CASE("zonal summary: what is wrong is told", "[zonal_summary]") {
    const Sandbox box;
    const Sample sample(box);
    const Arguments plain = sample.arguments(box.path("t.csv"), "centre");
    const auto error = [&](const Arguments& more) { return error_of("zonal_summary", with(plain, more)); };
    CHECK(error({{"grid_size", 500.0}}).find("GRID_SIZE: both ZONES and GRID_SIZE are given") == 0);
    CHECK(error({{"layout", std::string("long")}}).find("LAYOUT: one row for each zone and year needs YEARS") == 0);
    CHECK(error({{"cell_shape", std::string("hexagon")}}).find("CELL_SHAPE: hexagons need GRID_SIZE") == 0);
    CHECK(error({{"years", std::string("2000")}}).find("YEARS: 1 year for 2 rasters") == 0);
    CHECK(error({{"years", std::string("2000,2000")}, {"raster_names", std::string("a,a")}})
              .find("YEARS: two rasters are \"a\" of the year 2000") == 0);
    CHECK(error({{"continuous", std::string("w")}}) ==
          "CONTINUOUS: there is no raster \"w\"; the rasters are v,k, or 1 to 2");
    CHECK(error({{"name_field", std::string("nam")}}) ==
          "NAME_FIELD: ZONES has no field \"nam\"; its fields are: name");
    CHECK(error({{"zones", polygons(box, {{"far", rectangle(19.6, 14.6, 30, 30)}})}})
              .find("ZONES: no cell of RASTERS with a value lies in a zone") == 0);
    CHECK(error({{"raster_names", std::string("a")}}).find("RASTER_NAMES: 1 name for 2 rasters") == 0);
}
