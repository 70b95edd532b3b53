// Land Carbon Toolbox: carbon density correction: hand-computed cases and the published table of Qin et al. (2023).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_density_correction/carbon_density_correction.hpp"

#include <cmath>

#include "engine/table.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// Qin et al. 2023, Tables 4 and 5; the regional figure of construction land is that of Table 6.
const char* const national = R"(class,name,c_soil_national,below_to_above,c_soil_regional
1,Cropland,108.4,0.66,
2,Forest land,158.8,0.20,
3,Grassland,99.9,1.20,
4,Construction land,0,0.20,25.3
5,Water area,0,,
6,Unutilised land,21.6,0.20,
)";

/// Qin et al. 2023, Table 6.
struct Published {
    std::int64_t code;
    double above, below, soil, dead;
};
const std::vector<Published> published = {{1, 40.5, 26.8, 186.3, 5.2},
                                          {2, 82.2, 16.4, 273.0, 7.6},
                                          {3, 28.2, 33.8, 171.7, 4.8},
                                          {4, 5.6, 1.1, 25.3, 0},
                                          {5, 0, 0, 0, 0},
                                          {6, 11.2, 2.2, 37.1, 1.0}};

std::map<std::string, Value> beibu(const Sandbox& box, std::map<std::string, Value> more = {}) {
    more.emplace("pools", box.text("national.csv", national));
    more.emplace("region_precipitation", "1999.4");
    more.emplace("reference_precipitation", "671.1");
    more.emplace("built_classes", "4");
    more.emplace("corrected_pools", box.path("pools.csv"));
    return more;
}

double cell(const Sandbox& box, std::int64_t code, const std::string& column) {
    const InputTable table("pools", box.path("pools.csv"));
    return table.required_number(rows_by_class(table).at(code), table.column(column));
}

}  // namespace

TEST_CASE("correction factor of the Beibu Gulf", "[carbon_density_correction]") {
    const double factor = *linear_correction_factor(3.3968, 3996.1, 1999.4, 671.1);
    CHECK(rounded(factor, 4) == 1.7190);  // as published
    CHECK(factor == Approx(10787.66192 / 6275.69248).epsilon(1e-14));
    CHECK(*linear_correction_factor(2, 1, 5, 5) == 1);
    CHECK_FALSE(linear_correction_factor(1, -10, 20, 10).has_value());
    CHECK_FALSE(linear_correction_factor(1, -10, 5, 20).has_value());
}

TEST_CASE("pools from soil carbon by hand", "[carbon_density_correction]") {
    // Soil 72 of 100: biomass 26, dead 2; ratio 0.3: above 20, below 6.
    const PoolDensities pools = pools_from_soil(72, 0.3, {}, std::nullopt, Rounding::result);
    CHECK(pools.above == Approx(20));
    CHECK(pools.below == Approx(6));
    CHECK(pools.soil == 72);
    CHECK(pools.dead == Approx(2));
    CHECK(pools.above + pools.below + pools.soil + pools.dead == Approx(100));
    // Nothing in the soil, nothing anywhere.
    CHECK(pools_from_soil(0, 0, {}, std::nullopt, Rounding::result).above == 0);
}

TEST_CASE("rounding at each step differs from rounding the result", "[carbon_density_correction]") {
    // Forest: 272.971 of soil. Exactly: biomass 98.573, above 82.144. By steps: soil 273.0, biomass 98.6 (98.583),
    // above 82.167.
    const double soil = *linear_correction_factor(3.3968, 3996.1, 1999.4, 671.1) * 158.8;
    CHECK(pools_from_soil(soil, 0.2, {}, 1, Rounding::result).above == 82.1);
    CHECK(pools_from_soil(soil, 0.2, {}, 1, Rounding::steps).above == 82.2);
    CHECK(pools_from_soil(soil, 0.2, {}, std::nullopt, Rounding::steps).above == Approx(82.1440).margin(5e-5));
    CHECK(rounded(-0.25, 1) == -0.3);
    CHECK(rounded(1234.5, 0) == 1235);
}

TEST_CASE("the published pools table of the Beibu Gulf, to the printed digit", "[carbon_density_correction]") {
    const Sandbox box;
    const auto results =
        run_algorithm("carbon_density_correction",
                      beibu(box, {{"decimals", "1"}, {"rounding", "steps"}, {"report", box.path("r.html")}}));
    CHECK(rounded(number(results, "correction_factor"), 4) == 1.7190);
    for (const auto& row : published) {
        INFO("class " << row.code);
        CHECK(cell(box, row.code, "c_above") == row.above);
        CHECK(cell(box, row.code, "c_below") == row.below);
        CHECK(cell(box, row.code, "c_soil") == row.soil);
        CHECK(cell(box, row.code, "c_dead") == row.dead);
    }
    CHECK(csv_cell(box.path("pools.csv"), {{"class", "4"}}, "name") == "Construction land");
    CHECK_THAT(read_text(box.path("r.html")),
               ContainsSubstring("Forest land") && ContainsSubstring("regional soil as given"));
}

TEST_CASE("without rounding only one published figure is a digit off", "[carbon_density_correction]") {
    const Sandbox box;
    run_algorithm("carbon_density_correction", beibu(box));
    int different = 0;
    for (const auto& row : published) {
        different += rounded(cell(box, row.code, "c_above"), 1) != row.above;
        different += rounded(cell(box, row.code, "c_below"), 1) != row.below;
        different += rounded(cell(box, row.code, "c_soil"), 1) != row.soil;
        different += rounded(cell(box, row.code, "c_dead"), 1) != row.dead;
    }
    CHECK(different == 1);
    CHECK(cell(box, 2, "c_above") == Approx(82.144).margin(5e-4));  // printed: 82.2
}

TEST_CASE("construction land: shares of its own and soil carbon that is not corrected", "[carbon_density_correction]") {
    const Sandbox box;
    // 25.3 / 0.79 * 0.21 = 6.7253: above 5.6044, below 1.1209, nothing dead.
    run_algorithm("carbon_density_correction", beibu(box));
    CHECK(cell(box, 4, "c_soil") == 25.3);
    CHECK(cell(box, 4, "c_above") == Approx(25.3 / 0.79 * 0.21 / 1.2).epsilon(1e-14));
    CHECK(cell(box, 4, "c_below") == Approx(25.3 / 0.79 * 0.21 / 6).epsilon(1e-14));
    CHECK(cell(box, 4, "c_dead") == 0);
    // Without the column, the national 0 holds and all pools are 0; the blank ratio of water does no harm.
    run_algorithm("carbon_density_correction",
                  beibu(box, {{"pools", box.text("plain.csv", "class,c_soil_national,below_to_above\n4,0,0.2\n5,0,\n")},
                              {"corrected_pools", box.path("plain_out.csv")}}));
    CHECK(csv_cell(box.path("plain_out.csv"), {{"class", "4"}}, "c_above") == "0");
    CHECK(csv_cell(box.path("plain_out.csv"), {{"class", "5"}}, "c_soil") == "0");
}

TEST_CASE("other corrections: temperature and a plain factor", "[carbon_density_correction]") {
    const Sandbox box;
    // (28 * 20 + 398) / (28 * 10 + 398) = 958 / 678.
    const auto by_temperature =
        run_algorithm("carbon_density_correction", beibu(box, {{"method", "temperature"},
                                                               {"region_temperature", "20"},
                                                               {"reference_temperature", "10"},
                                                               {"temperature_slope", "28"},
                                                               {"temperature_intercept", "398"}}));
    CHECK(number(by_temperature, "correction_factor") == Approx(958.0 / 678.0).epsilon(1e-15));
    const auto by_factor =
        run_algorithm("carbon_density_correction",
                      beibu(box, {{"method", "factor"}, {"factor", "0.5"}, {"corrected_pools", box.path("half.csv")}}));
    CHECK(number(by_factor, "correction_factor") == 0.5);
    CHECK(csv_cell(box.path("half.csv"), {{"class", "2"}}, "c_soil") == "79.4");
}

TEST_CASE("the published coefficient table gives the published pools", "[carbon_density_correction]") {
    const Sandbox box;
    run_algorithm("coefficient_table", {{"table", "beibu_soil_national"}, {"coefficients", box.path("shipped.csv")}});
    run_algorithm("coefficient_table", {{"table", "beibu_carbon_pools"}, {"coefficients", box.path("published.csv")}});
    run_algorithm("carbon_density_correction",
                  beibu(box, {{"pools", box.path("shipped.csv")}, {"decimals", "1"}, {"rounding", "steps"}}));
    CHECK(read_csv(box.path("pools.csv")) == read_csv(box.path("published.csv")));
}

TEST_CASE("carbon density correction: wrong input", "[carbon_density_correction]") {
    const Sandbox box;
    const auto table = [&](const std::string& text) { return beibu(box, {{"pools", box.text("t.csv", text)}}); };
    const auto error = [&](const std::map<std::string, Value>& arguments) {
        return error_of("carbon_density_correction", arguments);
    };
    CHECK_THAT(
        error({{"pools", box.text("a.csv", national)}, {"corrected_pools", box.path("p.csv")}}),
        ContainsSubstring("REGION_PRECIPITATION: missing") && ContainsSubstring("REFERENCE_PRECIPITATION: missing"));
    CHECK_THAT(error(beibu(box, {{"method", "temperature"}})), ContainsSubstring("TEMPERATURE_INTERCEPT: missing"));
    CHECK_THAT(error(beibu(box, {{"method", "factor"}})), ContainsSubstring("FACTOR: missing"));
    CHECK_THAT(error(beibu(box, {{"soil_share", "0.8"}})), ContainsSubstring("must add up to 1"));
    CHECK_THAT(error(beibu(box, {{"built_dead_share", "0.1"}})),
               ContainsSubstring("BUILT_SOIL_SHARE") && ContainsSubstring("must add up to 1"));
    CHECK_THAT(error(beibu(box, {{"slope", "-10"}})), ContainsSubstring("must be above zero for both"));
    CHECK_THAT(error(beibu(box, {{"built_classes", "4,9,10"}})),
               ContainsSubstring("no row in table") && ContainsSubstring(": 9, 10"));
    CHECK_THAT(error(beibu(box, {{"built_classes", "town"}})), ContainsSubstring("\"town\" is not a class"));
    CHECK_THAT(error(table("class,c_soil_national,below_to_above\n4,,0.2\n")),
               ContainsSubstring("line 2, column \"c_soil_national\": a number is missing"));
    CHECK_THAT(error(table("class,c_soil_national,below_to_above\n4,10,\n")),
               ContainsSubstring("line 2, column \"below_to_above\": the ratio"));
    CHECK_THAT(error(table("class,c_soil_national,below_to_above\n4,-10,1\n")),
               ContainsSubstring("cannot be negative"));
    CHECK_THAT(error(table("class,c_soil_national,below_to_above\n4,10,-1\n")),
               ContainsSubstring("a ratio cannot be negative"));
    CHECK_THAT(error(table("class,c_soil_national,below_to_above,c_soil_regional\n4,1,1,-2\n")),
               ContainsSubstring("cannot be negative"));
    CHECK_THAT(error(table("class,c_soil_national,below_to_above\n4,1,1\n4,2,2\n")),
               ContainsSubstring("appears twice"));
    CHECK_THAT(error(table("class,c_soil,below_to_above\n4,1,1\n")),
               ContainsSubstring("\"c_soil_national\" is missing"));
}
