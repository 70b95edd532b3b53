// Land Carbon Toolbox: trend persistence: every pair of trend and exponent, significance, classes, NoData.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_persistence/trend_persistence.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

std::string map(const Sandbox& box, const std::string& name, const std::vector<double>& cells) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(cells.size());
    recipe.bands = {cells};
    recipe.type = GDT_Float32;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    return make_raster(box, name, recipe);
}

}  // namespace

TEST_CASE("what a trend may be expected to do", "[trend_persistence]") {
    CHECK(future_of(0.1, 0.7, 0) == Future::persistent_increase);
    CHECK(future_of(-0.1, 0.7, 0) == Future::persistent_decrease);
    CHECK(future_of(0.1, 0.3, 0) == Future::increase_to_decrease);
    CHECK(future_of(-0.1, 0.3, 0) == Future::decrease_to_increase);
    CHECK(future_of(0, 0.7, 0) == Future::undetermined);
    CHECK(future_of(0.1, 0.5, 0) == Future::undetermined);
    CHECK(future_of(0.1, 0.54, 0.05) == Future::undetermined);
    CHECK(future_of(0.1, 0.56, 0.05) == Future::persistent_increase);
    CHECK(future_of(0.1, 0.44, 0.05) == Future::increase_to_decrease);
}

TEST_CASE("map, areas and shares of expected trends", "[trend_persistence]") {
    const Sandbox box;
    const auto trend = map(box, "trend.tif", {1, -1, 1, -1, 0, 2, -9999, 1, 1, -3});
    const auto hurst = map(box, "hurst.tif", {.6, .7, .4, .3, .6, .5, .6, -9999, .9, 1.1});
    const auto p = map(box, "p.tif", {.01, .04, .05, .5, .01, .01, .01, .01, -9999, .001});
    const std::map<std::string, Value> base = {{"trend", trend}, {"hurst", hurst}};
    auto arguments = base;
    arguments.insert({{"future", box.path("f.tif")}, {"summary", box.path("s.csv")}, {"report", box.path("r.html")}});
    const auto results = run_algorithm("trend_persistence", arguments);
    const std::vector<double> expected = {1, 2, 3, 4, 0, 0, NAN, NAN, 1, 2};
    const auto found = read_raster(box.path("f.tif"));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        INFO("cell " << i);
        CHECK((found[i] == expected[i] || (std::isnan(found[i]) && std::isnan(expected[i]))));
    }
    CHECK(number(results, "persistent_increase_share") == 0.25);
    CHECK(number(results, "persistent_decrease_share") == 0.25);
    CHECK(number(results, "turning_share") == 0.25);
    CHECK(number(results, "undetermined_share") == 0.25);
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "area_ha") == "2");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "share") == "0.25");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "3"}}, "cells") == "1");
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("Increase turning to decrease"));

    // Only where significant; a p equal to the level is not.
    auto tested = base;
    tested.insert({{"p", p}, {"future", box.path("p_f.tif")}});
    CHECK(number(run_algorithm("trend_persistence", tested), "undetermined_share") == Approx(4 / 7.0));
    const auto significant = read_raster(box.path("p_f.tif"));
    CHECK(significant[0] == 1);
    CHECK(significant[2] == 0);
    CHECK(significant[3] == 0);
    CHECK(std::isnan(significant[8]));
    // Classes: those of at least 2.
    auto classes = base;
    classes.insert({{"trend_input", "classes"}, {"least_class", "2"}, {"future", box.path("c_f.tif")}});
    run_algorithm("trend_persistence", classes);
    const auto by_class = read_raster(box.path("c_f.tif"));
    CHECK(by_class[0] == 0);
    CHECK(by_class[9] == 2);
}

TEST_CASE("trend persistence says what is wrong", "[trend_persistence]") {
    const Sandbox box;
    const auto one = map(box, "one.tif", {1, -9999}), other = map(box, "other.tif", {-9999, 0.6});
    CHECK_THAT(error_of("trend_persistence", {{"trend", one}, {"hurst", other}}),
               ContainsSubstring("no cell has a trend and a Hurst exponent"));
    CHECK_THAT(error_of("trend_persistence", {{"trend", one}, {"hurst", one}, {"significance", "2"}}),
               ContainsSubstring("SIGNIFICANCE"));
}
