// Land Carbon Toolbox: a raster as classes: every method on small maps, samples, given breaks, errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/discretize/discretize.hpp"

#include <cmath>
#include <filesystem>

#include "support/catch.hpp"
#include "support/plain_numbers.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Arguments = std::map<std::string, Value>;

/// A map of one hectare a cell; NaN becomes NoData.
std::string map_of(const Sandbox& box, const std::vector<double>& cells, int width, GDALDataType type = GDT_Float64) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = static_cast<int>(cells.size()) / width;
    recipe.type = type;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    recipe.bands = {cells};
    for (double& cell : recipe.bands[0])
        if (std::isnan(cell)) cell = -9999;
    return make_raster(box, "map.tif", recipe);
}

struct Outcome {
    std::map<std::string, Value> results;
    std::vector<double> codes;
    std::vector<std::vector<std::string>> table;
    std::string report;
};

Outcome outcome(const std::vector<double>& cells, int width, Arguments arguments) {
    const Sandbox box;
    arguments.insert({{"raster", map_of(box, cells, width)},
                      {"classified", box.path("c.tif")},
                      {"class_table", box.path("t.csv")},
                      {"report", box.path("r.html")}});
    Outcome outcome;
    outcome.results = run_algorithm("discretize", arguments);
    outcome.codes = read_raster(box.path("c.tif"));
    outcome.table = read_csv(box.path("t.csv"));
    outcome.report = read_text(box.path("r.html"));
    return outcome;
}

std::vector<std::string> column(const Outcome& outcome, std::size_t i) {
    std::vector<std::string> cells;
    for (std::size_t row = 1; row < outcome.table.size(); ++row) cells.push_back(outcome.table[row][i]);
    return cells;
}

using Codes = std::vector<double>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("every method on a map of eight cells", "[discretize]") {
    const std::vector<double> cells = {1, 2, 4, 5, 7, 9, 10, 20};
    const auto codes = [&](const std::string& method, Arguments more = {{"class_count", "3"}}) {
        more.insert({"method", method});
        return outcome(cells, 4, more).codes;
    };
    CHECK(codes("natural") == Codes{1, 1, 1, 1, 2, 2, 2, 3});
    // 7.333, 13.667
    CHECK(codes("equal_interval") == Codes{1, 1, 1, 1, 1, 2, 2, 3});
    // Ranks 2.333 and 4.667 from 0: 4.333 and 8.333.
    CHECK(codes("quantile") == Codes{1, 1, 1, 2, 2, 3, 3, 3});
    // 20^(1/3) = 2.71, 20^(2/3) = 7.37.
    CHECK(codes("geometric") == Codes{1, 1, 2, 2, 2, 3, 3, 3});
    // Mean 7.25, s = sqrt(255.5 / 7) = 6.04: 4.23 and 10.27.
    CHECK(codes("standard_deviation") == Codes{1, 1, 1, 2, 2, 2, 2, 3});
    CHECK(codes("given", {{"breaks", "9,4"}}) == Codes{1, 1, 1, 2, 2, 2, 3, 3});
}

TEST_CASE("table, numbers and report of natural breaks", "[discretize]") {
    const Outcome found = outcome({1, 2, 4, 5, NAN, 7, 9, 10, 20, NAN}, 5, {{"class_count", "3"}});
    CHECK(std::isnan(found.codes[4]));
    CHECK(column(found, 0) == Texts{"1", "2", "3"});
    CHECK(column(found, 1) == Texts{"[1, 5]", "(5, 10]", "(10, 20]"});
    CHECK(column(found, 2) == Texts{"1", "5", "10"});
    CHECK(column(found, 3) == Texts{"5", "10", "20"});
    CHECK(column(found, 4) == Texts{"4", "3", "1"});
    CHECK(column(found, 5) == Texts{"4", "3", "1"});
    CHECK(column(found, 6) == Texts{"0.5", "0.375", "0.125"});
    // Within the classes 10 + 14/3, in all 255.5.
    CHECK(number(found.results, "goodness_of_fit") == Approx(1 - (10 + 14.0 / 3) / 255.5).epsilon(1e-11));
    CHECK(number(found.results, "classes_made") == 3);
    CHECK(number(found.results, "lowest") == 1);
    CHECK(number(found.results, "highest") == 20);
    CHECK_THAT(found.report, ContainsSubstring("all 8 cells with a value, 8 distinct values"));
    CHECK_THAT(found.report, ContainsSubstring("Fisher-Jenks"));
    CHECK_THAT(found.report, ContainsSubstring("(lower, upper]"));
}

TEST_CASE("the goodness of fit is that of classInt", "[discretize]") {
    // R classInt 0.4-9, jenks.tests() of 5 and 9 classes of style "fisher".
    const auto fit = [](const std::string& count) {
        return number(outcome(tied_numbers(), 50, {{"class_count", count}}).results, "goodness_of_fit");
    };
    CHECK(fit("5") == Approx(0.97038112984051283).epsilon(1e-10));
    CHECK(fit("9") == Approx(0.99162069220430105).epsilon(1e-10));
}

TEST_CASE("breaks that fall together, empty classes and constants are told", "[discretize]") {
    const Outcome zeros = outcome({0, 0, 0, 0, 0, 1, 7, 9}, 4, {{"method", "quantile"}, {"class_count", "4"}});
    CHECK(column(zeros, 1) == Texts{"[0, 0]", "(0, 2.5]", "(2.5, 9]"});
    CHECK_THAT(zeros.report, ContainsSubstring("(CLASS_COUNT): 3 classes instead of 4: 1 break fell together"));
    const Outcome gap = outcome({0, 1, 9, 9}, 2, {{"method", "equal_interval"}, {"class_count", "3"}});
    CHECK(column(gap, 4) == Texts{"2", "0", "2"});
    CHECK_THAT(gap.report, ContainsSubstring("1 class has no value"));
    const Outcome constant = outcome({4, 4, 4, 4}, 2, {});
    CHECK(constant.codes == Codes{1, 1, 1, 1});
    CHECK(constant.results.count("goodness_of_fit") == 0);
    CHECK_THAT(constant.report, ContainsSubstring("1 class instead of 5: all values are equal"));
    // Given breaks keep their classes, whatever the values.
    const Outcome given = outcome({-5, 0, 120, 200}, 2, {{"method", "given"}, {"breaks", "0, 200, 400"}});
    CHECK(column(given, 1) == Texts{"<= 0", "(0, 200]", "(200, 400]", "> 400"});
    CHECK(column(given, 2) == Texts{"", "0", "200", "400"});
    CHECK(column(given, 3) == Texts{"0", "200", "400", ""});
    CHECK(column(given, 4) == Texts{"2", "2", "0", "0"});
}

TEST_CASE("a map with more distinct values than the sample goes by a sample", "[discretize]") {
    const std::vector<double> cells = cubed_numbers();
    const auto sampled = [&](const std::string& method, const std::string& seed = "1") {
        return outcome(cells, 50, {{"method", method}, {"class_count", "4"}, {"sample", "300"}, {"seed", seed}});
    };
    const Outcome natural = sampled("natural");
    CHECK_THAT(natural.report,
               ContainsSubstring("a random sample of 300 of the 1500 cells with a value, drawn with SEED 1"));
    // No division fits all cells better than the exact one, and that of a sample is not much worse.
    const double exact = number(outcome(cells, 50, {{"class_count", "4"}}).results, "goodness_of_fit");
    const double fit = number(natural.results, "goodness_of_fit");
    CHECK(fit < exact);
    CHECK(fit > exact - 0.01);
    CHECK(column(sampled("natural", "2"), 3) != column(natural, 3));
    CHECK(column(sampled("natural"), 3) == column(natural, 3));
    // Ends, mean and deviation are those of all cells: no break depends on the sample. R 4.2.2: mean, sd.
    for (const std::string method : {"equal_interval", "standard_deviation"})
        CHECK(column(sampled(method, "5"), 3) == column(sampled(method, "6"), 3));
    const Outcome deviations = sampled("standard_deviation");
    CHECK(std::stod(deviations.table[1][3]) == Approx(0.04064727062937102).epsilon(1e-10));
    CHECK(std::stod(deviations.table[2][3]) == Approx(0.04064727062937102 + 0.27994625005220286).epsilon(1e-10));
    CHECK_THAT(deviations.report, ContainsSubstring("all 1500 cells with a value; each cell counts once"));
}

TEST_CASE("integers of 32 bits and numbers of 64 bits keep all their digits", "[discretize]") {
    const Sandbox box;
    const Arguments arguments = {
        {"raster", map_of(box, {2000000001, 2000000002, 2000000003, 2000000004}, 2, GDT_Int32)},
        {"method", "given"},
        {"breaks", "2000000002"},
        {"classified", box.path("c.tif")}};
    run_algorithm("discretize", arguments);
    CHECK(read_raster(box.path("c.tif")) == Codes{1, 1, 2, 2});
    const double next = std::nextafter(0.1, 1);
    CHECK(outcome({0.1, next, 0.1, next}, 2, {{"class_count", "2"}}).codes == Codes{1, 2, 1, 2});
}

TEST_CASE("elevations of Plum Island have the classes that integer arithmetic finds", "[discretize]") {
    const std::string path = source_file("../shared/data/plum_island/elevation_m.tif");
    if (!std::filesystem::exists(path)) {
        WARN("skipped: " << path << " is not here");
        return;
    }
    const Sandbox box;
    const auto results =
        run_algorithm("discretize", {{"raster", path}, {"class_count", "7"}, {"class_table", box.path("t.csv")}});
    // Dynamic programming over the 128 distinct values in Python's fractions: squared deviations 1396932.0880858668. R
    // classInt 0.4-9 (style fisher) has the same classes: its breaks are 17.5, 27.5, 37.5, 47.5, 59.5, 76.5.
    // R: mean 35.79440486778264, sd 18.05861740863859 of 113563 values.
    Texts upper;
    for (const auto& row : read_csv(box.path("t.csv"))) upper.push_back(row[3]);
    CHECK(upper == Texts{"upper", "17", "27", "37", "47", "59", "76", "133"});
    CHECK(number(results, "goodness_of_fit") ==
          Approx(1 - 1396932.0880858668 / (113562 * 18.05861740863859 * 18.05861740863859)).epsilon(1e-10));
}

TEST_CASE("discretize says what is wrong", "[discretize]") {
    const Sandbox box;
    const std::string map = map_of(box, {-1, 0, 2, 3}, 2);
    CHECK(
        error_of("discretize", {{"raster", map}, {"method", "geometric"}}) ==
        "METHOD: geometric intervals need values that are all above 0, or all below 0; RASTER has values from -1 to 3. "
        "Choose another method");
    CHECK_THAT(error_of("discretize", {{"raster", map}, {"method", "given"}}), ContainsSubstring("BREAKS is missing"));
    CHECK_THAT(error_of("discretize", {{"raster", map}, {"breaks", "1"}}),
               ContainsSubstring("BREAKS is used with METHOD given only"));
    CHECK_THAT(error_of("discretize", {{"raster", map}, {"method", "given"}, {"breaks", "1,1"}}),
               ContainsSubstring("BREAKS: 1 is given twice"));
    CHECK_THAT(error_of("discretize", {{"raster", map}, {"class_count", "256"}}), ContainsSubstring("CLASS_COUNT"));
    const std::string empty = map_of(box, {NAN, NAN}, 2);
    CHECK(error_of("discretize", {{"raster", empty}}) == "RASTER: no cell has a value; check NoData");
    const std::string one = map_of(box, {5}, 1);
    CHECK_THAT(error_of("discretize", {{"raster", one}, {"method", "standard_deviation"}}),
               ContainsSubstring("a standard deviation needs two values or more"));
}
