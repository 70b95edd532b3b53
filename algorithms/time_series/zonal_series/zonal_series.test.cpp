// Land Carbon Toolbox: zonal series: sums, zones and rates by hand, and what is wrong.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/zonal_series/zonal_series.hpp"

#include <cmath>
#include <filesystem>
#include <random>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

const double gap = std::nan("");

std::string stack(const Sandbox& box, const std::string& name, int width, std::vector<std::vector<double>> bands) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = static_cast<int>(bands[0].size()) / width;
    recipe.type = GDT_Float64;
    recipe.has_nodata = true;
    recipe.nodata = gap;
    recipe.bands = std::move(bands);
    return make_raster(box, name, recipe);
}

/// Boxes in columns and rows of cells of 100 m, each a polygon with an id and, if given, a name.
std::string boxes(const Sandbox& box, const std::vector<std::pair<std::string, std::array<double, 4>>>& list) {
    std::string features;
    for (const auto& [name, b] : list) {
        const auto corner = [](double column, double row) {
            return "[" + number_text(500000 + 100 * column) + "," + number_text(4000000 - 100 * row) + "]";
        };
        features += std::string(features.empty() ? "" : ",") + R"({"type":"Feature","properties":{"id":)" +
                    std::to_string(features.size()) + R"(,"name":")" + name +
                    R"("},"geometry":{"type":"Polygon","coordinates":[[)" + corner(b[0], b[1]) + "," +
                    corner(b[2], b[1]) + "," + corner(b[2], b[3]) + "," + corner(b[0], b[3]) + "," +
                    corner(b[0], b[1]) + "]]}}";
    }
    return box.text(
        "zones.geojson",
        R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32649"}},)"
        R"("features":[)" +
            features + "]}");
}

std::string cell(const std::string& path, const std::string& name, const std::string& column,
                 const std::string& year = "") {
    std::map<std::string, std::string> where = {{"name", name}};
    if (!year.empty()) where["year"] = year;
    return csv_cell(path, where, column);
}

}  // namespace

TEST_CASE("zonal series: overlapping, distant and empty zones by hand", "[zonal_series]") {
    const Sandbox box;
    // Four cells of 1 ha; the last one never holds a value, the second misses the third step.
    const auto series =
        stack(box, "s.tif", 4, {{1, 3, 10, gap}, {2, 4, 10, gap}, {3, gap, 10, gap}, {4, 6, 10, gap}, {5, 7, 10, gap}});
    const auto zones = boxes(
        box, {{"left", {0, 0, 2, 1}}, {"over", {1, 0, 3, 1}}, {"empty", {3, 0, 4, 1}}, {"far", {900, 0, 901, 1}}});
    const std::map<std::string, Value> arguments = {{"series", series},
                                                    {"zones", zones},
                                                    {"years", std::string("2000,2001,2002,2003,2005")},
                                                    {"table", box.path("t.csv")},
                                                    {"rates", box.path("r.csv")},
                                                    {"zoned", box.path("z.gpkg")},
                                                    {"report", box.path("r.html")}};
    const auto results = run_algorithm("zonal_series", arguments);
    const auto t = box.path("t.csv"), r = box.path("r.csv");
    CHECK(read_csv(t).size() == 1 + 4 * 5);
    CHECK(cell(t, "left", "mean", "2000") == "2");
    CHECK(cell(t, "left", "sd", "2000") == "1");
    CHECK(cell(t, "left", "cells", "2000") == "2");
    CHECK(cell(t, "left", "area_ha", "2000") == "2");
    // Half of the area is enough by default.
    CHECK(cell(t, "left", "value", "2002") == "3");
    CHECK(cell(t, "left", "sd", "2002") == "0");
    CHECK(cell(t, "left", "cells", "2002") == "1");
    CHECK(cell(t, "over", "value", "2001") == "7");
    CHECK(cell(t, "over", "value", "2002") == "10");
    CHECK(cell(t, "over", "zone", "2002") == "2");
    for (const auto* name : {"empty", "far"}) {
        CHECK(cell(t, name, "cells", "2000") == "0");
        CHECK(cell(t, name, "value", "2000").empty());
        CHECK(cell(r, name, "area_ha") == "0");
        for (const auto* column : {"mean", "cv", "linear_slope", "slope", "p", "class", "n"})
            CHECK(cell(r, name, column).empty());
    }
    // left: 2, 3, 3, 5, 6 at 0, 1, 2, 3, 5. Least squares by hand: mean t 2.2, mean x 3.8, sum dt dt 14.8,
    // sum dt dx 12.2, sum dx dx 10.8.
    const double slope = 12.2 / 14.8;
    CHECK(std::stod(cell(r, "left", "linear_slope")) == Approx(slope).epsilon(1e-14));
    CHECK(std::stod(cell(r, "left", "linear_r2")) == Approx(12.2 * 12.2 / 14.8 / 10.8).epsilon(1e-14));
    CHECK(std::stod(cell(r, "left", "mean")) == Approx(3.8).epsilon(1e-15));
    CHECK(std::stod(cell(r, "left", "cv")) == Approx(std::sqrt(10.8 / 4) / 3.8).epsilon(1e-14));
    CHECK(std::stod(cell(r, "left", "relative_rate")) == Approx(100 * slope / 3.8).epsilon(1e-14));
    // Slopes of the pairs: 1, .5, 1, .8, 0, 1, .75, 2, 1, .5: median .9.
    CHECK(std::stod(cell(r, "left", "slope")) == Approx(0.9).epsilon(1e-14));
    CHECK(cell(r, "left", "s") == "9");
    CHECK(cell(r, "left", "n") == "5");
    CHECK(number(results, "units") == 2);
    CHECK(number(results, "median_slope") ==
          0.5 * (std::stod(cell(r, "left", "slope")) + std::stod(cell(r, "over", "slope"))));
    const InputTable zoned("zoned", box.path("z.gpkg"), true);
    REQUIRE(zoned.rows() == 4);
    CHECK(zoned.required_integer(1, zoned.column("zone")) == 2);
    CHECK(zoned.text(1, zoned.column("name")) == "over");
    CHECK(zoned.text(2, zoned.column("slope")).empty());
    CHECK(zoned.required_number(0, zoned.column("linear_slope")) == Approx(slope).epsilon(1e-14));
    CHECK_FALSE(zoned.shape(3).empty());
    CHECK_THAT(read_text(box.path("z.qml")), ContainsSubstring("Significant increase"));
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("2 zones without any cell with a value"));

    // The field that names the zones; the same cells at every step; all of the area.
    auto more = arguments;
    for (const auto* id : {"zoned", "report", "rates"}) more.erase(id);
    more["name_field"] = std::string("id");
    more["table"] = box.path("id.csv");
    run_algorithm("zonal_series", more);
    CHECK(cell(box.path("id.csv"), "0", "value", "2000") == "2");
    more["name_field"] = std::string("county");
    more["table"] = box.path("county.csv");
    CHECK_THAT(error_of("zonal_series", more),
               ContainsSubstring("NAME_FIELD: ZONES has no field \"county\"; its fields are: id, name"));
    more.erase("name_field");
    more["cells"] = std::string("all_steps");
    more["table"] = box.path("all.csv");
    run_algorithm("zonal_series", more);
    CHECK(cell(box.path("all.csv"), "left", "value", "2000") == "1");
    CHECK(cell(box.path("all.csv"), "left", "cells", "2000") == "1");
    more["cells"] = std::string("each_step");
    more["min_share"] = 0.51;
    more["table"] = box.path("share.csv");
    run_algorithm("zonal_series", more);
    CHECK(cell(box.path("share.csv"), "left", "value", "2002").empty());
    CHECK(cell(box.path("share.csv"), "left", "mean", "2002").empty());
    CHECK(cell(box.path("share.csv"), "left", "cells", "2002") == "1");
    CHECK(cell(box.path("share.csv"), "left", "value", "2003") == "5");
}

TEST_CASE("zonal series: sums and totals", "[zonal_series]") {
    const Sandbox box;
    // Cells of 1 ha = 10 000 m2 = 0.01 km2.
    const auto series = stack(box, "s.tif", 2, {{1, 2}, {2, 3}, {3, 4}, {4, 5.5}});
    const auto value = [&](const std::string& statistic) {
        const auto t = box.path(statistic + ".csv");
        run_algorithm(
            "zonal_series",
            {{"series", series}, {"zones", boxes(box, {{"a", {0, 0, 2, 1}}})}, {"statistic", statistic}, {"table", t}});
        return std::stod(cell(t, "a", "value", "4"));
    };
    CHECK(value("mean") == 4.75);
    CHECK(value("sum") == 9.5);
    CHECK(value("total_per_m2") == 95000);
    CHECK(value("total_per_ha") == 9.5);
    CHECK(value("total_per_km2") == 0.095);
}

TEST_CASE("zonal series: cells of a geographic grid weigh with their areas", "[zonal_series]") {
    const Sandbox box;
    RasterRecipe recipe = geographic_recipe(1, 2, 110, 60, 20);
    recipe.type = GDT_Float32;
    recipe.bands = {{1, 3}, {0.1f, 0.1f}, {1, 3}, {2, 5}};
    const auto series = make_raster(box, "s.tif", recipe);
    recipe.type = GDT_Byte;
    recipe.bands = {{7, 7}};
    const auto classes = make_raster(box, "c.tif", recipe);
    const auto run = [&](const std::string& statistic) {
        run_algorithm("zonal_series", {{"series", series},
                                       {"classes", classes},
                                       {"class_names", box.text("n.csv", "class,name\n7,Steppe\n")},
                                       {"statistic", statistic},
                                       {"table", box.path(statistic + ".csv")}});
        return box.path(statistic + ".csv");
    };
    const double north = ellipsoid_area(6378137, 1 / 298.257223563, 40 * M_PI / 180, 60 * M_PI / 180, 20 * M_PI / 180),
                 south = ellipsoid_area(6378137, 1 / 298.257223563, 20 * M_PI / 180, 40 * M_PI / 180, 20 * M_PI / 180);
    const double mean = (north + 3 * south) / (north + south);
    const auto t = run("mean");
    CHECK(cell(t, "Steppe", "zone", "1") == "7");
    CHECK(std::stod(cell(t, "Steppe", "mean", "1")) == Approx(mean).epsilon(1e-13));
    const double sd = std::sqrt((north * (1 - mean) * (1 - mean) + south * (3 - mean) * (3 - mean)) / (north + south));
    CHECK(std::stod(cell(t, "Steppe", "sd", "1")) == Approx(sd).epsilon(1e-13));
    // Equal values: exactly their value, and no spread, whatever the areas.
    CHECK(std::stod(cell(t, "Steppe", "mean", "2")) == static_cast<double>(0.1f));
    CHECK(cell(t, "Steppe", "sd", "2") == "0");
    CHECK(std::stod(cell(run("sum"), "Steppe", "value", "1")) == 4);
    CHECK(std::stod(cell(run("total_per_m2"), "Steppe", "value", "1")) == Approx(north + 3 * south).epsilon(1e-13));
}

TEST_CASE("zonal series: classes with NoData, any codes, one without values", "[zonal_series]") {
    const Sandbox box;
    const auto series = stack(box, "s.tif", 3,
                              {{1, 2, 3, 4, gap, 6}, {2, 3, 4, 5, gap, 7}, {3, 4, 5, 6, gap, 8}, {4, 5, 6, 7, gap, 9}});
    RasterRecipe recipe;
    recipe.width = 3;
    recipe.height = 2;
    recipe.type = GDT_Int32;
    recipe.has_nodata = true;
    recipe.nodata = -1;
    recipe.bands = {{-5, 100000, -1, -5, 3, 100000}};
    const auto classes = make_raster(box, "c.tif", recipe);
    run_algorithm(
        "zonal_series",
        {{"series", series}, {"classes", classes}, {"table", box.path("t.csv")}, {"rates", box.path("r.csv")}});
    const auto t = box.path("t.csv");
    const auto rows = read_csv(t);
    REQUIRE(rows.size() == 1 + 3 * 4);
    CHECK(rows[1][0] == "-5");
    CHECK(rows[5][0] == "3");
    CHECK(rows[9][0] == "100000");
    CHECK(cell(t, "Class -5", "mean", "1") == "2.5");
    CHECK(cell(t, "Class 100000", "mean", "4") == "7");
    CHECK(cell(t, "Class 3", "cells", "4") == "0");
    CHECK(cell(box.path("r.csv"), "Class -5", "linear_slope") == "1");
    CHECK(cell(box.path("r.csv"), "Class -5", "linear_p") == "0");
}

TEST_CASE("zonal series: a constant zone stays constant when cells go missing", "[zonal_series]") {
    const Sandbox box;
    std::mt19937 random(3);
    std::vector<std::vector<double>> bands(9);
    for (auto& band : bands)
        for (int i = 0; i < 400; ++i) band.push_back(random() % 5 == 0 ? gap : 0.1);
    const auto series = stack(box, "s.tif", 20, bands);
    run_algorithm("zonal_series",
                  {{"series", series}, {"zones", boxes(box, {{"a", {0, 0, 20, 20}}})}, {"rates", box.path("r.csv")}});
    const auto r = box.path("r.csv");
    CHECK(cell(r, "a", "mean") == "0.1");
    CHECK(cell(r, "a", "cv") == "0");
    CHECK(cell(r, "a", "slope") == "0");
    CHECK(cell(r, "a", "linear_slope") == "0");
    CHECK(cell(r, "a", "linear_r2").empty());
    CHECK(cell(r, "a", "linear_p") == "1");
    CHECK(cell(r, "a", "p") == "1");
    CHECK(cell(r, "a", "class") == "0");
}

TEST_CASE("zonal series: a small spread on a large level", "[zonal_series]") {
    ZonalState state;
    const std::vector<double> values = {1e9 + 0.001, 1e9 - 0.001, 1e9 + 0.001, 1e9 - 0.001};
    const Window window{0, 0, 4, 1};
    Grid grid;
    grid.width = 4;
    grid.height = 1;
    const CellAreas areas = CellAreas::of(grid, 100.0);
    CHECK_FALSE(state.add({values.data()}, window, {{0, 0, 0, 4}}, areas, ZonalCells::each_step, false));
    ZonalState total;
    total.merge(state);
    const auto moments = area_moments(total.totals()[0].steps[0], false);
    CHECK(moments.mean == 1e9);
    // The distance of the two doubles, which is not quite 0.002.
    CHECK(moments.sd == Approx((values[0] - values[1]) / 2).epsilon(1e-12));
    const std::vector<double> beyond = {1, 1e200, 1, 1};
    CHECK(state.add({values.data(), beyond.data()}, window, {{0, 0, 0, 4}}, areas, ZonalCells::each_step, false) == 1u);
}

TEST_CASE("zonal series: any tiling and number of threads gives the same bytes", "[zonal_series]") {
    const Sandbox box;
    std::mt19937 random(5);
    RasterRecipe recipe = geographic_recipe(140, 130, 100, 50, 0.1);
    recipe.type = GDT_Float64;
    recipe.has_nodata = true;
    recipe.nodata = gap;
    for (int step = 0; step < 6; ++step) {
        recipe.bands.emplace_back();
        for (int i = 0; i < recipe.width * recipe.height; ++i)
            recipe.bands.back().push_back(random() % 9 == 0 ? gap : random() / 1e3 - 1e6);
    }
    RasterRecipe classes = recipe;
    classes.type = GDT_Byte;
    classes.nodata = 0;
    classes.bands = {{}};
    for (int i = 0; i < recipe.width * recipe.height; ++i) classes.bands[0].push_back(random() % 4);
    const auto map = make_raster(box, "c.tif", classes);
    std::string once;
    for (const std::vector<std::string>& options : {std::vector<std::string>{"BLOCKYSIZE=1"},
                                                    {"BLOCKYSIZE=130"},
                                                    {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=32"}})
        for (const std::int64_t threads : {1, 8}) {
            recipe.options = options;
            const auto series = make_raster(box, "s.tif", recipe);
            run_algorithm("zonal_series", {{"series", series},
                                           {"classes", map},
                                           {"statistic", std::string("sum")},
                                           {"threads", threads},
                                           {"table", box.path("t.csv")},
                                           {"rates", box.path("r.csv")}});
            const auto bytes = read_text(box.path("t.csv")) + read_text(box.path("r.csv"));
            if (once.empty()) once = bytes;
            CHECK((bytes == once));
            for (const auto* name : {"t.csv", "r.csv"}) remove_output(box.path(name));
        }
}

TEST_CASE("zonal series: wrong input", "[zonal_series]") {
    const Sandbox box;
    const auto series = stack(box, "s.tif", 2, {{1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}});
    const auto zones = boxes(box, {{"a", {0, 0, 2, 1}}});
    const auto classes = make_classes(box, "c.tif", 2, {1, 2});
    const auto error = [&](const std::map<std::string, Value>& more) {
        std::map<std::string, Value> arguments = {{"series", series}, {"table", box.path("t.csv")}};
        for (const auto& [id, value] : more) arguments[id] = value;
        return error_of("zonal_series", arguments);
    };
    CHECK_THAT(error({}), ContainsSubstring("ZONES: missing; give polygons in ZONES or a class raster in CLASSES"));
    CHECK_THAT(error({{"zones", zones}, {"classes", classes}}),
               ContainsSubstring("CLASSES: both ZONES and CLASSES are given"));
    CHECK_THAT(error({{"classes", classes}, {"zoned", box.path("z.gpkg")}}),
               ContainsSubstring("ZONED: needs the polygons of ZONES"));
    CHECK_THAT(error({{"classes", classes}, {"name_field", std::string("a")}}),
               ContainsSubstring("NAME_FIELD: only ZONES"));
    CHECK_THAT(error({{"zones", zones}, {"class_names", box.text("n.csv", "class,name\n")}}),
               ContainsSubstring("CLASS_NAMES: names the classes of CLASSES"));
    CHECK_THAT(error({{"zones", zones}, {"years", std::string("2000-2003")}}),
               ContainsSubstring("YEARS: 4 years for a series of 5 steps"));
    CHECK_THAT(error({{"zones", zones}, {"series", stack(box, "one.tif", 2, {{1, 2}})}}),
               ContainsSubstring("SERIES: a series of 1 steps is too short for a trend"));
    CHECK_THAT(error({{"zones", boxes(box, {{"far", {900, 0, 901, 1}}})}}),
               ContainsSubstring("no polygon lies on the raster"));
    CHECK_THAT(error({{"classes", make_classes(box, "none.tif", 2, {0, 0})}}),
               ContainsSubstring("CLASSES: no cell of SERIES with a value lies in a class"));
    CHECK_THAT(
        error({{"classes", classes}, {"series", stack(box, "huge.tif", 2, {{1, 2}, {1e200, 3}, {1, 1}, {2, 2}})}}),
        ContainsSubstring("huge.tif, band 2: a value is too large to be summed"));
    CHECK_THAT(error({{"classes", classes},
                      {"series", stack(box, "few.tif", 2, {{1, 2}, {gap, gap}, {gap, gap}, {3, 3}, {gap, gap}})}}),
               ContainsSubstring("no class has values at 4 steps (MIN_VALID)"));
    CHECK_FALSE(std::filesystem::exists(box.path("t.csv")));
}
