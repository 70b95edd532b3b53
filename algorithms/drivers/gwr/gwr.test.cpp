// Land Carbon Toolbox: tests of geographically weighted regression of rasters.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/gwr.hpp"

#include <cmath>
#include <limits>

#include "drivers/gwr/coefficient_lattice.hpp"
#include "drivers/gwr_maps.hpp"
#include "engine/table.hpp"
#include "maths/counter_random.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;
using Texts = std::vector<std::string>;

double uniform(std::uint64_t seed, std::uint64_t i) { return random_unit(random_bits(seed, i)); }

/// 60 x 50 cells: y = 2 + (column / 10) a - b + a little noise; a corner of each map holds nothing.
struct Maps {
    std::vector<double> y, a, b;
    std::vector<std::string> paths;
    explicit Maps(const Sandbox& box, bool geographic = false, double noise = 0.1) {
        RasterRecipe recipe = geographic ? geographic_recipe(60, 50, 179.7, 10, 0.01) : RasterRecipe{};
        recipe.width = 60;
        recipe.height = 50;
        recipe.type = GDT_Float64;
        recipe.has_nodata = true;
        recipe.nodata = -9999;
        for (std::uint64_t i = 0; i < 3000; ++i) {
            a.push_back(uniform(11, i));  // not that of SEED, by which cells are drawn
            b.push_back(5 + uniform(12, i));
            y.push_back(2 + static_cast<double>(i % 60) / 10 * a.back() - b.back() + noise * (uniform(13, i) - 0.5));
        }
        const auto write = [&](const std::string& name, std::vector<double> cells, std::size_t hole) {
            cells[hole] = -9999;
            recipe.bands = {std::move(cells)};
            paths.push_back(make_raster(box, name, recipe));
        };
        write("y.tif", y, 7);
        write("a.tif", a, 2999);
        write("b.tif", b, 60);
    }
    Values arguments() const { return {{"responses", Texts{paths[0]}}, {"driver_maps", Texts{paths[1], paths[2]}}}; }
};

Values run_on(const Maps& maps, Values more) {
    for (const auto& [id, value] : maps.arguments()) more.insert({id, value});
    return run_algorithm("gwr", more);
}

}  // namespace

TEST_CASE("GWR: colours reach as far as nearly all coefficients do", "[gwr]") {
    std::vector<double> values;
    for (int i = 1; i <= 100; ++i) values.push_back(i % 2 == 0 ? i * 0.01 : -i * 0.01);
    values.push_back(-40);
    values.push_back(std::nan(""));
    CHECK(coefficient_reach(values) == Approx(0.99));
    CHECK(coefficient_reach({}) == 1);
}

TEST_CASE("GWR of rasters: planted coefficients as maps", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    const Values results = run_on(maps, {{"coefficients", box.path("slopes.tif")},
                                         {"coefficient_errors", box.path("se.tif")},
                                         {"significance", box.path("sig.tif")},
                                         {"local_r2", box.path("r2.tif")},
                                         {"prediction", box.path("y_hat.tif")},
                                         {"prediction_error", box.path("ye.tif")},
                                         {"samples", std::string("1500")},
                                         {"local", box.path("local.gpkg")},
                                         {"report", box.path("report.html")}});
    CHECK(number(results, "observations") == 1500);
    CHECK(number(results, "r2") > 0.99);
    CHECK(number(results, "global_r2") < 0.8);
    const auto slope = read_raster(box.path("slopes.tif"), 1), other = read_raster(box.path("slopes.tif"), 2);
    const auto predicted = read_raster(box.path("y_hat.tif")), error = read_raster(box.path("ye.tif"));
    const auto significant = read_raster(box.path("sig.tif"), 1), r2 = read_raster(box.path("r2.tif"));
    double worst = 0, squares = 0, within = 0;
    for (std::size_t i = 0; i < 3000; ++i) {
        if (i == 60 || i == 2999) {  // no driver: nothing can be told
            CHECK(std::isnan(slope[i]));
            CHECK(std::isnan(predicted[i]));
            continue;
        }
        worst = std::max({worst, std::abs(slope[i] - static_cast<double>(i % 60) / 10), std::abs(other[i] + 1)});
        const double off = predicted[i] - maps.y[i];  // also where the response has a hole
        squares += off * off;
        within += std::abs(off) <= 1.96 * error[i];
    }
    CHECK(worst < 0.45);  // at the edges windows reach inwards only
    CHECK(std::sqrt(squares / 2998) < 0.06);
    CHECK(within / 2998 > 0.85);
    CHECK(within / 2998 < 0.99);
    CHECK(significant[59] == 1);
    CHECK(read_raster(box.path("sig.tif"), 2)[30] == -1);
    CHECK(r2[100] > 0.5);
    // The layer of the sample holds what the maps show.
    const InputTable local("local", box.path("local.gpkg"), true);
    REQUIRE(local.rows() == 1500);
    for (std::size_t row = 0; row < 1500; row += 100) {
        const auto cell = static_cast<std::size_t>(*local.number(row, local.column("row"))) * 60 +
                          static_cast<std::size_t>(*local.number(row, local.column("column")));
        CHECK(*local.number(row, local.column("b_a")) == Approx(slope[cell]).epsilon(1e-5));
        CHECK(*local.number(row, local.column("se_a")) ==
              Approx(read_raster(box.path("se.tif"), 1)[cell]).epsilon(1e-5));
        CHECK(*local.number(row, local.column("predicted")) == Approx(predicted[cell]).epsilon(1e-5));
        CHECK(*local.number(row, local.column("local_r2")) == Approx(r2[cell]).epsilon(1e-5));
        CHECK(*local.number(row, local.column("actual")) == maps.y[cell]);
    }
}

TEST_CASE("GWR of rasters: between fits coefficients are interpolated", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    const Values common = {{"bandwidth", std::string("80")}, {"every", std::string("2")}};
    const auto painted = [&](const std::string& lattice, const std::string& name) {
        Values more = common;
        more["lattice"] = lattice;
        more["coefficients"] = box.path(name);
        const Values results = run_on(maps, more);
        CHECK(number(results, "observations") == 30 * 25 - 1);  // one of them has a hole
        return read_raster(box.path(name), 1);
    };
    const auto all = painted("1", "all.tif"), some = painted("7", "some.tif");
    double worst = 0;
    for (std::size_t i = 0; i < 3000; ++i) {
        if (std::isnan(all[i])) continue;
        worst = std::max(worst, std::abs(all[i] - some[i]));
        if (i % 60 % 7 == 0 && i / 60 % 7 == 0) CHECK(all[i] == Approx(some[i]).epsilon(1e-6));
    }
    CHECK(worst > 0);
    CHECK(worst < 0.2);
    CHECK(std::isnan(all[60]));
}

TEST_CASE("GWR of rasters: standardised, across the antimeridian, several responses one driver at a time", "[gwr]") {
    const Sandbox box;
    const Maps maps(box, true);
    const Values common = {{"bandwidth", std::string("100")}, {"samples", std::string("600")}};
    Values plain = common, scaled = common;
    plain["prediction"] = box.path("plain.tif");
    plain["prediction_error"] = box.path("plain_error.tif");
    scaled["prediction"] = box.path("scaled.tif");
    scaled["prediction_error"] = box.path("scaled_error.tif");
    scaled["standardise"] = true;
    CHECK(number(run_on(maps, plain), "r2") == Approx(number(run_on(maps, scaled), "r2")).epsilon(1e-9));
    for (const char* what : {"", "_error"}) {
        const auto one = read_raster(box.path(std::string("plain") + what + ".tif"));
        const auto other = read_raster(box.path(std::string("scaled") + what + ".tif"));
        for (std::size_t i = 0; i < 3000; i += 17)
            if (!std::isnan(one[i])) CHECK(one[i] == Approx(other[i]).epsilon(1e-5));
    }
    Values each = common;
    each.insert({{"mode", std::string("each")},
                 {"responses", Texts{maps.paths[0], maps.paths[1]}},
                 {"driver_maps", Texts{maps.paths[2]}},
                 {"response_names", std::string("one, two")},
                 {"driver_names", std::string("b")},
                 {"coefficients", box.path("each.tif")},
                 {"global", box.path("global.csv")}});
    run_algorithm("gwr", each);
    CHECK(read_csv(box.path("global.csv")).size() == 1 + 2 * 3);
    CHECK(read_raster(box.path("each.tif"), 4).size() == 3000);
}

TEST_CASE("GWR of rasters: what cannot be fitted is refused in words", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    Values arguments = maps.arguments();
    arguments["driver_names"] = std::string("one");
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("DRIVER_NAMES: 1 name for 2 bands"));
    arguments = maps.arguments();
    arguments["driver_maps"] = Texts{maps.paths[1], maps.paths[1]};
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("DRIVER_MAPS: \"a\", \"a (2)\" depend on one another"));
    RasterRecipe recipe;
    recipe.width = 60;
    recipe.height = 50;
    recipe.bands = {std::vector<double>(3000, 4)};
    arguments["driver_maps"] = Texts{make_raster(box, "constant.tif", recipe)};
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("\"constant\" has the same value in all cells"));
    recipe.type = GDT_Float32;
    for (double& value : recipe.bands[0]) value = std::numeric_limits<double>::quiet_NaN();
    arguments["driver_maps"] = Texts{make_raster(box, "nothing.tif", recipe)};
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("RESPONSES: 0 cells hold a place"));
    recipe.bands[0][5] = recipe.bands[0][99] = 3;
    recipe.bands[0][99] = 4;
    arguments["driver_maps"] = Texts{make_raster(box, "two.tif", recipe)};
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("RESPONSES: 2 cells hold a place"));
}

TEST_CASE("GWR of rasters: means of squares and of zones", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    // 12 x 10 squares of 5 x 5 cells.
    const Values common = {{"bandwidth", std::string("40")}};
    Values squares = common;
    squares.insert({{"grid_size", std::string("500")},
                    {"local", box.path("squares.gpkg")},
                    {"coefficients", box.path("slopes.tif")},
                    {"report", box.path("report.html")}});
    const Values of_squares = run_on(maps, squares);
    CHECK(number(of_squares, "observations") == 120);
    const InputTable local("local", box.path("squares.gpkg"), true);
    REQUIRE(local.rows() == 120);
    CHECK(*local.number(13, local.column("row")) == 2);
    CHECK(*local.number(13, local.column("column")) == 2);
    // Cells 7 (no response) and 60 (no driver) do not count.
    const auto mean_of = [&](std::size_t first) {
        double sum = 0, count = 0;
        for (std::size_t row = 0; row < 5; ++row)
            for (std::size_t column = 0; column < 5; ++column) {
                const std::size_t cell = first + row * 60 + column;
                if (cell == 7 || cell == 60) continue;
                sum += maps.y[cell];
                ++count;
            }
        return sum / count;
    };
    CHECK(*local.number(0, local.column("actual")) == Approx(mean_of(0)).epsilon(1e-12));
    CHECK(*local.number(1, local.column("actual")) == Approx(mean_of(5)).epsilon(1e-12));
    CHECK(*local.number(13, local.column("actual")) == Approx(mean_of(305)).epsilon(1e-12));
    // The cell in the middle of a square has the square's coefficients.
    const auto slope = read_raster(box.path("slopes.tif"), 1), other = read_raster(box.path("slopes.tif"), 2);
    for (std::size_t square = 0; square < 120; square += 11) {
        const std::size_t cell = (square / 12 * 5 + 2) * 60 + square % 12 * 5 + 2;
        CHECK(*local.number(square, local.column("b_a")) == Approx(slope[cell]).epsilon(1e-5));
        CHECK(*local.number(square, local.column("b_b")) == Approx(other[cell]).epsilon(1e-5));
    }
    // The same squares as a layer of zones.
    Values zones = common;
    zones.insert({{"zones", box.path("squares.gpkg")}, {"local", box.path("zones.gpkg")}});
    const Values of_zones = run_on(maps, zones);
    CHECK(number(of_zones, "observations") == 120);
    CHECK(number(of_zones, "aicc") == Approx(number(of_squares, "aicc")).epsilon(1e-10));
    const InputTable named("local", box.path("zones.gpkg"), true);
    CHECK(named.text(0, named.column("zone")) == "y");  // its first text: the response of the squares

    Values both = zones;
    both.erase("local");
    both["grid_size"] = std::string("500");
    for (const auto& [id, value] : maps.arguments()) both.insert({id, value});
    CHECK_THAT(error_of("gwr", both), ContainsSubstring("both ZONES and GRID_SIZE are given"));
    both.erase("zones");
    both["every"] = std::string("2");
    CHECK_THAT(error_of("gwr", both), ContainsSubstring("EVERY takes cells"));
    both.erase("every");
    both["grid_size"] = std::string("5000");
    CHECK_THAT(error_of("gwr", both), ContainsSubstring("2 squares hold a place"));
}

TEST_CASE("GWR of rasters: multiscale, as maps", "[gwr]") {
    const Sandbox box;
    const Maps maps(box, false, 2);
    const Values arguments = {{"method", std::string("mgwr")},
                              {"samples", std::string("500")},
                              {"coefficients", box.path("slopes.tif")},
                              {"coefficient_errors", box.path("errors.tif")},
                              {"significance", box.path("significance.tif")},
                              {"prediction", box.path("predicted.tif")},
                              {"bandwidths", box.path("bandwidths.csv")},
                              {"local", box.path("local.gpkg")},
                              {"report", box.path("report.html")}};
    const Values results = run_on(maps, arguments);
    CHECK(number(results, "r2") > 0.8);
    const auto bandwidth = [&](const std::string& term) {
        return std::stod(csv_cell(box.path("bandwidths.csv"), {{"term", term}, {"chosen", "1"}}, "bandwidth"));
    };
    CHECK(bandwidth("a") < 150);  // grows to the east
    CHECK(bandwidth("b") > 350);  // the same everywhere
    const auto slope = read_raster(box.path("slopes.tif"), 1), other = read_raster(box.path("slopes.tif"), 2);
    for (const std::size_t cell : {500u, 1500u, 2500u}) CHECK(other[cell] == Approx(other[1000]).epsilon(0.2));
    const auto predicted = read_raster(box.path("predicted.tif"));
    double squares = 0;
    for (std::size_t i = 0; i < 3000; ++i) {
        if (i == 60 || i == 2999) {
            CHECK(std::isnan(slope[i]));
            continue;
        }
        squares += (predicted[i] - maps.y[i]) * (predicted[i] - maps.y[i]);
    }
    CHECK(std::sqrt(squares / 2998) < 0.65);  // the noise itself: 2 / sqrt(12) = 0.58
    // Standardised: slopes are in standard deviations, in one proportion to what was planted.
    const double proportion = slope[25 * 60 + 50] / 5;
    for (const std::size_t column : {10u, 20u, 30u, 40u})
        CHECK(slope[25 * 60 + column] ==
              Approx(proportion * static_cast<double>(column) / 10).margin(0.5 * proportion));
    const InputTable local("local", box.path("local.gpkg"), true);
    const auto errors = read_raster(box.path("errors.tif"), 1), tested = read_raster(box.path("significance.tif"), 1);
    for (std::size_t row = 0; row < 500; row += 50) {
        const auto cell = static_cast<std::size_t>(*local.number(row, local.column("row"))) * 60 +
                          static_cast<std::size_t>(*local.number(row, local.column("column")));
        CHECK(*local.number(row, local.column("b_a")) == Approx(slope[cell]).margin(1e-3));
        CHECK(*local.number(row, local.column("se_a")) == Approx(errors[cell]).epsilon(1e-5));
        CHECK(*local.number(row, local.column("sig_a")) == tested[cell]);
    }
    CHECK(read_text(box.path("report.html")).find("Local R2 of") == std::string::npos);
    // Without errors there is no significance, and the coefficients are the same.
    const Sandbox rest;
    run_on(maps, {{"method", std::string("mgwr")},
                  {"samples", std::string("500")},
                  {"inference_rows", std::string("100")},
                  {"coefficients", rest.path("slopes.tif")},
                  {"coefficient_errors", rest.path("errors.tif")},
                  {"significance", rest.path("significance.tif")}});
    CHECK(read_raster(rest.path("slopes.tif"), 1)[1000] == slope[1000]);
    CHECK(std::isnan(read_raster(rest.path("errors.tif"), 1)[1000]));
    CHECK(std::isnan(read_raster(rest.path("significance.tif"), 1)[1000]));
    for (const char* name : {"local_r2", "prediction_error"}) {
        Values wrong = maps.arguments();
        wrong.insert({{"method", std::string("mgwr")}, {name, box.path("never.tif")}});
        CHECK_THAT(error_of("gwr", wrong), ContainsSubstring("METHOD=mgwr does not tell it"));
    }
}

TEST_CASE("GWR of rasters: the prediction with other drivers", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    const Values common = {{"bandwidth", std::string("80")}, {"samples", std::string("800")}};
    Values now = common, later = common;
    now["prediction"] = box.path("now.tif");
    now["coefficients"] = box.path("slopes.tif");
    run_on(maps, now);
    RasterRecipe recipe;
    recipe.width = 60;
    recipe.height = 50;
    recipe.type = GDT_Float64;
    recipe.bands = {maps.a};
    for (double& value : recipe.bands[0]) value += 10;
    later["prediction"] = box.path("later.tif");
    later["predict_drivers"] = Texts{make_raster(box, "more.tif", recipe), maps.paths[2]};
    run_on(maps, later);
    const auto before = read_raster(box.path("now.tif")), after = read_raster(box.path("later.tif"));
    const auto slope = read_raster(box.path("slopes.tif"), 1);
    for (std::size_t i = 0; i < 2999; i += 13)
        if (i != 60) CHECK(after[i] - before[i] == Approx(10 * slope[i]).epsilon(1e-4).margin(1e-4));
    CHECK(std::isnan(after[60]));          // no driver then either
    CHECK_FALSE(std::isnan(after[2999]));  // a hole of the drivers, not of those to come
    Values wrong = maps.arguments();
    wrong["predict_drivers"] = Texts{maps.paths[2]};
    CHECK_THAT(error_of("gwr", wrong), ContainsSubstring("PREDICT_DRIVERS: 1 bands, but there are 2 drivers"));
}

TEST_CASE("GWR of rasters: each driver alone, as a table; responses that do not vary are left out", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    RasterRecipe recipe;
    recipe.width = 60;
    recipe.height = 50;
    recipe.bands = {std::vector<double>(3000, 4)};
    const std::string same = make_raster(box, "same.tif", recipe);
    Values arguments = {{"mode", std::string("each")},
                        {"responses", Texts{same, maps.paths[0]}},
                        {"driver_maps", Texts{maps.paths[1], maps.paths[2]}},
                        {"bandwidth", std::string("100")},
                        {"samples", std::string("500")},
                        {"coefficients", box.path("slopes.tif")},
                        {"r2_by_driver", box.path("r2.csv")},
                        {"global", box.path("global.csv")}};
    run_algorithm("gwr", arguments);
    const auto rows = read_csv(box.path("r2.csv"));
    REQUIRE(rows.size() == 2);
    CHECK(rows[0] == Texts{"response", "r2_without_drivers", "r2_a", "r2_b"});
    const auto of = [&](const std::string& drivers, const std::string& method) {
        return csv_cell(box.path("global.csv"), {{"response", "y"}, {"drivers", drivers}, {"method", method}}, "r2");
    };
    CHECK(rows[1] == Texts{"y", of("", "intercept"), of("a", "gwr"), of("b", "gwr")});
    // The driver that was planted strongly tells more than the place alone.
    CHECK(std::stod(rows[1][2]) > std::stod(rows[1][1]) + 0.1);
    CHECK(read_raster(box.path("slopes.tif"), 1)[30] > 0);
    arguments.erase("coefficients");
    arguments["responses"] = Texts{same};
    arguments["r2_by_driver"] = box.path("again.csv");
    arguments.erase("global");
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("there is nothing to explain"));
}

TEST_CASE("GWR of rasters: planted on the sample region, a local and a global coefficient are told apart", "[gwr]") {
    const Sandbox box;
    const std::string elevation = source_file("metadata/sample/elevation.tif");
    const std::vector<double> height = read_raster(elevation);
    REQUIRE(height.size() == 240 * 200);
    RasterRecipe recipe;
    recipe.width = 240;
    recipe.height = 200;
    recipe.type = GDT_Float64;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    recipe.transform = {330000, 100, 0, 4260000, 0, -100};
    recipe.epsg = 32649;
    const auto planted = [](std::size_t cell) {
        return std::sin(static_cast<double>(cell % 240) / 30) * std::cos(static_cast<double>(cell / 240) / 30);
    };
    std::vector<double> local(48000), response(48000, -9999);
    for (std::size_t i = 0; i < 48000; ++i) {
        local[i] = uniform(5, i) - 0.5;
        if (!std::isnan(height[i]))
            response[i] = 3 * planted(i) * local[i] + 0.005 * height[i] + 0.5 * (uniform(6, i) - 0.5);
    }
    recipe.bands = {local};
    const std::string local_map = make_raster(box, "local.tif", recipe);
    recipe.bands = {response};
    const std::string response_map = make_raster(box, "response.tif", recipe);
    const Values common = {{"responses", Texts{response_map}},
                           {"driver_maps", Texts{local_map, elevation}},
                           {"samples", std::string("1500")}};
    Values plain = common;
    plain.insert({{"coefficients", box.path("slopes.tif")}, {"significance", box.path("significance.tif")}});
    CHECK(number(run_algorithm("gwr", plain), "r2") > 0.9);
    const auto slope = read_raster(box.path("slopes.tif"), 1), tested = read_raster(box.path("significance.tif"), 1);
    double agree = 0, count = 0, right = 0, strong = 0;
    for (std::size_t i = 0; i < 48000; i += 7) {
        if (std::isnan(slope[i])) continue;
        ++count;
        agree += std::abs(slope[i] - 3 * planted(i)) < 0.75;
        if (std::abs(planted(i)) < 0.5) continue;
        ++strong;
        right += tested[i] == (planted(i) > 0 ? 1 : -1);
    }
    CHECK(agree / count > 0.9);
    CHECK(right / strong > 0.9);
    Values multiscale = common;
    multiscale.insert({{"method", std::string("mgwr")},
                       {"inference_rows", std::string("100")},
                       {"bandwidths", box.path("bandwidths.csv")}});
    run_algorithm("gwr", multiscale);
    const auto bandwidth = [&](const std::string& term) {
        return std::stod(csv_cell(box.path("bandwidths.csv"), {{"term", term}, {"chosen", "1"}}, "bandwidth"));
    };
    CHECK(bandwidth("local") < 200);
    CHECK(bandwidth("elevation") > 1000);
}

TEST_CASE("GWR of rasters: sampled cells and zones are the same for any number of threads", "[gwr]") {
    const Sandbox box;
    const Maps maps(box);
    run_on(maps,
           {{"grid_size", std::string("700")}, {"bandwidth", std::string("30")}, {"local", box.path("squares.gpkg")}});
    for (const bool zones : {false, true}) {
        std::vector<std::string> tables;
        for (const char* threads : {"1", "3"}) {
            const Sandbox own;
            Values arguments = {{"threads", std::string(threads)},  {"local", own.path("local.geojson")},
                                {"global", own.path("global.csv")}, {"collinearity", own.path("c.csv")},
                                {"folds", std::string("3")},        {"permutations", std::string("5")},
                                {"prediction", own.path("p.tif")}};
            if (zones)
                arguments["zones"] = box.path("squares.gpkg");
            else
                arguments["samples"] = std::string("300");
            run_on(maps, arguments);
            std::string all;
            for (const char* name : {"local.geojson", "global.csv", "c.csv"}) all += read_text(own.path(name));
            for (const double value : read_raster(own.path("p.tif"))) all += number_text(value) + " ";
            tables.push_back(all);
        }
        CHECK(tables[0] == tables[1]);
    }
}
