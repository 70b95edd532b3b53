// Land Carbon Toolbox: tests of the trend of a stack of rasters.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend/trend.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

constexpr double gap = -9999;

/// A stack in one file: each series is a cell of a single row.
std::string make_stack(const Sandbox& box, const std::string& name, const std::vector<std::vector<double>>& series) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(series.size());
    recipe.type = GDT_Float32;
    recipe.has_nodata = true;
    recipe.nodata = gap;
    recipe.bands.resize(series[0].size());
    for (std::size_t step = 0; step < series[0].size(); ++step)
        for (const auto& values : series) recipe.bands[step].push_back(values[step]);
    return make_raster(box, name, recipe);
}

std::vector<double> bands_of(const std::string& path, std::size_t cell) {
    std::vector<double> result;
    for (int band = 1; band <= 9; ++band) result.push_back(read_raster(path, band)[cell]);
    return result;
}

TrendClasses classes(TrendScheme scheme, const std::string& bounds = "") {
    TrendChoices choices;
    choices.scheme = scheme;
    choices.bounds = bounds;
    return TrendClasses(choices);
}

}  // namespace

TEST_CASE("trend: R's values in the nine bands", "[trend]") {
    const Sandbox box;
    const auto stack = make_stack(box, "s.tif",
                                  {{5, 3, 6, 8, 7, 9, 12, 10},
                                   {7, 7, 7, 7, 7, 7, 7, 7},
                                   {gap, gap, gap, gap, gap, 1, 2, 3},
                                   {gap, gap, gap, gap, gap, gap, gap, gap},
                                   {1, gap, 2, 3, gap, 4, gap, gap}});
    const auto results = run_algorithm("trend", {{"series", stack},
                                                 {"trend", box.path("t.tif")},
                                                 {"classes", box.path("c.tif")},
                                                 {"summary", box.path("s.csv")},
                                                 {"report", box.path("r.html")}});
    const auto b = bands_of(box.path("t.tif"), 0);
    CHECK(b[0] == 1);                                    // slope
    CHECK(b[1] == 3);                                    // intercept, t from 1
    CHECK(b[2] == Approx(2.598076211).epsilon(1e-7));    // Z
    CHECK(b[3] == Approx(0.00550595238).epsilon(1e-7));  // exact p
    CHECK(b[4] == Approx(0.785714).epsilon(1e-6));       // tau
    CHECK(b[5] == 22);
    CHECK(b[6] == 8);
    CHECK(b[7] == 0.5);
    CHECK(b[8] == 2);
    CHECK(bands_of(box.path("t.tif"), 1) == std::vector<double>{0, 7, 0, 1, 0, 0, 8, 0, 0});
    for (const std::size_t cell : {2, 3})
        for (const double value : bands_of(box.path("t.tif"), cell)) CHECK(std::isnan(value));
    // With gaps: 1, 2, 3, 4 at 1, 3, 4, 6: slopes 1/2 2/3 3/5 1 2/3 1/2.
    const auto g = bands_of(box.path("t.tif"), 4);
    CHECK(g[0] == Approx(0.5 * (0.6 + 2.0 / 3)).epsilon(1e-6));
    CHECK(g[3] == Approx(2.0 / 24).epsilon(1e-6));
    CHECK(g[5] == 6);
    CHECK(g[6] == 4);
    CHECK(std::isnan(g[7]));

    const auto codes = read_raster(box.path("c.tif"));
    CHECK(codes[0] == 4);
    CHECK(codes[1] == 0);
    CHECK(std::isnan(codes[2]));
    CHECK(std::isnan(codes[3]));
    CHECK(codes[4] == 2);  // Z = 5 / sqrt(8.667) = 1.698
    CHECK(number(results, "area_ha") == 3);
    CHECK(number(results, "increase_share") == Approx(2.0 / 3));
    CHECK(number(results, "decrease_share") == 0);
    CHECK(number(results, "mean_slope") == Approx((1 + 0 + g[0]) / 3));
    CHECK(csv_cell(box.path("s.csv"), {{"class", "4"}}, "cells") == "1");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "4"}}, "name") == "Extremely significant increase");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "-4"}}, "area_ha") == "0");
    CHECK_THAT(read_text(box.path("c.qml")), ContainsSubstring("value=\"-4\"") && ContainsSubstring("value=\"4\""));
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("exact distribution of S"));
}

TEST_CASE("trend: many files with uneven years are one stack", "[trend]") {
    const Sandbox box;
    const std::vector<double> years = {1990, 1995, 2000, 2010, 2011};
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < years.size(); ++i) {
        RasterRecipe recipe;
        recipe.width = 2;
        recipe.type = GDT_Float32;
        // NoData differs from file to file.
        recipe.has_nodata = true;
        recipe.nodata = -static_cast<double>(i) - 1;
        recipe.bands = {{0.5 * years[i] - 900, i == 2 ? recipe.nodata : 100 - 2 * years[i]}};
        paths.push_back(make_raster(box, std::to_string(i) + ".tif", recipe));
    }
    run_algorithm("trend", {{"series", paths},
                            {"years", std::string("1990,1995,2000,2010-2011")},
                            {"trend", box.path("t.tif")},
                            {"report", box.path("r.html")}});
    CHECK(bands_of(box.path("t.tif"), 0)[0] == 0.5);
    CHECK(bands_of(box.path("t.tif"), 0)[1] == -900);
    CHECK(bands_of(box.path("t.tif"), 1)[0] == -2);
    CHECK(bands_of(box.path("t.tif"), 1)[6] == 4);
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("1990, 1995, 2000, 2010, 2011 (uneven steps)"));
}

TEST_CASE("trend: the schemes of classes", "[trend]") {
    const auto nine = classes(TrendScheme::nine);
    CHECK(nine.code(0.1f, 2.7f) == 4);
    CHECK(nine.code(0.1f, 2.0f) == 3);
    CHECK(nine.code(0.1f, 1.7f) == 2);
    CHECK(nine.code(0.1f, 1.5f) == 1);
    CHECK(nine.code(0, 0) == 0);
    CHECK(nine.code(-0.1f, -1.5f) == -1);
    CHECK(nine.code(-0.1f, -3.0f) == -4);
    CHECK(nine.code(0.1f, std::nanf("")) == TrendClasses::none);
    CHECK(nine.code(std::nanf(""), 1) == TrendClasses::none);
    CHECK(nine.labels().size() == 9);
    const auto five = classes(TrendScheme::five);
    CHECK(five.code(1, 1.67f) == 2);
    CHECK(five.code(1, 1.65f) == 1);
    CHECK(five.code(-1, -1.67f) == -2);
    CHECK(five.labels().size() == 5);
    const auto own = classes(TrendScheme::custom, "1, 2,3.5,4");
    CHECK(own.code(1, 3.5f) == 4);
    CHECK(own.code(1, 9) == 5);
    CHECK(own.code(-1, -0.5f) == -1);
    CHECK(own.labels().size() == 11);
    CHECK(TrendClasses::weakened(4) == 1);
    CHECK(TrendClasses::weakened(-3) == -1);
    CHECK(TrendClasses::weakened(0) == 0);
    CHECK(TrendClasses::weakened(TrendClasses::none) == TrendClasses::none);
    // Published: nwchina, table 1.
    const auto path = source_file("../shared/published/nwchina_trend_classes.csv");
    if (!std::filesystem::exists(path)) {
        WARN("left out: " << path << " is not there");
        return;
    }
    for (const auto& row : read_csv(path)) {
        if (row.size() < 5 || row[0] == "code") continue;
        const int code = std::stoi(row[0]);
        const auto& label = nine.labels()[static_cast<std::size_t>(code + 4)];
        CHECK(label.name == row[4]);
        const float slope = code > 0 ? 1.0f : code < 0 ? -1.0f : 0.0f;
        CHECK(nine.code(slope, std::stof(row[2]) + 0.001f) == code);
    }
}

TEST_CASE("trend: noise has no trend by the false-discovery rate, a planted one has", "[trend]") {
    const Sandbox box;
    std::mt19937 random(11);
    std::normal_distribution<double> normal;
    std::vector<std::vector<double>> series;
    for (int cell = 0; cell < 2000; ++cell) {
        series.emplace_back();
        for (int step = 0; step < 15; ++step) series.back().push_back(normal(random) + (cell < 200 ? 0.6 * step : 0));
    }
    const auto stack = make_stack(box, "s.tif", series);
    for (const std::string method : {"benjamini_hochberg", "benjamini_yekutieli"}) {
        const auto results = run_algorithm("trend", {{"series", stack},
                                                     {"false_discovery", method},
                                                     {"trend", box.path(method + "_t.tif")},
                                                     {"classes", box.path(method + "_c.tif")},
                                                     {"summary", box.path(method + ".csv")},
                                                     {"report", box.path(method + ".html")}});
        const double largest = number(results, "largest_significant_p");
        const auto p = read_raster(box.path(method + "_t.tif"), 4);
        // By the book.
        auto sorted = p;
        std::sort(sorted.begin(), sorted.end());
        double rate = 0.05, expected = -1;
        if (method == "benjamini_yekutieli") rate /= harmonic_number(2000);
        for (std::size_t k = 1; k <= sorted.size(); ++k)
            if (sorted[k - 1] <= rate * static_cast<double>(k) / 2000) expected = sorted[k - 1];
        CHECK(largest == expected);
        const auto alone = read_raster(box.path(method + "_c.tif"), 1);
        const auto controlled = read_raster(box.path(method + "_c.tif"), 2);
        int by_chance = 0, falsely = 0, found = 0;
        bool consistent = true;
        for (std::size_t i = 0; i < p.size(); ++i) {
            by_chance += i >= 200 && std::abs(alone[i]) > 1;
            falsely += i >= 200 && std::abs(controlled[i]) > 1;
            found += i < 200 && controlled[i] > 1;
            consistent = consistent && controlled[i] == (p[i] <= largest ? alone[i] : (alone[i] > 0) - (alone[i] < 0));
        }
        CHECK(consistent);
        CHECK(by_chance > 100);
        CHECK(falsely < 25);
        CHECK(found > 180);
        CHECK(csv_cell(box.path(method + ".csv"), {{"version", "false-discovery rate"}, {"class", "-4"}}, "cells") ==
              std::to_string(std::count(controlled.begin(), controlled.end(), -4)));
    }
}

TEST_CASE("trend: any number of threads gives the same bytes, as does every method", "[trend]") {
    const Sandbox box;
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    RasterRecipe recipe;
    recipe.width = 137;
    recipe.height = 301;
    recipe.type = GDT_Float32;
    recipe.has_nodata = true;
    recipe.nodata = gap;
    for (int step = 0; step < 12; ++step) {
        recipe.bands.emplace_back();
        for (int i = 0; i < recipe.width * recipe.height; ++i)
            recipe.bands.back().push_back(random() % 10 == 0 ? gap : std::round(normal(random) * 8) / 8);
    }
    const auto stack = make_raster(box, "s.tif", recipe);
    for (const std::string method : {"original", "hamed_rao", "seasonal"}) {
        std::string once, summary;
        for (const std::int64_t threads : {1, 2, 8}) {
            const auto name = method + std::to_string(threads);
            run_algorithm("trend", {{"series", stack},
                                    {"method", method},
                                    {"period", std::int64_t{4}},
                                    {"threads", threads},
                                    {"false_discovery", std::string("benjamini_hochberg")},
                                    {"trend", box.path(name + ".tif")},
                                    {"summary", box.path(name + ".csv")}});
            const auto bytes = read_text(box.path(name + ".tif"));
            const auto table = read_text(box.path(name + ".csv"));
            if (once.empty()) {
                once = bytes;
                summary = table;
            }
            CHECK((bytes == once));
            CHECK(table == summary);
        }
    }
}

TEST_CASE("trend: wrong input", "[trend]") {
    const Sandbox box;
    const auto stack = make_stack(box, "s.tif", {{1, 2, 3, 4, 5}});
    const auto error = [&](const std::map<std::string, Value>& more) {
        std::map<std::string, Value> arguments = {{"series", stack}, {"trend", box.path("t.tif")}};
        for (const auto& [id, value] : more) arguments[id] = value;
        return error_of("trend", arguments);
    };
    CHECK_THAT(error({{"years", std::string("2000,2001")}}),
               ContainsSubstring("YEARS: 2 years for a series of 5 steps"));
    CHECK_THAT(error({{"years", std::string("2000,2002,2001,2003,2004")}}), ContainsSubstring("2001 follows 2002"));
    CHECK_THAT(error({{"min_valid", std::int64_t{6}}}), ContainsSubstring("MIN_VALID: 6 valid steps"));
    CHECK_THAT(error({{"scheme", std::string("custom")}}), ContainsSubstring("BOUNDS: missing"));
    CHECK_THAT(error({{"scheme", std::string("custom")}, {"bounds", std::string("2,1")}}),
               ContainsSubstring("BOUNDS: the bounds must increase"));
    CHECK_THAT(error({{"bounds", std::string("2")}}), ContainsSubstring("BOUNDS: needs SCHEME=custom"));
    CHECK_THAT(error({{"method", std::string("seasonal")}}),
               ContainsSubstring("PERIOD: a season comes again after 12"));
    CHECK_THAT(error({{"series", make_stack(box, "short.tif", {{1, 2, 3}})}}),
               ContainsSubstring("SERIES: a series of 3 steps is too short for a trend"));
    // Three steps go with a smaller MIN_VALID; one step never.
    CHECK(number(run_algorithm("trend", {{"series", box.path("short.tif")}, {"min_valid", std::int64_t{3}}}),
                 "mean_slope") == 1);
    CHECK_THAT(error({{"series", make_stack(box, "one.tif", {{1}})}, {"min_valid", std::int64_t{2}}}),
               ContainsSubstring("MIN_VALID: 2 valid steps"));
    CHECK_FALSE(std::filesystem::exists(box.path("t.tif")));
    // Nothing anywhere, or too little everywhere.
    CHECK_THAT(error({{"series", make_stack(box, "empty.tif", {{gap, gap, gap, gap, gap}})},
                      {"false_discovery", std::string("benjamini_hochberg")}}),
               ContainsSubstring("SERIES: no cell has a trend: none holds a value"));
    CHECK_THAT(error({{"series", make_stack(box, "few.tif", {{1, 2, gap, gap, 3}})}}),
               ContainsSubstring("1 cell holds values, but all of them fewer than MIN_VALID"));
    CHECK_FALSE(std::filesystem::exists(box.path("t.tif")));
}

TEST_CASE("one negative number among large ones is told, codes and indices are not", "[trend][fault]") {
    struct Listener : Monitor {
        void warning(const std::string& text) override { texts += text + "\n"; }
        std::string texts;
    };
    const auto said = [](double mark, double low, double high, GDALDataType type) {
        const Sandbox box;
        std::vector<std::string> files;
        for (int year = 2001; year < 2005; ++year) {
            RasterRecipe recipe;
            recipe.width = recipe.height = 12;
            recipe.type = type;
            recipe.bands.emplace_back();
            for (int i = 0; i < 144; ++i)
                recipe.bands[0].push_back(
                    i % 12 == 5 ? mark : low + (high - low) * ((i * 7 + 11 * (year - 2000)) % 101) / 100);
            files.push_back(make_raster(box, "v" + std::to_string(year) + ".tif", recipe));
        }
        Listener listener;
        run_algorithm("trend", {{"series", files}}, listener);
        return listener.texts;
    };
    for (const double mark : {-1.0, -88.0, -7777.0})
        CHECK_THAT(said(mark, 450, 900, GDT_Int16), ContainsSubstring("hold " + number_text(mark)));
    CHECK(said(-1, 0, 1, GDT_Int16).empty());
    // The fill code of MODIS indices, -3000 with the scale 0.0001.
    CHECK_THAT(said(-0.3, 0.1, 0.9, GDT_Float32), ContainsSubstring("hold -0.3 "));
    CHECK(said(-0.3, -0.1, 0.9, GDT_Float32).empty());
    CHECK(said(-5, 0, 360, GDT_Int16).empty());
    // The end of 32 bits is named as the file holds it.
    CHECK_THAT(said(4294967295.0, 450, 900, GDT_UInt32), ContainsSubstring("hold 4294967295 "));
}
