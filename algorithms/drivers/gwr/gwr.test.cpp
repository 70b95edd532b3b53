// Land Carbon Toolbox: tests of geographically weighted regression of rasters.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/gwr.hpp"

#include <cmath>
#include <limits>

#include "drivers/gwr/coefficient_lattice.hpp"
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
    explicit Maps(const Sandbox& box, bool geographic = false) {
        RasterRecipe recipe = geographic ? geographic_recipe(60, 50, 179.7, 10, 0.01) : RasterRecipe{};
        recipe.width = 60;
        recipe.height = 50;
        recipe.type = GDT_Float64;
        recipe.has_nodata = true;
        recipe.nodata = -9999;
        for (std::uint64_t i = 0; i < 3000; ++i) {
            a.push_back(uniform(1, i));
            b.push_back(5 + uniform(2, i));
            y.push_back(2 + static_cast<double>(i % 60) / 10 * a.back() - b.back() + 0.1 * (uniform(3, i) - 0.5));
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
    CHECK_THAT(error_of("gwr", arguments), ContainsSubstring("DRIVER_NAMES: 1 names for 2 bands"));
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
