// Land Carbon Toolbox: Hurst exponent: values of reference programs, a plain loop, gaps, ties, constant series.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/hurst/hurst.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "maths/wide.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Method = HurstMethod;
using Deviation = HurstDeviation;

constexpr float none = std::numeric_limits<float>::quiet_NaN();

/// sin(i^2), i = 1..n: the series of conventions.md.
std::vector<float> sines(int n) {
    std::vector<float> series;
    for (int i = 1; i <= n; ++i) series.push_back(static_cast<float>(std::sin(static_cast<double>(i) * i)));
    return series;
}

/// ln(R/S) of one window, as one would write it down.
std::optional<double> log_ratio(const std::vector<double>& x, double fewer) {
    double mean = 0, y = 0, high = -HUGE_VAL, low = HUGE_VAL, squares = 0;
    for (const double value : x) mean += value / static_cast<double>(x.size());
    for (const double value : x) {
        y += value - mean;
        high = std::max(high, y);
        low = std::min(low, y);
        squares += (value - mean) * (value - mean);
    }
    if (*std::max_element(x.begin(), x.end()) == *std::min_element(x.begin(), x.end())) return std::nullopt;
    return std::log((high - low) / std::sqrt(squares / (static_cast<double>(x.size()) - fewer)));
}

/// The exponent by a plain loop.
HurstResult plain(const std::vector<float>& series, const HurstConvention& convention, std::size_t min_valid = 4) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> x;
    for (const float value : series)
        if (!std::isnan(value)) x.push_back(value);
    const std::size_t n = x.size();
    if (n < min_valid) return {HurstState::too_short, nan, nan, nan};
    std::vector<double> lengths, ratios;
    const bool expanding = convention.method == Method::expanding;
    const double fewer = convention.deviation == Deviation::sample ? 1 : 0;
    std::vector<std::size_t> windows = convention.windows;
    if (windows.empty())
        for (std::size_t tau = expanding ? 3 : 4; tau <= n; ++tau)
            if (expanding || 2 * tau <= n || tau == n) windows.push_back(tau);
    for (const std::size_t tau : windows) {
        if (tau > n) continue;
        double sum = 0;
        int count = 0;
        for (std::size_t start = 0; start + tau <= n && (!expanding || start == 0); start += tau) {
            const auto first = x.begin() + static_cast<std::ptrdiff_t>(start);
            if (const auto ratio = log_ratio({first, first + static_cast<std::ptrdiff_t>(tau)}, fewer)) {
                sum += std::exp(*ratio);
                ++count;
            }
        }
        if (count == 0) continue;
        lengths.push_back(std::log(static_cast<double>(tau)));
        ratios.push_back(std::log(sum / count) - (convention.correction ? std::log(expected_rescaled_range(tau)) : 0));
    }
    const auto k = static_cast<double>(lengths.size());
    if (k < 2) return {HurstState::no_variation, nan, nan, nan};
    double mx = 0, my = 0, xx = 0, xy = 0, yy = 0, rest = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        mx += lengths[i] / k;
        my += ratios[i] / k;
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        xx += (lengths[i] - mx) * (lengths[i] - mx);
        xy += (lengths[i] - mx) * (ratios[i] - my);
        yy += (ratios[i] - my) * (ratios[i] - my);
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) rest += std::pow(ratios[i] - my - xy / xx * (lengths[i] - mx), 2);
    return {HurstState::fitted, xy / xx + (convention.correction ? 0.5 : 0),
            k > 2 ? std::sqrt(rest / (k - 2) / xx) : nan, yy > 1e-20 ? 1 - rest / yy : nan};
}

void check_same(double value, double expected) {
    if (std::isnan(expected))
        CHECK(std::isnan(value));
    else
        CHECK(value == Approx(expected).epsilon(1e-9).margin(1e-9));
}

const std::vector<HurstConvention>& conventions() {
    static const std::vector<HurstConvention> all = [] {
        std::vector<HurstConvention> list;
        for (const Method method : {Method::expanding, Method::chunks})
            for (const Deviation deviation : {Deviation::population, Deviation::sample})
                for (const bool correction : {false, true})
                    for (const auto& windows : {std::vector<std::size_t>{}, {4, 5, 10, 20}})
                        list.push_back({method, deviation, correction, windows});
        return list;
    }();
    return all;
}

}  // namespace

TEST_CASE("exponents of sin(i^2) are those of the reference programs", "[hurst]") {
    // The reference values are of series in double precision; the values here are rounded to 32 bits.
    const double tolerance = 1e-8;
    const auto of = [&](int n, const HurstConvention& convention) { return hurst_of(sines(n), convention).hurst; };
    CHECK(of(20, {Method::expanding, Deviation::population, false, {}}) == Approx(.453294538).epsilon(tolerance));
    const std::vector<std::size_t> divisors = {4, 5, 10, 20};
    CHECK(of(20, {Method::chunks, Deviation::sample, false, divisors}) == Approx(.484515190).epsilon(tolerance));
    CHECK(of(20, {Method::chunks, Deviation::population, false, divisors}) == Approx(.412272959).epsilon(tolerance));
    // nolds.
    CHECK(of(20, {Method::chunks, Deviation::sample, true, divisors}) == Approx(.281646010).epsilon(tolerance));
    const std::vector<std::size_t> tens = {10, 20, 40, 50, 100};
    CHECK(of(200, {Method::chunks, Deviation::sample, false, tens}) == Approx(.567878022).epsilon(tolerance));
    CHECK(of(200, {Method::chunks, Deviation::sample, true, tens}) == Approx(.469136732).epsilon(tolerance));
    // Mottl.
    CHECK(of(200, {Method::chunks, Deviation::sample, false, {10, 17, 31, 56, 100, 177, 200}}) ==
          Approx(.504284108764).epsilon(tolerance));
}

TEST_CASE("expected rescaled ranges", "[hurst]") {
    // By hand: n = 2: (1.5/2) Gamma(1/2) / (sqrt(pi) Gamma(1)) * 1; n = 3: (2.5/3) / (sqrt(pi) sqrt(pi)/2) (sqrt 2 +
    // sqrt .5).
    CHECK(expected_rescaled_range(2) == Approx(0.75).epsilon(1e-14));
    CHECK(expected_rescaled_range(3) == Approx(2.5 / 3 * 2 / M_PI * (std::sqrt(2) + std::sqrt(0.5))).epsilon(1e-14));
    // For long windows the gammas' quotient goes to sqrt(2/n).
    double sum = 0;
    for (int i = 1; i < 1000; ++i) sum += std::sqrt((1000.0 - i) / i);
    CHECK(expected_rescaled_range(1000) == Approx(999.5 / 1000 / std::sqrt(1000 * M_PI / 2) * sum).epsilon(1e-3));
}

TEST_CASE("the kernel agrees with a plain loop on series with gaps and ties", "[hurst]") {
    std::mt19937 random(11);
    for (const std::size_t steps : {std::size_t{4}, std::size_t{7}, std::size_t{24}, std::size_t{61}}) {
        constexpr std::size_t cells = 75;
        std::vector<std::vector<float>> series(cells, std::vector<float>(steps));
        for (std::size_t cell = 0; cell < cells; ++cell)
            for (std::size_t step = 0; step < steps; ++step) {
                float& value = series[cell][step];
                value = static_cast<float>(random() % 10000) / 100;
                if (cell % 5 == 1) value = static_cast<float>(random() % 3);                // ties
                if (cell % 5 == 2 && random() % 3 == 0) value = none;                       // gaps
                if (cell % 5 == 3) value = 293.15f + static_cast<float>(random() % 7) / 8;  // large and nearly constant
                if (cell == 5) value = 0.1f;                                                // constant
                if (cell == 10) value = none;
                if (cell == 15) value = step == 0 ? 1.0f : 7.0f;
                if (cell == 20) value = step < 4 ? 1.0f : none;
                if (cell == 30 && step % 2) value = none;
            }
        std::vector<std::vector<float>> bands(steps, std::vector<float>(cells));
        std::vector<const float*> pointers;
        for (std::size_t step = 0; step < steps; ++step) {
            for (std::size_t cell = 0; cell < cells; ++cell) bands[step][cell] = series[cell][step];
            pointers.push_back(bands[step].data());
        }
        const VectorWidth usual = vector_width();
        for (const auto& convention : conventions()) {
            INFO("steps " << steps << ", method " << static_cast<int>(convention.method) << ", deviation "
                          << static_cast<int>(convention.deviation) << ", correction " << convention.correction
                          << ", windows " << convention.windows.size());
            std::vector<double> first;
            for (const VectorWidth width : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
                set_vector_width(width);
                HurstKernel kernel(convention, steps, 4);
                std::vector<double> hurst(cells), error(cells), fit(cells);
                std::vector<HurstState> states(cells);
                kernel(pointers, cells, hurst.data(), error.data(), fit.data(), states.data());
                std::vector<double> all = hurst;
                all.insert(all.end(), error.begin(), error.end());
                all.insert(all.end(), fit.begin(), fit.end());
                for (double& value : all)
                    if (std::isnan(value)) value = -1e9;
                if (first.empty())
                    first = all;
                else
                    CHECK(all == first);  // the same bits
                if (width != VectorWidth::baseline) continue;
                for (std::size_t cell = 0; cell < cells; ++cell) {
                    INFO("cell " << cell);
                    const HurstResult expected = plain(series[cell], convention);
                    CHECK(states[cell] == expected.state);
                    check_same(hurst[cell], expected.hurst);
                    // With three windows or more; a perfect fit has no error but for rounding.
                    check_same(error[cell], expected.error);
                    check_same(fit[cell], expected.fit);
                    // The neighbours do not matter.
                    const HurstResult alone = hurst_of(series[cell], convention);
                    CHECK((alone.hurst == hurst[cell] || std::isnan(alone.hurst)));
                }
            }
        }
        set_vector_width(usual);
    }
}

TEST_CASE("the exponent does not depend on unit and zero of the series", "[hurst]") {
    const auto series = sines(24);
    std::vector<float> other;
    for (const float value : series) other.push_back(value * 64 + 0);
    for (const auto& convention : conventions()) {
        const HurstResult a = hurst_of(series, convention), b = hurst_of(other, convention);
        CHECK(a.hurst == Approx(b.hurst).epsilon(1e-13));
        CHECK(a.error == Approx(b.error).epsilon(1e-10));
        // A gap is as if the step were not there.
        std::vector<float> gap = series;
        gap.insert(gap.begin() + 7, none);
        gap.push_back(none);
        CHECK(hurst_of(gap, convention).hurst == Approx(a.hurst).epsilon(1e-13));
    }
}

TEST_CASE("series too short or without variation", "[hurst]") {
    const HurstConvention usual;
    CHECK(hurst_of({1, 2, 3}, usual).state == HurstState::too_short);
    CHECK(hurst_of({1, none, 2, none, 3, none}, usual).state == HurstState::too_short);
    CHECK(hurst_of(std::vector<float>(20, 0.1f), usual).state == HurstState::no_variation);
    // One window varies: no line.
    CHECK(hurst_of({5, 5, 5, 5, 6}, usual).state == HurstState::no_variation);
    // Two windows: a line without an error.
    const HurstResult two = hurst_of({1, 2, 4, 3}, usual);
    CHECK(two.state == HurstState::fitted);
    CHECK(std::isnan(two.error));
    CHECK(two.fit == Approx(1));
    // R/S by hand: 1 2 4: m 7/3, y -4/3 -5/3 0, R 5/3, S sqrt(14/9); 1 2 4 3: m 2.5, y -1.5 -2 -.5 0, R 2, S sqrt 1.25.
    CHECK(two.hurst ==
          Approx(std::log((2 / std::sqrt(1.25)) / (5.0 / 3 / std::sqrt(14.0 / 9))) / std::log(4.0 / 3)).epsilon(1e-12));
}

namespace {

std::string stack(const Sandbox& box, const std::vector<std::vector<float>>& cells) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(cells.size());
    recipe.type = GDT_Float32;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    recipe.bands.resize(cells.front().size());
    for (const auto& series : cells)
        for (std::size_t step = 0; step < series.size(); ++step)
            recipe.bands[step].push_back(std::isnan(series[step]) ? -9999.0 : static_cast<double>(series[step]));
    return make_raster(box, "series.tif", recipe);
}

}  // namespace

TEST_CASE("maps, classes and numbers of the Hurst exponent", "[hurst]") {
    const Sandbox box;
    std::vector<float> gaps = sines(20), few(20, none);
    gaps[3] = gaps[11] = none;
    few[2] = 1;
    std::vector<float> alternating, wandering;
    for (int i = 0; i < 20; ++i) {
        alternating.push_back(static_cast<float>(i % 2) + static_cast<float>(i % 3) * 0.1f);
        wandering.push_back(static_cast<float>(i * i));
    }
    const std::vector<std::vector<float>> cells = {
        sines(20), gaps, few, std::vector<float>(20, none), std::vector<float>(20, 4), alternating, wandering};
    const std::map<std::string, Value> base = {{"series", std::vector<std::string>{stack(box, cells)}}};
    auto arguments = base;
    arguments.insert({{"hurst", box.path("h.tif")},
                      {"classes", box.path("c.tif")},
                      {"summary", box.path("s.csv")},
                      {"report", box.path("r.html")}});
    const auto results = run_algorithm("hurst", arguments);
    const HurstConvention usual;
    double sum = 0;
    int fitted = 0, persistent = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        INFO("cell " << i);
        const HurstResult expected = plain(cells[i], usual, 10);
        for (const auto& [band, value] :
             {std::pair{1, expected.hurst}, std::pair{2, expected.error}, std::pair{3, expected.fit}}) {
            const double cell = read_raster(box.path("h.tif"), band)[i];
            if (std::isnan(value))
                CHECK(std::isnan(cell));
            else
                CHECK(cell == Approx(value).epsilon(1e-6));
        }
        const double code = read_raster(box.path("c.tif"))[i];
        if (expected.state != HurstState::fitted) {
            CHECK(std::isnan(code));
            continue;
        }
        CHECK(code == (expected.hurst > 0.5 ? 3 : 1));
        sum += expected.hurst;
        ++fitted;
        persistent += expected.hurst > 0.5;
    }
    REQUIRE(fitted == 4);
    CHECK(persistent == 1);
    CHECK(number(results, "mean") == Approx(sum / 4).epsilon(1e-6));
    CHECK(number(results, "persistent_share") == 0.25);
    CHECK(number(results, "antipersistent_share") == 0.75);
    CHECK(number(results, "too_short") == 1);
    CHECK(number(results, "no_variation") == 1);
    CHECK(csv_cell(box.path("s.csv"), {{"class", "1"}}, "cells") == "3");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "1"}}, "share") == "0.75");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "mean_hurst").empty());
    const std::string html = read_text(box.path("r.html"));
    CHECK_THAT(html, ContainsSubstring("tau = 3 to 20"));
    CHECK_THAT(html, ContainsSubstring("population standard deviation"));
    CHECK_THAT(html, ContainsSubstring("no small-sample correction"));
    CHECK_THAT(html, ContainsSubstring("fewer than 30"));
    // The parameters arrive.
    auto other = base;
    other.insert({{"method", "chunks"},
                  {"deviation", "sample"},
                  {"correction", "true"},
                  {"windows", "4,5,10,20"},
                  {"min_valid", "19"},
                  {"hurst", box.path("other.tif")}});
    run_algorithm("hurst", other);
    CHECK(read_raster(box.path("other.tif"))[0] == Approx(.281646010).epsilon(1e-6));
    CHECK(std::isnan(read_raster(box.path("other.tif"))[1]));
    auto margin = base;
    margin["random_margin"] = "0.5";
    CHECK(number(run_algorithm("hurst", margin), "antipersistent_share") < 0.75);
}

TEST_CASE("the Hurst exponent says what is wrong", "[hurst]") {
    const Sandbox box;
    const auto with = [&](const std::vector<float>& series, std::map<std::string, Value> extra) {
        extra.insert({"series", std::vector<std::string>{stack(box, {series})}});
        return error_of("hurst", extra);
    };
    CHECK_THAT(with({1, 2, 3}, {}), ContainsSubstring("SERIES has 3 steps"));
    CHECK_THAT(with(std::vector<float>(9, 1), {}), ContainsSubstring("no cell varies"));
    CHECK_THAT(with(std::vector<float>(9, none), {}), ContainsSubstring("no cell has a value"));
    CHECK_THAT(with(sines(9), {{"min_valid", "10"}}), ContainsSubstring("only 9 steps"));
    CHECK_THAT(with(sines(9), {{"windows", "4,3"}}), ContainsSubstring("ascending"));
    CHECK_THAT(with(sines(9), {{"windows", "4"}}), ContainsSubstring("two or more"));
    CHECK_THAT(with(sines(9), {{"windows", "4,20"}}), ContainsSubstring("fewer than two of the lengths fit"));
    CHECK_THAT(with(sines(9), {{"windows", "1,x"}}), ContainsSubstring("\"1\" is not a length"));
}
