// Land Carbon Toolbox: variability of a series: cases by hand, a plain loop, gaps, classes.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/variability/variability.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "maths/wide.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Deviation = VariabilityDeviation;

constexpr float none = std::numeric_limits<float>::quiet_NaN();

struct Results {
    explicit Results(std::size_t cells) : mean(cells), deviation(cells), cv(cells), count(cells) {}
    std::vector<float> mean, deviation, cv, count;
};

/// @param cells the series of each cell
Results found(const std::vector<std::vector<float>>& cells, std::size_t min_valid, Deviation deviation) {
    std::vector<std::vector<float>> steps(cells.front().size(), std::vector<float>(cells.size()));
    for (std::size_t cell = 0; cell < cells.size(); ++cell)
        for (std::size_t step = 0; step < steps.size(); ++step) steps[step][cell] = cells[cell][step];
    std::vector<const float*> series;
    for (const auto& step : steps) series.push_back(step.data());
    Results results(cells.size());
    variability_of(series, cells.size(), min_valid, deviation,
                   {results.mean.data(), results.deviation.data(), results.cv.data(), results.count.data()});
    return results;
}

/// A map of one row, a band a step.
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

TEST_CASE("mean, deviation and Cv by hand", "[variability]") {
    // Mean 5, squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32.
    const std::vector<float> series = {2, 4, 4, 4, 5, 5, 7, 9};
    std::vector<float> negative;
    for (const float value : series) negative.push_back(-value);
    const Results population = found({series, negative}, 2, Deviation::population);
    CHECK(population.mean[0] == 5);
    CHECK(population.deviation[0] == 2);
    CHECK(population.cv[0] == 0.4f);
    CHECK(population.count[0] == 8);
    CHECK(population.mean[1] == -5);
    CHECK(population.cv[1] == 0.4f);
    const Results sample = found({series}, 2, Deviation::sample);
    CHECK(sample.deviation[0] == static_cast<float>(std::sqrt(32.0 / 7)));
    CHECK(sample.cv[0] == static_cast<float>(std::sqrt(32.0 / 7) / 5));
}

TEST_CASE("gaps are left out, and too many of them make no value", "[variability]") {
    const Results results =
        found({{none, 1, none, 3, 5}, {none, 1, none, none, 5}, {none, none, none, none, none}}, 3, Deviation::sample);
    CHECK(results.mean[0] == 3);
    CHECK(results.deviation[0] == 2);
    CHECK(results.count[0] == 3);
    CHECK(results.count[1] == 2);
    CHECK(std::isnan(results.mean[1]));
    CHECK(std::isnan(results.deviation[1]));
    CHECK(std::isnan(results.cv[1]));
    CHECK(results.count[2] == 0);
    CHECK(std::isnan(results.mean[2]));
}

TEST_CASE("constant series have no deviation, means of 0 no Cv", "[variability]") {
    const Results results =
        found({{0.1f, 0.1f, 0.1f}, {-1, 0, 1}, {0, 0, 0}, {1e-40f, -1e-40f, 1e-44f}}, 2, Deviation::sample);
    CHECK(results.deviation[0] == 0);
    CHECK(results.cv[0] == 0);
    CHECK(results.mean[1] == 0);
    CHECK(results.deviation[1] == 1);
    CHECK(std::isnan(results.cv[1]));
    CHECK(results.deviation[2] == 0);
    CHECK(std::isnan(results.cv[2]));
    // A mean near 0 gives a large Cv, but a number.
    CHECK(results.cv[3] > 1000);
    CHECK(std::isfinite(results.cv[3]));
}

TEST_CASE("deviations that are small beside the mean keep their digits", "[variability]") {
    // In single precision, or from sums of squares, nothing would be left of them.
    const Results results = found({{16777213, 16777214, 16777215}, {1e30f, 1e30f, 3e30f}}, 2, Deviation::sample);
    CHECK(results.mean[0] == 16777214);
    CHECK(results.deviation[0] == 1);
    CHECK(results.deviation[1] == Approx(2e30 / std::sqrt(3.0)).epsilon(1e-7));
}

TEST_CASE("many cells at once are as cells one by one, for any width of vectors", "[variability]") {
    std::mt19937 random(4);
    for (const std::size_t count : {1u, 63u, 64u, 200u}) {
        std::vector<std::vector<float>> cells(count, std::vector<float>(17));
        for (auto& series : cells)
            for (float& value : series)
                value = random() % 5 == 0 ? none : static_cast<float>(random() % 2000) / 64 - 10;
        const VectorWidth usual = vector_width();
        for (const VectorWidth width : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
            set_vector_width(width);
            for (const Deviation deviation : {Deviation::sample, Deviation::population}) {
                const Results results = found(cells, 10, deviation);
                for (std::size_t cell = 0; cell < count; ++cell) {
                    double sum = 0, squares = 0, valid = 0;
                    for (const float value : cells[cell]) {
                        if (std::isnan(value)) continue;
                        ++valid;
                        sum += static_cast<double>(value);
                    }
                    for (const float value : cells[cell])
                        if (!std::isnan(value)) squares += std::pow(static_cast<double>(value) - sum / valid, 2);
                    REQUIRE(results.count[cell] == static_cast<float>(valid));
                    if (valid < 10) {
                        REQUIRE(std::isnan(results.cv[cell]));
                        continue;
                    }
                    const double s = std::sqrt(squares / (deviation == Deviation::sample ? valid - 1 : valid));
                    REQUIRE(results.mean[cell] == Approx(sum / valid).epsilon(1e-7));
                    REQUIRE(results.deviation[cell] == Approx(s).epsilon(1e-7));
                    REQUIRE(results.cv[cell] == Approx(s / std::abs(sum / valid)).epsilon(2e-7));
                }
            }
        }
        set_vector_width(usual);
    }
}

TEST_CASE("maps, classes and numbers of variability", "[variability]") {
    const Sandbox box;
    // Means of 10 and, with the divisor n, deviations and so Cv of 0.1, 0.12, 0.5, 0.52 and 0.9.
    const auto around = [](float deviation) {
        return std::vector<float>{10 - deviation, 10 + deviation, 10 - deviation, 10 + deviation};
    };
    const std::vector<std::vector<float>> cells = {around(1),
                                                   around(5),
                                                   around(1.2f),
                                                   around(9),
                                                   around(5.2f),
                                                   {1, none, none, none},
                                                   {none, none, none, none},
                                                   {-1, 1, -2, 2}};
    const std::map<std::string, Value> base = {
        {"series", std::vector<std::string>{stack(box, cells)}}, {"deviation", "population"}, {"class_count", "3"}};
    auto arguments = base;
    arguments.insert({{"variability", box.path("v.tif")},
                      {"classes", box.path("c.tif")},
                      {"summary", box.path("s.csv")},
                      {"report", box.path("r.html")}});
    const auto results = run_algorithm("variability", arguments);
    const auto cv = read_raster(box.path("v.tif"), 3);
    CHECK(cv[0] == Approx(0.1).epsilon(1e-6));
    CHECK(cv[3] == Approx(0.9).epsilon(1e-6));
    for (const std::size_t cell : {5u, 6u, 7u}) CHECK(std::isnan(cv[cell]));
    CHECK(read_raster(box.path("v.tif"), 1)[7] == 0);
    CHECK(read_raster(box.path("v.tif"), 2)[7] == Approx(std::sqrt(2.5)).epsilon(1e-6));
    CHECK(read_raster(box.path("v.tif"), 4)[5] == 1);
    CHECK(std::isnan(read_raster(box.path("v.tif"), 4)[6]));
    // Natural breaks: {0.1, 0.12}, {0.5, 0.52}, {0.9}.
    const auto codes = read_raster(box.path("c.tif"));
    CHECK(std::vector<double>(codes.begin(), codes.begin() + 5) == std::vector<double>{1, 2, 1, 3, 2});
    for (const std::size_t cell : {5u, 6u, 7u}) CHECK(std::isnan(codes[cell]));
    CHECK(number(results, "mean_cv") == Approx((0.1 + 0.5 + 0.12 + 0.9 + 0.52) / 5).epsilon(1e-6));
    CHECK(number(results, "lowest_cv") == Approx(0.1).epsilon(1e-6));
    CHECK(number(results, "highest_cv") == Approx(0.9).epsilon(1e-6));
    CHECK(number(results, "too_short") == 1);
    CHECK(number(results, "mean_zero") == 1);
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "name") == "(0.12, 0.52]");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "cells") == "2");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "area_ha") == "2");
    CHECK(csv_cell(box.path("s.csv"), {{"class", "2"}}, "share") == "0.4");
    CHECK(std::stod(csv_cell(box.path("s.csv"), {{"class", "1"}}, "lower")) == Approx(0.1).epsilon(1e-6));
    CHECK(std::stod(csv_cell(box.path("s.csv"), {{"class", "1"}}, "upper")) == Approx(0.12).epsilon(1e-6));
    const std::string html = read_text(box.path("r.html"));
    CHECK_THAT(html, ContainsSubstring("population (divisor n)"));
    CHECK_THAT(html, ContainsSubstring("at least 4 of 4 steps"));
    CHECK_THAT(html, ContainsSubstring("all 5 cells with a value, 5 distinct values"));
    CHECK_THAT(html, ContainsSubstring("1 cell has a mean of 0"));

    SECTION("given breaks: one pass, open ends, classes without cells") {
        auto given = base;
        given.insert({{"breaks", "2,0.12,0.5"}, {"classes", box.path("g.tif")}, {"summary", box.path("g.csv")}});
        run_algorithm("variability", given);
        // 0.12 in single precision is a little less than 0.12, 1.2f / 10 too.
        const auto by_hand = read_raster(box.path("g.tif"));
        CHECK(std::vector<double>(by_hand.begin(), by_hand.begin() + 5) == std::vector<double>{1, 2, 1, 3, 3});
        CHECK(csv_cell(box.path("g.csv"), {{"class", "1"}}, "name") == "<= 0.12");
        CHECK(csv_cell(box.path("g.csv"), {{"class", "1"}}, "lower").empty());
        CHECK(csv_cell(box.path("g.csv"), {{"class", "4"}}, "name") == "> 2");
        CHECK(csv_cell(box.path("g.csv"), {{"class", "4"}}, "cells") == "0");
    }
    SECTION("more classes than values") {
        auto many = base;
        many["class_count"] = "9";
        many.insert({{"report", box.path("m.html")}});
        run_algorithm("variability", many);
        CHECK_THAT(read_text(box.path("m.html")),
                   ContainsSubstring("(CLASS_COUNT): 5 classes instead of 9: there are no more distinct values"));
    }
    SECTION("the sample deviation, and fewer steps allowed") {
        auto other = base;
        other["deviation"] = "sample";
        other.insert({{"min_valid", "2"}, {"variability", box.path("o.tif")}});
        run_algorithm("variability", other);
        CHECK(read_raster(box.path("o.tif"), 2)[0] == Approx(std::sqrt(4.0 / 3)).epsilon(1e-6));
    }
}

TEST_CASE("breaks of many different coefficients go by a sample that is told", "[variability]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = recipe.height = 30;
    recipe.type = GDT_Float32;
    recipe.bands.resize(3);
    std::mt19937 random(8);
    for (auto& band : recipe.bands)
        for (int i = 0; i < 900; ++i) band.push_back(5 + static_cast<double>(random() % 4096) / 1024);
    std::map<std::string, Value> arguments = {{"series", std::vector<std::string>{make_raster(box, "s.tif", recipe)}},
                                              {"sample", "100"},
                                              {"summary", box.path("s.csv")},
                                              {"report", box.path("r.html")}};
    const auto results = run_algorithm("variability", arguments);
    CHECK_THAT(read_text(box.path("r.html")),
               ContainsSubstring("a random sample of 100 of the 900 cells with a value, drawn with SEED 1"));
    // All cells are classified, also those that were not drawn.
    const auto rows = read_csv(box.path("s.csv"));
    REQUIRE(rows.size() == 6);
    int cells = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) cells += std::stoi(rows[i][4]);
    CHECK(cells == 900);
    CHECK(std::stod(rows[1][2]) == number(results, "lowest_cv"));
    CHECK(std::stod(rows[5][3]) == number(results, "highest_cv"));
    const std::string first_break = rows[1][3];
    arguments["seed"] = "2";
    arguments["summary"] = box.path("other.csv");
    arguments.erase("report");
    run_algorithm("variability", arguments);
    CHECK(read_csv(box.path("other.csv"))[1][3] != first_break);
}

TEST_CASE("variability says what is wrong", "[variability]") {
    const Sandbox box;
    const auto with = [&](const std::vector<float>& series, std::map<std::string, Value> extra) {
        extra.insert({"series", std::vector<std::string>{stack(box, {series})}});
        return error_of("variability", extra);
    };
    CHECK_THAT(with({1}, {}), ContainsSubstring("SERIES has 1 step; variability needs at least 2"));
    CHECK_THAT(with({1, 2, 3}, {{"min_valid", "4"}}), ContainsSubstring("MIN_VALID is 4, but SERIES has only 3 steps"));
    CHECK_THAT(with({1, none, 3}, {}), ContainsSubstring("no cell has at least 3 steps with a value"));
    CHECK_THAT(with({-1, 0, 1}, {}), ContainsSubstring("all means are 0"));
    CHECK_THAT(with({1, 2, 3}, {{"breaks", "0.1;0.2"}}), ContainsSubstring("BREAKS: \"0.1;0.2\" is not a number"));
    CHECK_THAT(with({1, 2, 3}, {{"class_count", "0"}}), ContainsSubstring("CLASS_COUNT"));
    CHECK_THAT(with({1, 2, 3}, {{"sample", "5"}}), ContainsSubstring("SAMPLE"));
}
