// Land Carbon Toolbox: soil respiration: hand-computed values, lengths of months, gaps and invalid rain.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/soil_respiration/soil_respiration.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "maths/wide.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// A raster of one row whose bands hold the given cells; -9999 is NoData.
std::string stack(const Sandbox& box, const std::string& name, const std::vector<std::vector<double>>& bands) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(bands.front().size());
    recipe.bands = bands;
    recipe.type = GDT_Float32;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    return make_raster(box, name, recipe);
}

std::vector<std::vector<double>> repeated(std::size_t bands, const std::vector<double>& cells) {
    return std::vector<std::vector<double>>(bands, cells);
}

double by_hand(double t, double r, double days) {
    return 0.22 * (std::exp(0.0912 * t) + std::log(0.3145 * r + 1)) * days * 0.465;
}

}  // namespace

TEST_CASE("respiration of one step by hand", "[soil_respiration]") {
    const RespirationConstants usual;
    CHECK(soil_respiration_of(0, 0, 30, usual) == Approx(3.069).epsilon(1e-14));
    CHECK(soil_respiration_of(10, 50, 30, usual) == Approx(16.28473).epsilon(1e-6));
    CHECK(soil_respiration_of(-12.5, 3, 31, usual) == Approx(by_hand(-12.5, 3, 31)).epsilon(1e-14));
    CHECK(soil_respiration_of(28, 400, 28, usual) == Approx(by_hand(28, 400, 28)).epsilon(1e-14));
    const RespirationConstants other{0.5, 0, 1, 1};
    CHECK(soil_respiration_of(99, std::exp(2.0) - 1, 1, other) == Approx(1.5).epsilon(1e-14));
}

TEST_CASE("days of months and years", "[soil_respiration]") {
    double common = 0, leap = 0, century = 0, round_century = 0;
    for (int month = 0; month < 12; ++month) {
        CHECK(days_of_month(MonthDays::thirty, month, 2000) == 30);
        common += days_of_month(MonthDays::calendar, month, std::nullopt);
        leap += days_of_month(MonthDays::calendar, month, 2004);
        century += days_of_month(MonthDays::calendar, month, 1900);
        round_century += days_of_month(MonthDays::calendar, month, 2000);
    }
    CHECK(common == 365);
    CHECK(leap == 366);
    CHECK(century == 365);
    CHECK(round_century == 366);
    CHECK(days_of_month(MonthDays::calendar, 1, 2004) == 29);
    CHECK(days_of_year(MonthDays::thirty, 2004) == 30);
    CHECK(days_of_year(MonthDays::calendar, 2004) == 366);
    CHECK(days_of_year(MonthDays::calendar, std::nullopt) == 365);
}

TEST_CASE("the respiration kernel gives the same bits at any width and length", "[soil_respiration]") {
    std::vector<float> t, r;
    for (int i = 0; i < 203; ++i) {
        t.push_back(static_cast<float>(i) * 0.31f - 25);
        r.push_back(i % 17 == 0 ? -1.0f : static_cast<float>(i % 50) * 7.3f);
    }
    t[5] = std::numeric_limits<float>::quiet_NaN();
    const VectorWidth usual = vector_width();
    std::vector<double> first;
    for (const VectorWidth width : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
        set_vector_width(width);
        std::vector<double> sums(t.size(), 1.0);
        CHECK(add_respiration(t.data(), r.data(), t.size(), 30, {}, sums.data()) == 12);
        if (first.empty()) first = sums;
        for (std::size_t i = 0; i < t.size(); ++i) {
            std::vector<double> single = {1.0};
            add_respiration(&t[i], &r[i], 1, 30, {}, single.data());
            const bool none = i % 17 == 0 || i == 5;
            CHECK(std::isnan(sums[i]) == none);
            if (!none) {
                CHECK(sums[i] == first[i]);
                CHECK(sums[i] == single[0]);
            }
        }
    }
    set_vector_width(usual);
}

TEST_CASE("months are summed to years", "[soil_respiration]") {
    const Sandbox box;
    std::vector<std::vector<double>> t, r;
    for (int step = 0; step < 24; ++step) {
        t.push_back({step - 5.0, 10, step == 3 ? -9999.0 : 10, 5});
        r.push_back({step * 4.0, 20, 20, step == 20 ? -1.0 : 5});
    }
    const auto map = box.path("respiration.tif"), table = box.path("years.csv"), page = box.path("report.html");
    const std::map<std::string, Value> inputs = {{"temperature", std::vector<std::string>{stack(box, "t.tif", t)}},
                                                 {"precipitation", std::vector<std::string>{stack(box, "r.tif", r)}}};
    auto arguments = inputs;
    arguments.insert({{"respiration", map}, {"by_year", table}, {"report", page}});
    const auto results = run_algorithm("soil_respiration", arguments);
    double first = 0, second = 0;
    for (int step = 0; step < 12; ++step) {
        first += by_hand(step - 5, step * 4, 30);
        second += by_hand(step + 7, step * 4 + 48, 30);
    }
    const double still = 12 * by_hand(10, 20, 30), fourth = 12 * by_hand(5, 5, 30);
    const auto year1 = read_raster(map, 1), year2 = read_raster(map, 2);
    CHECK(year1[0] == Approx(first).epsilon(1e-6));
    CHECK(year2[0] == Approx(second).epsilon(1e-6));
    CHECK(year1[1] == Approx(still).epsilon(1e-6));
    CHECK(std::isnan(year1[2]));
    CHECK(year2[2] == year1[1]);
    CHECK(year1[3] == Approx(fourth).epsilon(1e-6));
    CHECK(std::isnan(year2[3]));
    CHECK(number(results, "invalid_precipitation") == 1);
    CHECK(number(results, "mean") == Approx((first + second + 3 * still + fourth) / 6).epsilon(1e-6));
    const double mean1 = (first + still + fourth) / 3;
    CHECK(std::stod(csv_cell(table, {{"step", "1"}}, "mean_gc_m2")) == Approx(mean1).epsilon(1e-6));
    // 1 ha a cell: 1 g/m2 is 0.01 t.
    CHECK(std::stod(csv_cell(table, {{"step", "1"}}, "total_t")) == Approx(3 * mean1 * 0.01).epsilon(1e-6));
    CHECK(csv_cell(table, {{"step", "2"}}, "cells") == "3");
    CHECK(csv_cell(table, {{"step", "2"}}, "days") == "360");
    const std::string html = read_text(page);
    CHECK_THAT(html, ContainsSubstring("every month has 30 days"));
    CHECK_THAT(html, ContainsSubstring("below 0"));

    // One file a month is the same as one file of all.
    std::vector<std::string> files;
    for (int step = 0; step < 24; ++step)
        files.push_back(stack(box, "t" + std::to_string(step) + ".tif", {t[static_cast<std::size_t>(step)]}));
    auto by_file = inputs;
    by_file["temperature"] = files;
    CHECK(run_algorithm("soil_respiration", by_file) == results);
}

TEST_CASE("true lengths of months, leap years and annual steps", "[soil_respiration]") {
    const Sandbox box;
    const std::vector<std::string> t24 = {stack(box, "t.tif", repeated(24, {10}))};
    const std::vector<std::string> r24 = {stack(box, "r.tif", repeated(24, {20}))};
    const double day = by_hand(10, 20, 1);
    const auto mean = [&](std::map<std::string, Value> extra) {
        extra.insert({{"temperature", t24}, {"precipitation", r24}});
        return number(run_algorithm("soil_respiration", extra), "mean");
    };
    CHECK(mean({}) == Approx(360 * day).epsilon(1e-6));
    CHECK(mean({{"month_days", "calendar"}}) == Approx(365 * day).epsilon(1e-6));
    CHECK(mean({{"month_days", "calendar"}, {"first_year", "2003"}}) == Approx(365.5 * day).epsilon(1e-6));
    CHECK(mean({{"step", "annual"}}) == Approx(30 * day).epsilon(1e-6));
    CHECK(mean({{"step", "annual"}, {"month_days", "calendar"}}) == Approx(365 * day).epsilon(1e-6));
    CHECK(mean({{"step", "annual"}, {"month_days", "calendar"}, {"first_year", "2001"}}) ==
          Approx(day * (365 * 24 + 6) / 24).epsilon(1e-6));
    CHECK(mean({{"base", "0.44"}, {"carbon_share", "1"}}) == Approx(360 * day * 2 / 0.465).epsilon(1e-6));
}

TEST_CASE("soil respiration says what is wrong", "[soil_respiration]") {
    const Sandbox box;
    const std::vector<std::string> twelve = {stack(box, "12.tif", repeated(12, {10}))};
    const std::vector<std::string> thirteen = {stack(box, "13.tif", repeated(13, {10}))};
    const std::vector<std::string> negative = {stack(box, "negative.tif", repeated(12, {-3}))};
    CHECK_THAT(error_of("soil_respiration", {{"temperature", twelve}, {"precipitation", thirteen}}),
               ContainsSubstring("PRECIPITATION has 13 bands, TEMPERATURE has 12"));
    CHECK_THAT(error_of("soil_respiration", {{"temperature", thirteen}, {"precipitation", thirteen}}),
               ContainsSubstring("no whole number of years"));
    CHECK_THAT(error_of("soil_respiration", {{"temperature", twelve}, {"precipitation", negative}}),
               ContainsSubstring("precipitation below 0"));
    CHECK_THAT(error_of("soil_respiration", {{"temperature", twelve}, {"precipitation", twelve}, {"rain_rate", "-1"}}),
               ContainsSubstring("RAIN_RATE"));
}

TEST_CASE("temperature and precipitation in other units are told", "[soil_respiration][fault]") {
    const Sandbox box;
    struct Listener : Monitor {
        void warning(const std::string& text) override { texts += text + "\n"; }
        std::string texts;
    };
    const auto said = [&](double t, double r) {
        Listener listener;
        run_algorithm("soil_respiration",
                      {{"temperature", std::vector<std::string>{stack(box, "t.tif", repeated(12, {t, t - 9}))}},
                       {"precipitation", std::vector<std::string>{stack(box, "r.tif", repeated(12, {r, r / 3}))}}},
                      listener);
        return listener.texts;
    };
    CHECK(said(25, 90).empty());
    CHECK(said(-8, 6).empty());  // as in a desert
    const std::string kelvin = said(298, 90);
    CHECK_THAT(kelvin, ContainsSubstring("TEMPERATURE: its values go from 289 to 298. Are they degrees Celsius?"));
    CHECK(kelvin.find("PRECIPITATION") == std::string::npos);
    CHECK_THAT(said(241, 90), ContainsSubstring("TEMPERATURE: its values go from 232 to 241"));  // tenths
    CHECK_THAT(said(25, 0.09), ContainsSubstring("PRECIPITATION: its values go from 0.03 to 0.09. Are they mm"));
    CHECK_THAT(said(25, 4), ContainsSubstring("PRECIPITATION"));  // a day
}
