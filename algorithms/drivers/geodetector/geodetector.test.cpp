// Land Carbon Toolbox: tests of the Geodetector of rasters.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector/geodetector.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "maths/counter_random.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

double uniform(std::uint64_t seed, std::uint64_t i) {
    return static_cast<double>(random_bits(seed, i) >> 11) * 0x1p-53;
}

double cell(const std::string& path, const std::map<std::string, std::string>& where, const std::string& column) {
    const auto text = csv_cell(path, where, column);
    return text.empty() ? std::nan("") : std::stod(text);
}

std::string layer(const Sandbox& box, const std::string& name, int width, std::vector<double> cells,
                  GDALDataType type = GDT_Float32, double nodata = -9999, std::vector<std::string> options = {}) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = static_cast<int>(cells.size()) / width;
    recipe.type = type;
    recipe.has_nodata = true;
    recipe.nodata = nodata;
    recipe.options = std::move(options);
    for (double& value : cells)
        if (std::isnan(value)) value = nodata;
    recipe.bands = {std::move(cells)};
    return make_raster(box, name, recipe);
}

Values outputs(const Sandbox& box, const std::string& suffix = "") {
    return {{"factor", box.path("factor" + suffix + ".csv")},
            {"interaction", box.path("interaction" + suffix + ".csv")},
            {"risk", box.path("risk" + suffix + ".csv")},
            {"discretization_table", box.path("discretization" + suffix + ".csv")},
            {"classified", box.path("classified" + suffix + ".tif")},
            {"report", box.path("report" + suffix + ".html")}};
}

Values run_on(const Sandbox& box, const std::string& response, const std::vector<std::string>& factors,
              Values more = {}, const std::string& suffix = "") {
    Values arguments = outputs(box, suffix);
    arguments.insert({{"response", response}, {"factors", factors}});
    arguments.insert(more.begin(), more.end());
    return run_algorithm("geodetector", arguments);
}

}  // namespace

TEST_CASE("Geodetector: factors of files with a band a year are called by file and band", "[geodetector]") {
    const Sandbox box;
    std::vector<double> y, whole;
    for (int i = 0; i < 64; ++i) {
        y.push_back(uniform(1, static_cast<std::uint64_t>(i)));
        whole.push_back(i);
    }
    RasterRecipe recipe;
    recipe.width = recipe.height = 8;
    recipe.type = GDT_Int16;
    recipe.bands = {whole, whole};
    std::vector<std::string> files;
    for (const char* name : {"tmp.tif", "pre.tif"}) {
        files.push_back(make_raster(box, name, recipe));
        const GDALDatasetH file = GDALOpen(files.back().c_str(), GA_Update);
        GDALSetDescription(GDALGetRasterBand(file, 1), "2005");
        GDALSetDescription(GDALGetRasterBand(file, 2), "2006");
        GDALClose(file);
    }
    struct Listener : Monitor {
        std::vector<std::string> heard;
        void warning(const std::string& text) override { heard.push_back(text); }
    } monitor;
    run_algorithm("geodetector",
                  {{"response", layer(box, "y.tif", 8, y)}, {"factors", files}, {"factor", box.path("f.csv")}},
                  monitor);
    for (const char* name : {"tmp 2005", "tmp 2006", "pre 2005", "pre 2006"})
        CHECK_FALSE(csv_cell(box.path("f.csv"), {{"factor", name}}, "q").empty());
    const auto judged = std::count_if(monitor.heard.begin(), monitor.heard.end(), [](const std::string& text) {
        return text.find("CATEGORICAL") != std::string::npos;
    });
    CHECK(judged == 1);
}

TEST_CASE("Geodetector: maps give what the table of their cells gives", "[geodetector]") {
    const Sandbox box;
    const int width = 97, height = 83, n = width * height;
    std::vector<double> y(n), slope(n), soil(n), cover(n);
    std::string csv = "y,slope,soil,cover\n";
    for (int i = 0; i < n; ++i) {
        const auto at = static_cast<std::uint64_t>(i);
        const auto place = static_cast<std::size_t>(i);
        const double x = i % width, row = i / width;
        slope[place] = static_cast<float>(30 * std::abs(std::sin(x / 13)) + 5 * uniform(1, at));
        soil[place] = 11 + 10 * static_cast<int>(row / 17) + (uniform(2, at) < 0.1);
        cover[place] = 1 + static_cast<int>(5 * uniform(3, at / 7));
        y[place] = static_cast<float>(3 * std::floor(slope[place] / 10) + soil[place] / 10 + cover[place] * (x > 50) +
                                      uniform(4, at));
        // Holes of their own in each map.
        if (uniform(5, at) < 0.02) y[place] = none;
        if (uniform(6, at) < 0.02) slope[place] = none;
        if (uniform(7, at) < 0.02) soil[place] = none;
        const auto text = [](double value) { return std::isnan(value) ? std::string() : number_text(value); };
        csv += text(y[place]) + "," + text(slope[place]) + "," + text(soil[place]) + "," + text(cover[place]) + "\n";
    }
    const auto response = layer(box, "y.tif", width, y);
    const std::vector<std::string> factors = {
        layer(box, "slope.tif", width, slope, GDT_Float32, 1e30, {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"}),
        layer(box, "soil.tif", width, soil, GDT_Int16, -1), layer(box, "cover.tif", width, cover, GDT_Byte, 255)};
    const Values maps = run_on(box, response, factors);
    Values arguments = outputs(box, "_table");
    arguments.erase("classified");
    arguments.insert({{"data", box.text("t.csv", csv)},
                      {"response", std::string("y")},
                      {"factors", std::vector<std::string>{"slope", "soil", "cover"}}});
    const Values rows = run_algorithm("geodetector_table", arguments);
    CHECK(maps == rows);
    for (const auto* name : {"factor", "interaction", "risk", "discretization"})
        CHECK(
            (read_text(box.path(std::string(name) + ".csv")) == read_text(box.path(std::string(name) + "_table.csv"))));
    // The map of the factors as classified.
    const auto classes = read_raster(box.path("classified.tif"), 1), codes = read_raster(box.path("classified.tif"), 2);
    const auto strata = read_csv(box.path("risk.csv"));
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
        if (std::isnan(soil[i]) != std::isnan(codes[i]) || (!std::isnan(soil[i]) && soil[i] != codes[i]))
            FAIL("soil " << soil[i] << " was painted as " << codes[i]);
        if (std::isnan(slope[i]) != std::isnan(classes[i])) FAIL("slope");
        if (std::isnan(slope[i])) continue;
        const auto& row = strata[static_cast<std::size_t>(classes[i])];
        if ((!row[5].empty() && slope[i] <= std::stod(row[5])) || (!row[6].empty() && slope[i] > std::stod(row[6])))
            FAIL("slope " << slope[i] << " is in class " << classes[i]);
    }
}

TEST_CASE("Geodetector: names of bands and of classes, given names", "[geodetector]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 4;
    recipe.height = 1;
    recipe.bands = {{1, 1, 2, 2}, {3, 4, 3, 4}};
    const auto stack = make_raster(box, "two.tif", recipe);
    const auto response = layer(box, "y.tif", 4, {1, 2, 5, 7});
    run_on(box, response, {stack});
    CHECK(csv_cell(box.path("factor.csv"), {{"factor", "two 2"}}, "strata") == "2");
    run_on(box, response, {stack + "|band=2", stack}, {{"factor_names", std::string("soil, x, soil")}}, "_named");
    CHECK(cell(box.path("factor_named.csv"), {{"factor", "soil"}}, "q") ==
          cell(box.path("factor_named.csv"), {{"factor", "soil (2)"}}, "q"));
    // The same raster twice adds nothing.
    CHECK(csv_cell(box.path("interaction_named.csv"), {{"first", "soil"}, {"second", "soil (2)"}}, "above_larger") ==
          "0");
    CHECK(csv_cell(box.path("interaction_named.csv"), {{"first", "soil"}, {"second", "soil (2)"}}, "type") ==
          "weaken_uni");
    CHECK_THAT(error_of("geodetector", {{"response", response},
                                        {"factors", std::vector<std::string>{stack}},
                                        {"factor_names", std::string("one")}}),
               ContainsSubstring("1 name for 2 factors"));
}

TEST_CASE("Geodetector: an outlier outside the factors does not coarsen the sums", "[geodetector]") {
    const Sandbox box;
    std::vector<double> y, a;
    for (int i = 0; i < 400; ++i) {
        y.push_back(i % 2 + 1e-9 * i);
        a.push_back(1 + i % 3);
    }
    const auto factor = layer(box, "a.tif", 20, a, GDT_Byte, 0);
    a[7] = 0;  // NoData
    const auto holed = layer(box, "b.tif", 20, a, GDT_Byte, 0);
    run_on(box, layer(box, "y.tif", 20, y, GDT_Float64), {holed});
    y[7] = 1e30;
    run_on(box, layer(box, "out.tif", 20, y, GDT_Float64), {holed}, {}, "_out");
    CHECK(read_text(box.path("factor.csv")) == read_text(box.path("factor_out.csv")));
    CHECK(cell(box.path("factor.csv"), {}, "q") > 0);
}

TEST_CASE("Geodetector: 300 strata a factor, in as many passes as the memory asks for", "[geodetector]") {
    const Sandbox box;
    std::vector<double> y, a, b, c;
    for (std::uint64_t i = 0; i < 300 * 200; ++i) {
        a.push_back(static_cast<double>(1 + random_bits(1, i) % 300));
        b.push_back(static_cast<double>(1 + random_bits(2, i) % 300));
        c.push_back(static_cast<double>(1 + random_bits(3, i) % 300));
        y.push_back(static_cast<float>(a.back() / 100 + uniform(4, i)));
    }
    const auto response = layer(box, "y.tif", 300, y);
    const std::vector<std::string> factors = {layer(box, "a.tif", 300, a, GDT_Int16),
                                              layer(box, "b.tif", 300, b, GDT_Int16),
                                              layer(box, "c.tif", 300, c, GDT_Int16)};
    const auto classes = std::string("all");  // or 300 whole numbers would be a measurement
    const Values usual = run_on(box, response, factors, {{"categorical", classes}, {"threads", std::string("2")}});
    const Values little =
        run_on(box, response, factors,
               {{"categorical", classes}, {"memory", std::string("50")}, {"threads", std::string("2")}}, "_little");
    CHECK(usual == little);
    for (const auto* name : {"factor", "interaction", "risk"})
        CHECK((read_text(box.path(std::string(name) + ".csv")) ==
               read_text(box.path(std::string(name) + "_little.csv"))));
    CHECK((read_raster(box.path("classified.tif"), 3) == read_raster(box.path("classified_little.tif"), 3)));
    CHECK(csv_cell(box.path("factor.csv"), {{"factor", "a"}}, "strata") == "300");
    CHECK_THAT(
        error_of(
            "geodetector",
            {{"response", response}, {"factors", factors}, {"categorical", classes}, {"memory", std::string("8")}}),
        ContainsSubstring("MEMORY: the crossed strata of \"a\" (300) and \"b\" (300) need"));
}

TEST_CASE("Geodetector: a sample of cells follows the seed, not the blocks", "[geodetector]") {
    const Sandbox box;
    std::vector<double> y, a;
    for (std::uint64_t i = 0; i < 200 * 100; ++i) {
        a.push_back(1 + static_cast<double>(i % 200 / 40));
        y.push_back(static_cast<float>(a.back() + uniform(9, i) * 4));
    }
    const auto run = [&](const std::string& name, const std::vector<std::string>& options, const char* seed) {
        const auto response = layer(box, "y" + name + ".tif", 200, y, GDT_Float32, -9999, options);
        const auto factor = layer(box, "a" + name + ".tif", 200, a, GDT_Byte, 0, options);
        return run_on(box, response, {factor},
                      {{"sample", std::string("500")},
                       {"seed", std::string(seed)},
                       {"factor_names", std::string("a")},
                       {"memory", std::string("4")}},
                      name);
    };
    const Values rows = run("rows", {"BLOCKYSIZE=1"}, "3");
    const Values tiles = run("tiles", {"TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32"}, "3");
    CHECK(number(rows, "observations") == 500);
    CHECK(rows == tiles);
    CHECK(number(run("other", {}, "4"), "best_q") != number(rows, "best_q"));
}

TEST_CASE("Geodetector: infinite responses are no responses", "[geodetector]") {
    const Sandbox box;
    const double inf = std::numeric_limits<double>::infinity();
    const auto factor = layer(box, "a.tif", 3, {1, 1, 2, 2, 2, 1}, GDT_Byte, 0);
    run_on(box, layer(box, "y.tif", 3, {1, 2, 5, 7, inf, -inf}), {factor});
    CHECK(csv_cell(box.path("factor.csv"), {}, "n") == "4");
    CHECK(cell(box.path("factor.csv"), {}, "q") == Approx(1 - 2.5 / 22.75));
}

TEST_CASE("Geodetector: what is wrong with maps is said", "[geodetector]") {
    const Sandbox box;
    const auto y = layer(box, "y.tif", 2, {1, 2, 3, 4}), a = layer(box, "a.tif", 2, {1, 1, 2, 2}, GDT_Byte, 0);
    const auto with = [&](const std::string& response, const std::vector<std::string>& factors, Values more = {}) {
        more.insert({{"response", response}, {"factors", factors}});
        return error_of("geodetector", more);
    };
    CHECK_THAT(with(layer(box, "constant.tif", 2, {3, 3, 3, 3}), {a}),
               ContainsSubstring("RESPONSE: it has the same value in all cells"));
    CHECK_THAT(
        with(layer(box, "left.tif", 2, {1, none, 3, none}), {layer(box, "right.tif", 2, {0, 1, 0, 1}, GDT_Byte, 0)}),
        ContainsSubstring("RESPONSE"));
    CHECK_THAT(with(layer(box, "empty.tif", 2, {none, none, none, none}), {a}), ContainsSubstring("RESPONSE"));
    CHECK_THAT(with(y, {layer(box, "decimals.tif", 2, {1, 1.5, 2, 2})}, {{"continuous", std::string("none")}}),
               ContainsSubstring("classes must be whole numbers"));
    CHECK_THAT(with(y, {box.path("missing.tif")}), ContainsSubstring("missing.tif"));
    CHECK_THAT(with(y, {layer(box, "wide.tif", 4, {1, 1, 2, 2}, GDT_Byte, 0)}),
               ContainsSubstring("do not lie on one grid"));
    CHECK_THAT(with(y, {layer(box, "codes.tif", 2, {1, 5e9, 1, 5e9}, GDT_Float64)},
                    {{"continuous", std::string("none")}, {"classified", box.path("c.tif")}}),
               ContainsSubstring("CLASSIFIED: the class 5000000000"));
    CHECK_FALSE(std::filesystem::exists(box.path("c.tif")));
}
