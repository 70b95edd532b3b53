// Land Carbon Toolbox: carbon emission: published factors, hand-computed cases and invariants.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_emission/carbon_emission.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// Zhang et al. 2026 (doi 10.13866/j.azr.2026.01.18), section 1.3.2, t C/ha a year.
const char* const muus_factors =
    "class,name,factor\n"
    "1,Cropland,0.42\n"
    "2,Forest land,-0.64\n"
    "3,Grassland,-0.02\n"
    "4,Water,0\n"
    "5,Impervious surface,1.82\n"
    "6,Unused land,0.05\n";

}  // namespace

TEST_CASE("emission totals by hand", "[carbon_emission]") {
    // 100 ha cropland, 50 ha forest, 1000 ha grass, 7 ha water, 10 ha built, 20 ha unused.
    const auto totals = emission_totals({{100, 0.42}, {50, -0.64}, {1000, -0.02}, {7, 0}, {10, 1.82}, {20, 0.05}});
    CHECK(totals.source == Approx(42 + 18.2 + 1));
    CHECK(totals.sink == Approx(-32 - 20));
    CHECK(totals.net == Approx(9.2));
    CHECK(co2_per_carbon == Approx(3.6667).epsilon(1e-4));
}

TEST_CASE("carbon emission of a small map", "[carbon_emission]") {
    const Sandbox box;
    // Classes 1..6 with 2, 3, 1, 1, 2 and 2 cells of one ha.
    const auto map = make_classes(box, "map.tif", 4, {1, 1, 2, 2, 2, 3, 4, 5, 5, 6, 6, 0});
    const std::map<std::string, Value> arguments = {{"land_cover", map},
                                                    {"factors", box.text("factors.csv", muus_factors)}};
    auto with_outputs = arguments;
    with_outputs["emission_map"] = box.path("emission.tif");
    with_outputs["by_class"] = box.path("by_class.csv");
    with_outputs["report"] = box.path("report.html");
    const auto results = run_algorithm("carbon_emission", with_outputs);
    CHECK(number(results, "total_source_t") == Approx(0.84 + 3.64 + 0.1));
    CHECK(number(results, "total_sink_t") == Approx(-1.92 - 0.02));
    CHECK(number(results, "total_emission_t") == Approx(2.64));
    const auto cells = read_raster(box.path("emission.tif"));
    CHECK(cells[0] == Approx(0.42));
    CHECK(cells[2] == Approx(-0.64));
    CHECK(cells[6] == 0);
    CHECK(std::isnan(cells[11]));
    const auto table = box.path("by_class.csv");
    CHECK(read_csv(table).size() == 7);
    CHECK(csv_cell(table, {{"class", "2"}}, "name") == "Forest land");
    CHECK(csv_cell(table, {{"class", "2"}}, "area_ha") == "3");
    CHECK(csv_cell(table, {{"class", "2"}}, "factor") == "-0.64");
    CHECK(csv_cell(table, {{"class", "2"}}, "emission_t") == "-1.92");
    CHECK(csv_cell(table, {{"class", "2"}}, "substance") == "C");
    CHECK_THAT(read_text(box.path("report.html")), ContainsSubstring("Sources and sinks"));

    // CO2 only when asked for.
    auto as_co2 = arguments;
    as_co2["as_co2"] = true;
    as_co2["by_class"] = box.path("co2.csv");
    CHECK(number(run_algorithm("carbon_emission", as_co2), "total_emission_t") == Approx(2.64 * 44 / 12));
    CHECK(csv_cell(box.path("co2.csv"), {{"class", "2"}}, "substance") == "CO2");
}

TEST_CASE("emission per cell sums to the total on a geographic grid", "[carbon_emission]") {
    const Sandbox box;
    RasterRecipe recipe = geographic_recipe(6, 30, 100, 60, 1);
    recipe.bands = {{}};
    for (int i = 0; i < 180; ++i) recipe.bands[0].push_back(i % 6 + 1);
    const auto results = run_algorithm("carbon_emission", {{"land_cover", make_raster(box, "map.tif", recipe)},
                                                           {"factors", box.text("factors.csv", muus_factors)},
                                                           {"map_unit", "t_cell"},
                                                           {"emission_map", box.path("e.tif")}});
    double sum = 0;
    for (const double cell : read_raster(box.path("e.tif"))) sum += cell;
    CHECK(sum == Approx(number(results, "total_emission_t")).epsilon(1e-6));
}

TEST_CASE("carbon emission: wrong input", "[carbon_emission]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 3});
    const auto error = [&](const std::string& table) {
        return error_of(
            "carbon_emission",
            {{"land_cover", map}, {"factors", box.text("factors.csv", table)}, {"emission_map", box.path("e.tif")}});
    };
    CHECK_THAT(error("class,factor\n1,1\n"), ContainsSubstring("FACTORS: table ") &&
                                                 ContainsSubstring("classes 2, 3 are on the maps but have no row"));
    CHECK_THAT(error("class,factor\n1,1\n2,\n3,0\n"),
               ContainsSubstring("line 3, column \"factor\": a number is missing"));
    CHECK_THAT(error("class,factor\n1,1\n1,2\n"), ContainsSubstring("class 1 appears twice"));
    CHECK_THAT(error("class,value\n1,1\n"), ContainsSubstring("column \"factor\" is missing"));
    CHECK_THAT(error("class,factor\n1,\"0,5\"\n"), ContainsSubstring("write a decimal point, not a comma"));
    CHECK(box.names() == std::vector<std::string>{"factors.csv", "map.tif"});
}
