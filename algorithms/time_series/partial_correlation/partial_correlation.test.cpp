// Land Carbon Toolbox: partial correlation: Longley's data, closed forms, gaps, singular matrices, p of Student's t.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/partial_correlation/partial_correlation.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "maths/wide.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Series = std::vector<double>;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

// Longley (1967), JASA 62, 819-841.
const Series gnp = {234.289, 259.426, 258.054, 284.599, 328.975, 346.999, 365.385, 363.112,
                    397.469, 419.180, 442.769, 444.546, 482.704, 502.601, 518.173, 554.894};
const Series unemployed = {235.6, 232.5, 368.2, 335.1, 209.9, 193.2, 187.0, 357.8,
                           290.4, 282.2, 293.6, 468.1, 381.3, 393.1, 480.6, 400.7};
const Series population = {107.608, 108.632, 109.773, 110.929, 112.075, 113.270, 115.094, 116.219,
                           117.388, 118.734, 120.445, 121.950, 123.366, 125.368, 127.852, 130.081};
const Series employed = {60.323, 61.122, 60.171, 61.187, 63.221, 63.639, 64.989, 63.761,
                         66.019, 67.857, 68.169, 66.513, 68.655, 69.564, 69.331, 70.551};

double correlation(const Series& a, const Series& b) {
    const auto n = static_cast<double>(a.size());
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ma += a[i] / n;
        mb += b[i] / n;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return ab / std::sqrt(aa * bb);
}

double student(double df, double r) {
    const double t = std::abs(r) * std::sqrt(df / ((1 - r) * (1 + r)));
    return 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(df), t));
}

Series noise(unsigned seed, std::size_t n) {
    std::mt19937 random(seed);
    Series series(n);
    for (double& value : series) value = static_cast<double>(random() % 100000) / 1000;
    return series;
}

}  // namespace

TEST_CASE("partial correlations of Longley's data are those of ppcor", "[partial_correlation]") {
    const PartialResult result = partial_correlation_of(employed, {gnp, population, unemployed});
    CHECK(result.state == PartialState::computed);
    CHECK(result.n == 16);
    CHECK(result.r[0] == Approx(.628428064662).epsilon(1e-11));
    CHECK(result.p[0] == Approx(.0160860311555).epsilon(1e-11));
    CHECK(result.r[1] == Approx(-.164476609).epsilon(1e-8));
    CHECK(result.p[1] == Approx(.574192).epsilon(1e-6));
    CHECK(partial_correlation_of(gnp, {population, employed, unemployed}).r[0] == Approx(.866537022).epsilon(1e-8));
    // Units do not matter, however small.
    Series small = gnp;
    for (double& value : small) value *= 1e-5;
    CHECK(partial_correlation_of(employed, {small, population, unemployed}).r[0] ==
          Approx(.628428064662).epsilon(1e-11));
    CHECK(correlation_class(result.r[0], result.p[0]) == 1);
}

TEST_CASE("with two drivers the closed form holds, with one it is the plain correlation", "[partial_correlation]") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const Series y = noise(seed, 15), x = noise(seed + 100, 15), z = noise(seed + 200, 15);
        const double xy = correlation(x, y), xz = correlation(x, z), yz = correlation(y, z);
        const PartialResult result = partial_correlation_of(y, {x, z});
        CHECK(result.r[0] == Approx((xy - xz * yz) / std::sqrt((1 - xz * xz) * (1 - yz * yz))).epsilon(1e-10));
        CHECK(result.r[1] == Approx((yz - xy * xz) / std::sqrt((1 - xy * xy) * (1 - xz * xz))).epsilon(1e-10));
        CHECK(result.p[0] == Approx(student(12, result.r[0])).epsilon(1e-9));
        CHECK(partial_correlation_of(y, {x}).r[0] == Approx(xy).epsilon(1e-10));
    }
}

TEST_CASE("p of a correlation is that of Student's t", "[partial_correlation]") {
    for (const double df : {1., 2., 3., 4., 9., 12., 21., 40., 99.})
        for (const double r : {0.0, 1e-6, 0.0123, 0.2, 0.5, 0.70710678, 0.7072, 0.9, 0.99, 0.999999}) {
            INFO("df " << df << ", r " << r);
            const double expected = student(df, r);
            if (expected > 1e-280) CHECK(correlation_p_value(df, r) == Approx(expected).epsilon(1e-9));
            CHECK(correlation_p_value(df, -r) == correlation_p_value(df, r));
        }
    CHECK(correlation_p_value(5, 0) == 1);
    CHECK(correlation_p_value(5, 1) == 0);
    // df 2: p = 1 - |r|; the density of r is even.
    CHECK(correlation_p_value(2, 0.3) == Approx(0.7).epsilon(1e-12));
}

TEST_CASE("classes of correlations", "[partial_correlation]") {
    CHECK(correlation_class(0.9, 0.0099) == 2);
    CHECK(correlation_class(0.9, 0.01) == 1);
    CHECK(correlation_class(-0.9, 0.0499) == -1);
    CHECK(correlation_class(-0.9, 0.001) == -2);
    CHECK(correlation_class(0.9, 0.05) == 0);
}

TEST_CASE("singular matrices, gaps and short series", "[partial_correlation]") {
    const Series y = noise(1, 12), x = noise(2, 12), z = noise(3, 12);
    Series twice = x, sum = x, constant(12, 0.1), combination = x;
    for (std::size_t i = 0; i < 12; ++i) {
        twice[i] = 2 * x[i] - 7;
        sum[i] = x[i] + z[i];
        combination[i] = 3 * x[i] - z[i];
    }
    CHECK(partial_correlation_of(y, {x, twice}).state == PartialState::singular);
    CHECK(partial_correlation_of(y, {x, z, sum}).state == PartialState::singular);
    CHECK(partial_correlation_of(y, {x, constant}).state == PartialState::singular);
    CHECK(partial_correlation_of(constant, {x, z}).state == PartialState::singular);
    CHECK(partial_correlation_of(combination, {x, z}).state == PartialState::singular);
    CHECK(std::isnan(partial_correlation_of(y, {x, twice}).r[0]));
    CHECK(std::isnan(partial_correlation_of(y, {x, twice}).p[1]));
    // Nearly the same is not the same.
    twice[4] += 0.5;
    CHECK(partial_correlation_of(y, {x, twice}).state == PartialState::computed);

    // A step that lacks anything is as if it were not there.
    Series gy = y, gx = x, gz = z;
    gy.insert(gy.begin() + 3, 5);
    gx.insert(gx.begin() + 3, none);
    gz.insert(gz.begin() + 3, 99);
    gy.push_back(none);
    gx.push_back(1);
    gz.push_back(2);
    const PartialResult whole = partial_correlation_of(y, {x, z}), gaps = partial_correlation_of(gy, {gx, gz});
    CHECK(gaps.n == 12);
    CHECK(gaps.r == whole.r);
    CHECK(gaps.p == whole.p);
    CHECK(partial_correlation_of({1, 2, 4}, {{1, 3, 2}, {2, 1, 1}}).state == PartialState::too_short);
    CHECK(partial_correlation_of({1, 2, 4, none}, {{1, 3, 2, 1}, {2, 1, 1, 1}}).state == PartialState::too_short);
    // One degree of freedom.
    CHECK(partial_correlation_of({1, 2, 4, 3}, {{1, 3, 2, 1}, {2, 1, 1, 5}}).state == PartialState::computed);
    CHECK(partial_correlation_of(y, {x, z}, 13).state == PartialState::too_short);
}

TEST_CASE("the kernel gives the same bits at any width, beside any neighbours", "[partial_correlation]") {
    constexpr std::size_t cells = 83, steps = 14, drivers = 3;
    std::mt19937 random(5);
    std::vector<std::vector<float>> bands((drivers + 1) * steps, std::vector<float>(cells));
    for (auto& band : bands)
        for (std::size_t i = 0; i < cells; ++i) {
            band[i] = static_cast<float>(random() % 1000) / 7;
            if (i % 9 == 3 && random() % 6 == 0) band[i] = std::numeric_limits<float>::quiet_NaN();
        }
    for (std::size_t step = 0; step < steps; ++step) bands[steps + step][40] = 3;  // constant
    std::vector<const float*> series;
    for (const auto& band : bands) series.push_back(band.data());
    const CorrelationTest test(1, steps);
    const VectorWidth usual = vector_width();
    std::vector<double> first;
    for (const VectorWidth width : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
        set_vector_width(width);
        PartialCorrelationKernel kernel(drivers, steps, 7, test);
        std::vector<double> r(drivers * cells), p(drivers * cells), n(cells);
        std::vector<PartialState> states(cells);
        kernel(series, cells, r.data(), p.data(), n.data(), states.data());
        CHECK(states[40] == PartialState::singular);
        std::vector<double> all = r;
        all.insert(all.end(), p.begin(), p.end());
        for (double& value : all)
            if (std::isnan(value)) value = 9;
        if (first.empty()) first = all;
        CHECK(all == first);
        for (std::size_t i = 0; i < cells; ++i) {
            const auto of = [&](std::size_t v) {
                Series values;
                for (std::size_t step = 0; step < steps; ++step) values.push_back(bands[v * steps + step][i]);
                return values;
            };
            const PartialResult alone = partial_correlation_of(of(0), {of(1), of(2), of(3)}, 7);
            CHECK(alone.state == states[i]);
            CHECK(alone.n == n[i]);
            for (std::size_t d = 0; d < drivers; ++d)
                if (states[i] == PartialState::computed) CHECK(alone.r[d] == r[d * cells + i]);
        }
    }
    set_vector_width(usual);
}

TEST_CASE("groups of drivers", "[partial_correlation]") {
    CHECK(driver_groups("", 6, 3) == std::vector<std::string>{"Driver 1", "Driver 2"});
    CHECK(driver_groups("temperature, rain", 6, 3) == std::vector<std::string>{"temperature", "rain"});
    CHECK_THROWS_WITH(driver_groups("", 7, 3), ContainsSubstring("as many bands of every driver"));
    CHECK_THROWS_WITH(driver_groups("", 3, 3), ContainsSubstring("two or more"));
    CHECK_THROWS_WITH(driver_groups("a,b", 9, 3), ContainsSubstring("2 x 3 = 6 bands are needed"));
    CHECK_THROWS_WITH(driver_groups("a,a", 6, 3), ContainsSubstring("twice"));
}

namespace {

/// A raster with one cell a series and one band a step.
std::string stack(const Sandbox& box, const std::string& name, const std::vector<Series>& cells) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(cells.size());
    recipe.type = GDT_Float64;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    recipe.bands.resize(cells.front().size());
    for (const auto& series : cells)
        for (std::size_t step = 0; step < series.size(); ++step)
            recipe.bands[step].push_back(std::isnan(series[step]) ? -9999.0 : series[step]);
    return make_raster(box, name, recipe);
}

}  // namespace

TEST_CASE("maps, classes and numbers of the partial correlation", "[partial_correlation]") {
    const Sandbox box;
    const Series missing(16, none), constant(16, 5);
    Series few(16, none);
    few[0] = few[1] = 1;
    const std::vector<std::string> response = {stack(box, "y.tif", {employed, employed, missing, employed, few})};
    const std::vector<std::string> drivers = {
        stack(box, "gnp.tif", {gnp, gnp, gnp, gnp, gnp}),
        stack(box, "population.tif", {population, population, population, constant, population}),
        stack(box, "unemployed.tif", {unemployed, unemployed, unemployed, unemployed, unemployed})};
    const auto results = run_algorithm("partial_correlation", {{"response", response},
                                                               {"drivers", drivers},
                                                               {"driver_names", "gnp,population,unemployed"},
                                                               {"correlations", box.path("r.tif")},
                                                               {"classes", box.path("c.tif")},
                                                               {"summary", box.path("s.csv")},
                                                               {"report", box.path("r.html")}});
    for (const std::size_t cell : {0u, 1u}) {
        CHECK(read_raster(box.path("r.tif"), 1)[cell] == Approx(.628428064662).epsilon(1e-5));
        CHECK(read_raster(box.path("r.tif"), 2)[cell] == Approx(.0160860311555).epsilon(1e-4));
        CHECK(read_raster(box.path("r.tif"), 3)[cell] == 16);
        CHECK(read_raster(box.path("r.tif"), 4)[cell] == Approx(-.164476609).epsilon(1e-4));
        CHECK(read_raster(box.path("c.tif"), 1)[cell] == 1);
        CHECK(read_raster(box.path("c.tif"), 2)[cell] == 0);
    }
    for (const std::size_t cell : {2u, 3u, 4u})
        for (int band = 1; band <= 9; ++band) {
            CHECK(std::isnan(read_raster(box.path("r.tif"), band)[cell]));
            if (band <= 3) CHECK(std::isnan(read_raster(box.path("c.tif"), band)[cell]));
        }
    CHECK(number(results, "singular") == 1);
    CHECK(number(results, "too_short") == 1);
    CHECK(number(results, "significant_share") == 1);
    CHECK(value_text(results.at("strongest_driver")) == "gnp");
    CHECK(csv_cell(box.path("s.csv"), {{"driver", "gnp"}, {"class", "1"}}, "cells") == "2");
    CHECK(csv_cell(box.path("s.csv"), {{"driver", "population"}, {"class", "0"}}, "share") == "1");
    CHECK(std::stod(csv_cell(box.path("s.csv"), {{"driver", "gnp"}, {"class", "2"}}, "mean_r")) ==
          Approx(.628428).epsilon(1e-4));
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("df = n - 4"));

    // One file a step, in the same order, is the same.
    std::vector<std::string> single;
    for (const Series& driver : {gnp, unemployed})
        for (std::size_t step = 0; step < 16; ++step)
            single.push_back(stack(box, "step" + std::to_string(single.size()) + ".tif",
                                   {{driver[step]}, {driver[step]}, {driver[step]}, {driver[step]}, {driver[step]}}));
    run_algorithm("partial_correlation",
                  {{"response", response}, {"drivers", single}, {"correlations", box.path("single.tif")}});
    const double expected = partial_correlation_of(employed, {gnp, unemployed}).r[1];
    CHECK(read_raster(box.path("single.tif"), 4)[0] == Approx(expected).epsilon(1e-5));
}

TEST_CASE("the partial correlation says what is wrong", "[partial_correlation]") {
    const Sandbox box;
    const auto with = [&](const Series& y, const std::vector<Series>& x, std::map<std::string, Value> extra) {
        std::vector<std::string> drivers;
        for (const auto& driver : x)
            drivers.push_back(stack(box, "x" + std::to_string(drivers.size()) + ".tif", {driver}));
        extra.insert({{"response", std::vector<std::string>{stack(box, "y.tif", {y})}}, {"drivers", drivers}});
        return error_of("partial_correlation", extra);
    };
    const Series a = noise(1, 6), b = noise(2, 6);
    CHECK_THAT(with(a, {b}, {}), ContainsSubstring("two or more"));
    CHECK_THAT(with(a, {b, noise(3, 5)}, {}), ContainsSubstring("DRIVERS has 11 bands, RESPONSE has 6"));
    CHECK_THAT(with(a, {b, b}, {}), ContainsSubstring("singular"));
    CHECK_THAT(with(Series(6, none), {a, b}, {}), ContainsSubstring("no cell has response and all drivers"));
    CHECK_THAT(with({1, 2, 3}, {{1, 2, 4}, {4, 2, 3}}, {}), ContainsSubstring("at least 4 are needed"));
    CHECK_THAT(with(a, {b, noise(3, 6)}, {{"driver_names", "x"}}), ContainsSubstring("DRIVER_NAMES"));
    CHECK_THAT(with(a, {b, noise(3, 6)}, {{"min_valid", "7"}}), ContainsSubstring("only 6 steps"));
}
