// Land Carbon Toolbox: FLUS land simulation: whole runs, tables, presets and what is wrong with arguments.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/flus/flus.hpp"

#include <cmath>
#include <limits>

#include "engine/gdal.hpp"
#include "land_simulation/simulation_inputs.hpp"
#include "tables/published_tables.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;

/// Three upright stripes of four columns: classes 10, -3 and 700, ten rows. The first cell holds nothing.
std::vector<double> stripes() {
    std::vector<double> cells;
    for (int i = 0; i < 120; ++i) cells.push_back(i == 0 ? 0 : i % 12 < 4 ? 10 : i % 12 < 8 ? -3 : 700);
    return cells;
}

std::string land(const Sandbox& box, const std::vector<double>& cells = stripes()) {
    RasterRecipe recipe;
    recipe.width = 12;
    recipe.height = static_cast<int>(cells.size()) / 12;
    recipe.type = GDT_Int16;
    recipe.has_nodata = true;
    recipe.bands = {cells};
    return make_raster(box, "land.tif", recipe);
}

/// One suitability for all cells of each band.
std::string suitability(const Sandbox& box, const std::vector<double>& values, const std::string& name = "s.tif") {
    RasterRecipe recipe;
    recipe.width = 12;
    recipe.height = 10;
    recipe.type = GDT_Float32;
    for (const double value : values) recipe.bands.emplace_back(120, value);
    return make_raster(box, name, recipe);
}

void name_band(const std::string& path, int band, const char* code) {
    const DatasetPtr file(GDALOpen(path.c_str(), GA_Update));
    GDALSetMetadataItem(GDALGetRasterBand(file.get(), band), "LANDCARBON_CLASS", code, nullptr);
}

/// The map has 40 cells of -3, 39 of 10 and 40 of 700.
std::string demand(const Sandbox& box, const std::string& rows = "-3,50\n10,29\n700,40\n") {
    return box.text("demand.csv", "class,cells\n" + rows);
}

Values arguments(const Sandbox& box) {
    return {{"land_cover", land(box)},
            {"suitability", std::vector<std::string>{suitability(box, {0.5, 0.5, 0.5})}},
            {"demand", demand(box)}};
}

Values with(Values values, const Values& more) {
    for (const auto& [id, value] : more) values[id] = value;
    return values;
}

}  // namespace

TEST_CASE("FLUS meets a demand and tells how", "[flus]") {
    const Sandbox box;
    const auto results = run_algorithm("flus", with(arguments(box), {{"simulated", box.path("m.tif")},
                                                                     {"history", box.path("h.csv")},
                                                                     {"report", box.path("r.html")}}));
    CHECK(number(results, "residual_cells") == 0);
    CHECK(number(results, "residual_share") == 0);
    CHECK(number(results, "changed_cells") == 10);
    CHECK(number(results, "iterations_done") == 10);
    CHECK(number(results, "seed_used") == 1);
    CHECK(std::get<std::string>(results.at("stop_reason")) == "every class has the cells of its demand");
    const auto map = read_raster(box.path("m.tif"));
    const auto before = stripes();
    CHECK(std::isnan(map[0]));
    int changed = 0;
    for (std::size_t i = 1; i < map.size(); ++i) {
        if (map[i] == before[i]) continue;
        ++changed;
        CHECK(before[i] == 10);
        CHECK(map[i] == -3);
    }
    CHECK(changed == 10);
    CHECK(csv_cell(box.path("h.csv"), {{"iteration", "0"}, {"class", "-3"}}, "cells") == "40");
    CHECK(csv_cell(box.path("h.csv"), {{"iteration", "0"}, {"class", "-3"}}, "gap") == "10");
    CHECK(csv_cell(box.path("h.csv"), {{"iteration", "10"}, {"class", "10"}}, "cells") == "29");
    CHECK(csv_cell(box.path("h.csv"), {{"iteration", "10"}, {"class", "10"}}, "gap") == "0");
    CHECK(csv_cell(box.path("h.csv"), {{"iteration", "7"}, {"class", "700"}}, "inertia") == "1");
    const std::string html = read_text(box.path("r.html"));
    CHECK_THAT(html, ContainsSubstring("every class has the cells of its demand"));
    CHECK_THAT(html, ContainsSubstring("No gap grew"));
    // Another seed, another map; the same one, the same map.
    run_algorithm("flus", with(arguments(box), {{"simulated", box.path("2.tif")}, {"seed", "2"}}));
    run_algorithm("flus", with(arguments(box), {{"simulated", box.path("1.tif")}, {"seed", "1"}}));
    CHECK(read_text(box.path("1.tif")) == read_text(box.path("m.tif")));
    CHECK(read_text(box.path("2.tif")) != read_text(box.path("m.tif")));
}

TEST_CASE("FLUS takes bands by their class", "[flus]") {
    const Sandbox box;
    // Class 700 has no suitability for anything but itself, whatever its band.
    const std::string path = suitability(box, {1, 0, 1}, "named.tif");
    for (const auto& [band, code] : {std::pair{1, "700"}, std::pair{2, "-3"}, std::pair{3, "10"}})
        name_band(path, band, code);
    auto values = arguments(box);
    values["suitability"] = std::vector<std::string>{path};
    // Class -3 is never suitable: it cannot grow.
    CHECK_THAT(error_of("flus", values),
               ContainsSubstring("class -3: 50 cells are asked for, at most 40 are reachable"));
    values["demand"] = demand(box, "-3,20\n10,39\n700,60\n");
    CHECK(number(run_algorithm("flus", values), "residual_cells") == 0);
    name_band(path, 2, "10");
    CHECK_THAT(error_of("flus", values), ContainsSubstring("two bands are for class 10"));
    const std::string half = suitability(box, {1, 1, 1}, "half.tif");
    name_band(half, 1, "10");
    values["suitability"] = std::vector<std::string>{half};
    CHECK_THAT(error_of("flus", values), ContainsSubstring("some name their class"));
    const std::string other = suitability(box, {1, 1}, "other.tif");
    name_band(other, 1, "10");
    name_band(other, 2, "-3");
    values["suitability"] = std::vector<std::string>{other};
    CHECK_THAT(error_of("flus", values), ContainsSubstring("SUITABILITY: no band is for class 700"));
}

TEST_CASE("FLUS: demands that do not fit (fault 36 and its neighbours)", "[flus]") {
    const Sandbox box;
    const Values base = arguments(box);
    const auto asks = [&](const std::string& rows, const Values& more = {}) {
        return error_of("flus", with(with(base, {{"demand", demand(box, rows)}}), more));
    };
    CHECK_THAT(asks("-3,50\n10,29\n700,41\n"),
               ContainsSubstring("DEMAND: it comes to 120 cells, the map to 119 cells (+1)"));
    CHECK_THAT(asks("-3,50\n10,29\n"), ContainsSubstring("700"));
    CHECK_THAT(asks("-3,50\n10,69\n700,0\n8,0\n-3,1\n"), ContainsSubstring("class -3 has a demand already"));
    CHECK_THAT(asks("-3,-1\n10,80\n700,40\n"), ContainsSubstring("a demand cannot be negative"));
    CHECK_THAT(asks("-3,0.5\n10,80\n700,40\n"), ContainsSubstring("line 2"));
    CHECK_THAT(asks("-3,0\n10,0\n700,0\n"), ContainsSubstring("no land at all"));
    // A class that is not there: FLUS needs cells to grow from, and a band.
    CHECK_THAT(asks("-3,40\n10,29\n700,40\n8,10\n"), ContainsSubstring("3 bands are given for 4 classes"));
    CHECK_THAT(asks("-3,40\n10,29\n700,40\n8,10\n",
                    {{"suitability", std::vector<std::string>{suitability(box, {1, 1, 1, 1}, "four.tif")}}}),
               ContainsSubstring("class 8: 10 cells are asked for, at most 0 are reachable (no cell of it is there"));
    // Nothing may change.
    RasterRecipe all;
    all.width = 12;
    all.height = 10;
    all.bands = {std::vector<double>(120, 1)};
    const std::string everywhere = make_raster(box, "all.tif", all);
    CHECK_THAT(asks("-3,50\n10,29\n700,40\n", {{"restricted", everywhere}}),
               ContainsSubstring("no cell may change: 119 are restricted"));
    const double none = std::numeric_limits<double>::quiet_NaN();
    CHECK_THAT(asks("-3,50\n10,29\n700,40\n",
                    {{"suitability", std::vector<std::string>{suitability(box, {1, none, 1}, "none.tif")}}}),
               ContainsSubstring("119 have no suitability"));
    CHECK_THAT(asks("-3,50\n10,29\n700,40\n",
                    {{"suitability", std::vector<std::string>{suitability(box, {0, 0, 0}, "zero.tif")}}}),
               ContainsSubstring("class -3: 50 cells are asked for, at most 40 are reachable"));
    // Rules: class 10 may only become 700.
    const std::string rules = box.text("rules.csv", "from,to,allowed\n10,700,1\n-3,10,1\n700,10,0\n");
    CHECK_THAT(
        asks("-3,50\n10,29\n700,40\n", {{"conversion", rules}}),
        ContainsSubstring("at most 40 are reachable; class 10") || ContainsSubstring("at most 40 are reachable"));
    CHECK_THAT(asks("-3,20\n10,19\n700,80\n", {{"conversion", rules}}),
               ContainsSubstring("class 700: 80 cells are asked for, at most 79 are reachable"));
    // On request as near as possible.
    const auto near = run_algorithm("flus", with(base, {{"demand", demand(box, "-3,20\n10,19\n700,80\n")},
                                                        {"conversion", rules},
                                                        {"unreachable", "nearest"}}));
    CHECK(number(near, "residual_cells") > 0);
    // A demand that is met already needs no developable cell.
    const auto met = run_algorithm(
        "flus", with(base, {{"demand", demand(box, "-3,40\n10,39\n700,40\n")}, {"restricted", everywhere}}));
    CHECK(number(met, "iterations_done") == 0);
    // Scaled: twice the map.
    const auto scaled = run_algorithm(
        "flus", with(base, {{"demand", demand(box, "-3,100\n10,58\n700,80\n")}, {"demand_total", "scale"}}));
    CHECK(number(scaled, "changed_cells") == 10);
}

TEST_CASE("FLUS keeps restricted cells and follows the rules", "[flus]") {
    const Sandbox box;
    // The columns 4 and 5 are restricted, as an area that NoData and 0 leave open.
    RasterRecipe mask;
    mask.width = 12;
    mask.height = 10;
    mask.has_nodata = true;
    mask.nodata = 9;
    mask.bands = {{}};
    for (int i = 0; i < 120; ++i) mask.bands[0].push_back(i % 12 == 4 || i % 12 == 5 ? 2 : i % 2 ? 9 : 0);
    const std::string rules = box.text(
        "wide.csv",
        "scenario,from,to_10,to_-3,to_700\nx,10,1,1,0\nx,-3,1,1,1\nx,700,0,1,1\ny,10,1,1,1\ny,-3,1,1,1\ny,700,1,1,1\n");
    const Values base = arguments(box);
    const auto values = with(base, {{"restricted", make_raster(box, "mask.tif", mask)},
                                    {"demand", demand(box, "-3,30\n10,49\n700,40\n")},
                                    {"conversion", rules}});
    CHECK_THAT(error_of("flus", values), ContainsSubstring("several scenarios; say with SCENARIO which: x, y"));
    CHECK_THAT(error_of("flus", with(values, {{"scenario", "z"}})), ContainsSubstring("no scenario \"z\""));
    // Class 10 touches restricted cells of -3 only, and 700 may not become 10: cells of -3 have no way.
    const auto stuck = run_algorithm("flus", with(values, {{"scenario", "x"}, {"simulated", box.path("m.tif")}}));
    CHECK(number(stuck, "residual_cells") == 10);
    CHECK_THAT(std::get<std::string>(stuck.at("stop_reason")), ContainsSubstring("no conversion that would help"));
    CHECK(number(stuck, "iterations_done") < 30);
    // Wider windows reach over them.
    CHECK(number(run_algorithm("flus", with(values, {{"scenario", "x"}, {"window", "7"}})), "residual_cells") == 0);
    const auto changed =
        with(values, {{"scenario", "x"}, {"window", "7"}, {"conversion_changes", "-3,10,0; 700,10,0"}});
    CHECK_THAT(error_of("flus", changed), ContainsSubstring("class 10: 49 cells are asked for, at most 39"));
    CHECK_THAT(error_of("flus", with(changed, {{"conversion_changes", "-3,10,2"}})),
               ContainsSubstring("CONVERSION_CHANGES: row 1: \"2\" is not 1 (allowed), 0 (not allowed)"));
}

TEST_CASE("FLUS says what is wrong", "[flus]") {
    const Sandbox box;
    const Values base = arguments(box);
    const auto error = [&](const Values& more) { return error_of("flus", with(base, more)); };
    RasterRecipe shifted;
    shifted.width = 12;
    shifted.height = 10;
    shifted.type = GDT_Float32;
    shifted.transform = {500050, 100, 0, 4000000, 0, -100};
    shifted.bands.assign(3, std::vector<double>(120, 0.5));
    CHECK_THAT(error({{"suitability", std::vector<std::string>{make_raster(box, "shifted.tif", shifted)}}}),
               ContainsSubstring("do not lie on one grid"));
    CHECK_THAT(error({{"suitability", std::vector<std::string>{suitability(box, {0.5, 0.5}, "two.tif")}}}),
               ContainsSubstring("2 bands are given for 3 classes"));
    CHECK_THAT(error({{"suitability", std::vector<std::string>{suitability(box, {50, 0.5, 0.5}, "percent.tif")}}}),
               ContainsSubstring("SUITABILITY holds 50; suitabilities are probabilities"));
    CHECK_THAT(error({{"suitability", std::vector<std::string>{suitability(box, {-0.1, 0.5, 0.5}, "negative.tif")}}}),
               ContainsSubstring("SUITABILITY holds -0.1"));
    CHECK_THAT(error({{"window", "4"}}), ContainsSubstring("odd number"));
    CHECK_THAT(error({{"rules", "beibu_ecological"}}),
               ContainsSubstring("RULES: nothing is said about what these classes may become: -3, 10, 700"));
    CHECK_THAT(error({{"rules", "beibu_ecological"}, {"conversion", box.path("x.csv")}}),
               ContainsSubstring("RULES=as_given"));
    CHECK_THAT(error({{"scenario", "x"}}), ContainsSubstring("SCENARIO names a scenario"));
    CHECK_THAT(error({{"conversion", box.text("bad.csv", "from,allowed\n1,1\n")}}),
               ContainsSubstring("neither columns \"to\" and \"allowed\""));
    CHECK_THAT(error({{"conversion", box.text("twice.csv", "from,to,allowed\n10,-3,1\n10,-3,0\n")}}),
               ContainsSubstring("the conversion has a row already"));
    CHECK_THAT(error({{"weights", box.text("w.csv", "class,weight\n10,1\n-3,-1\n700,1\n")}}),
               ContainsSubstring("a weight lies between"));
    CHECK_THAT(error({{"weights", box.text("w2.csv", "class,weight\n10,1\n")}}), ContainsSubstring("-3, 700"));
    CHECK_THAT(error({{"year", "2030"}}), ContainsSubstring("no column \"year\""));
    CHECK_THAT(error({{"demand", box.text("d.csv", "class,area\n10,1\n")}}),
               ContainsSubstring("neither a column \"cells\" nor a column \"area_ha\""));
    // 255 classes.
    RasterRecipe many;
    many.width = 12;
    many.height = 22;
    many.type = GDT_Int16;
    many.bands = {{}};
    std::string rows;
    for (int i = 0; i < 264; ++i) many.bands[0].push_back(1000 + std::min(i, 254));
    for (int k = 0; k < 255; ++k) rows += std::to_string(1000 + k) + (k == 254 ? ",10\n" : ",1\n");
    RasterRecipe one = many;
    one.type = GDT_Byte;
    one.bands = {std::vector<double>(264, 1)};
    CHECK_THAT(error_of("flus", {{"land_cover", make_raster(box, "many.tif", many)},
                                 {"suitability", std::vector<std::string>{make_raster(box, "one.tif", one)}},
                                 {"demand", demand(box, rows)}}),
               ContainsSubstring("255 classes are on the map or asked for; at most 254 can be simulated"));
}

TEST_CASE("FLUS reads demands by year and by area", "[flus]") {
    // 119 cells of 1 ha.
    const Sandbox box;
    const std::string table =
        box.text("years.csv",
                 "year,class,area_ha\n2040,-3,70\n2040,10,9\n2040,700,40\n2030,-3,50.3\n2030,10,28.7\n2030,700,40\n");
    const auto values = with(arguments(box), {{"demand", table}});
    CHECK(number(run_algorithm("flus", values), "changed_cells") == 30);
    CHECK(number(run_algorithm("flus", with(values, {{"year", "2030"}})), "changed_cells") == 10);
    CHECK_THAT(error_of("flus", with(values, {{"year", "2035"}})),
               ContainsSubstring("no rows for the year 2035; it has 2030, 2040"));
    CHECK_THAT(
        error_of("flus", with(values, {{"demand", box.text("less.csv", "class,area_ha\n-3,10\n10,9\n700,40\n")}})),
        ContainsSubstring("DEMAND: it comes to 59 ha, the map to 119 ha (-60)"));
}

TEST_CASE("the published rules and weights are those of the study", "[flus]") {
    const std::vector<std::int64_t> codes = {1, 2, 3, 4, 5, 6};
    // Qin et al. 2023, table 3, urbanized scenario: A cropland to F unutilised land.
    const std::vector<float> urbanized = {1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0,
                                          0, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1};
    const InputTable table = read_published_table("rules", "beibu_conversion_cost");
    CHECK(ConversionRules(table, "urbanized").matrix(codes) == urbanized);
    // In the agricultural scenario every class but construction land may become cropland.
    const auto agricultural = ConversionRules(table, "agricultural").matrix(codes);
    for (std::size_t from = 0; from < 6; ++from) CHECK(agricultural[from * 6] == (from == 3 ? 0 : 1));
    const auto ecological = ConversionRules(table, "ecological").matrix(codes);
    CHECK(std::count(ecological.begin(), ecological.end(), 1.0F) == 6 + 1 + 3 + 1 + 1 + 6);
    CHECK(read_weights(read_published_table("weighting", "beibu_neighbourhood_weights"), codes) ==
          std::vector<double>{0.2, 0.01, 0.3, 1, 0.4, 0.5});
    // With everything allowed, single conversions can be taken out.
    ConversionRules rules;
    rules.change("conversion_changes", {{"4", "1", "0"}, {"4", "4", "0"}});
    auto expected = std::vector<float>(36, 1);
    expected[18] = 0;  // staying is always possible
    CHECK(rules.matrix(codes) == expected);
}

TEST_CASE("FLUS: bands that are called after other classes are told", "[flus][fault]") {
    const Sandbox box;
    struct Listener : Monitor {
        void warning(const std::string& text) override { texts += text + "\n"; }
        std::string texts;
    };
    const auto classes = box.text("classes.csv", "class,name\n-3,Water\n10,Crop\n700,Built-up\n");
    const auto said = [&](const std::vector<std::string>& names) {
        Listener listener;
        auto values = with(arguments(box), {{"classes", classes}});
        std::vector<std::string> paths;
        for (const auto& name : names) paths.push_back(suitability(box, {0.5}, name));
        values["suitability"] = paths;
        run_algorithm("flus", values, listener);
        return listener.texts;
    };
    CHECK(said({"water.tif", "crop.tif", "built-up.tif"}).find("SUITABILITY") == std::string::npos);
    CHECK(said({"one.tif", "two.tif", "three.tif"}).find("SUITABILITY") == std::string::npos);
    CHECK_THAT(said({"p_crop.tif", "p_water.tif", "p_built-up.tif"}),
               ContainsSubstring("SUITABILITY: band 1 is called \"p_crop\"") && ContainsSubstring("is for class -3"));
}
