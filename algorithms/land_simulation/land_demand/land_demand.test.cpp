// Land Carbon Toolbox: tests of the demand for land.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/land_demand/land_demand.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// A matrix table of 200 classes would be long to write out; this makes one from counts.
std::string matrix_table(const Sandbox& box, const std::vector<std::vector<int>>& counts, bool areas = true) {
    std::string text = areas ? "period,from,to,pixels,area_ha\n" : "from,to,pixels\n";
    for (std::size_t i = 0; i < counts.size(); ++i)
        for (std::size_t j = 0; j < counts[i].size(); ++j) {
            const std::string pixels = std::to_string(counts[i][j]);
            text += (areas ? "2000-2010," : "") + std::to_string(i + 1) + "," + std::to_string(j + 1) + "," + pixels +
                    (areas ? "," + std::to_string(counts[i][j] * 4) : "") + "\n";
        }
    return box.text("matrix.csv", text);
}

std::vector<std::int64_t> cells_of(const std::string& path, const std::string& year) {
    std::vector<std::int64_t> cells;
    for (const auto& row : read_csv(path))
        if (row[0] == year) cells.push_back(std::stoll(row[3]));
    return cells;
}

}  // namespace

TEST_CASE("Markov demand of two maps by hand", "[land_demand]") {
    const Sandbox box;
    // Of four cells of class 10 one becomes 20; of four cells of class 20 none; the last two have no class on one map.
    const std::string first = make_classes(box, "a.tif", 5, {10, 10, 10, 10, 20, 20, 20, 20, 0, 10});
    const std::string second = make_classes(box, "b.tif", 5, {10, 10, 10, 20, 20, 20, 20, 20, 20, 0});
    const auto results = run_algorithm("land_demand", {{"first", first},
                                                       {"second", second},
                                                       {"years", "2000,2010"},
                                                       {"target_years", "2020,2030"},
                                                       {"demand", box.path("demand.csv")},
                                                       {"probabilities", box.path("p.csv")},
                                                       {"report", box.path("r.html")}});
    // SECOND has 3 cells of 10 and 6 of 20. 3 * 0.75 = 2.25, 6.75 -> 2, 7; then 1.6875, 7.3125 -> 2, 7.
    CHECK(cells_of(box.path("demand.csv"), "2020") == std::vector<std::int64_t>{2, 7});
    CHECK(cells_of(box.path("demand.csv"), "2030") == std::vector<std::int64_t>{2, 7});
    CHECK(csv_cell(box.path("demand.csv"), {{"year", "2020"}, {"class", "20"}}, "area_ha") == "7");
    CHECK(csv_cell(box.path("p.csv"), {{"years", "10"}, {"from", "10"}, {"to", "20"}}, "probability") == "0.25");
    CHECK(csv_cell(box.path("p.csv"), {{"years", "20"}, {"from", "10"}, {"to", "10"}}, "probability") == "0.5625");
    CHECK(number(results, "total_cells") == 9);
    CHECK(number(results, "total_area_ha") == 9);
    CHECK(number(results, "interval_years") == 10);
    CHECK(number(results, "last_year") == 2030);
    CHECK(number(results, "net_change_share") == Approx(1.0 / 9));
    CHECK(read_text(box.path("r.html")).find("2 cells have a class on one map only") != std::string::npos);
}

TEST_CASE("the reference chain, 2 and 1.5 intervals", "[land_demand]") {
    const Sandbox box;
    // Rows .9 .08 .02 / .05 .9 .05 / .01 .04 .95 of 1000, 600 and 400 thousands; the demand starts from the sums of the
    // columns, so that one interval back stands for the reference's start.
    const std::string matrix =
        matrix_table(box, {{900000, 80000, 20000}, {30000, 540000, 30000}, {4000, 16000, 380000}});
    run_algorithm("land_demand", {{"matrix", matrix},
                                  {"target_years", "2015,2020"},
                                  {"demand", box.path("demand.csv")},
                                  {"probabilities", box.path("p.csv")}});
    CHECK(cells_of(box.path("demand.csv"), "2020") == std::vector<std::int64_t>{876700, 664320, 458980});
    // 904346.5154672, 651024.6375284, 444628.8470044
    CHECK(cells_of(box.path("demand.csv"), "2015") == std::vector<std::int64_t>{904346, 651025, 444629});
    CHECK(csv_cell(box.path("demand.csv"), {{"year", "2020"}, {"class", "1"}}, "area_ha") == "3506800");
    const double root =
        std::stod(csv_cell(box.path("p.csv"), {{"years", "5"}, {"from", "1"}, {"to", "2"}}, "probability"));
    CHECK(std::abs(root - 0.0420891052729687252) < 1e-9);
}

TEST_CASE("linear demand goes on as before and stops at zero", "[land_demand]") {
    const Sandbox box;
    const std::string matrix = matrix_table(box, {{60, 20, 0}, {0, 100, 0}, {0, 5, 15}});
    run_algorithm("land_demand", {{"matrix", matrix},
                                  {"method", "linear"},
                                  {"target_years", "2015,2020,2050"},
                                  {"demand", box.path("demand.csv")},
                                  {"report", box.path("r.html")}});
    // Class 1 loses 2 a year, class 3 half a cell; of the halves in 2015, 137.5 and 12.5, the first is rounded up.
    CHECK(cells_of(box.path("demand.csv"), "2015") == std::vector<std::int64_t>{50, 138, 12});
    CHECK(cells_of(box.path("demand.csv"), "2020") == std::vector<std::int64_t>{40, 150, 10});
    CHECK(cells_of(box.path("demand.csv"), "2050") == std::vector<std::int64_t>{0, 200, 0});
    CHECK(read_text(box.path("r.html")).find("would fall below zero before 2050") != std::string::npos);
    // Twice the transitions out of class 1.
    const std::string scenario = box.text("s.csv", "from,to,multiplier\n1,*,2\n3,,0\n");
    run_algorithm(
        "land_demand",
        {{"matrix", matrix}, {"method", "linear"}, {"scenario", scenario}, {"demand", box.path("twice.csv")}});
    CHECK(cells_of(box.path("twice.csv"), "2020") == std::vector<std::int64_t>{20, 165, 15});
}

TEST_CASE("scenarios multiply transitions", "[land_demand]") {
    const Sandbox box;
    const std::string matrix = matrix_table(box, {{80, 20}, {0, 100}});
    const std::string scenario =
        box.text("s.csv", "scenario,from,to,multiplier\nprotect,1,2,0\ngrow,1,2,2\ngrow,2,1,3\nall,1,2,9\n");
    const auto demand = [&](const std::string& name) {
        const std::string path = box.path(name + ".csv");
        run_algorithm("land_demand", {{"matrix", matrix},
                                      {"scenario", scenario},
                                      {"scenario_name", name},
                                      {"demand", path},
                                      {"report", box.path(name + ".html")}});
        return cells_of(path, "2020");
    };
    CHECK(demand("protect") == std::vector<std::int64_t>{80, 120});
    CHECK(demand("grow") == std::vector<std::int64_t>{48, 152});
    CHECK(demand("all") == std::vector<std::int64_t>{0, 200});
    CHECK(read_text(box.path("all.html")).find("come to more than 1") != std::string::npos);
    const auto refused = [&](const std::string& text) {
        return error_of("land_demand", {{"matrix", matrix}, {"scenario", box.text("t.csv", text)}});
    };
    CHECK_THAT(error_of("land_demand", {{"matrix", matrix}, {"scenario", scenario}}),
               ContainsSubstring("SCENARIO_NAME: say which of \"all\", \"grow\", \"protect\""));
    CHECK_THAT(error_of("land_demand", {{"matrix", matrix}, {"scenario", scenario}, {"scenario_name", "x"}}),
               ContainsSubstring("has no \"x\" (SCENARIO_NAME)"));
    CHECK_THAT(refused("from,to,multiplier\n1,2,-1\n"), ContainsSubstring("line 2, column \"multiplier\""));
    CHECK_THAT(refused("from,to,multiplier\n1,7,1\n"), ContainsSubstring("neither map has this class"));
    CHECK_THAT(refused("from,to\n1,2\n"), ContainsSubstring("multiplier"));
}

TEST_CASE("fixed demands are completed, reached in straight lines and checked", "[land_demand]") {
    const Sandbox box;
    const std::string matrix = matrix_table(box, {{80, 20, 0}, {0, 60, 0}, {0, 0, 40}});  // 80, 80, 40 cells of 4 ha
    const auto demand = [&](const std::string& scenario, const std::string& years) {
        run_algorithm("land_demand", {{"matrix", matrix},
                                      {"method", "fixed"},
                                      {"scenario", box.text("s.csv", scenario)},
                                      {"target_years", years},
                                      {"demand", box.path("d" + years + ".csv")}});
        return box.path("d" + years + ".csv");
    };
    std::string path = demand("class,area_ha\n1,400\n", "2020,2030");
    CHECK(cells_of(path, "2030") == std::vector<std::int64_t>{100, 67, 33});
    CHECK(cells_of(path, "2020") == std::vector<std::int64_t>{90, 73, 37});
    path = demand("class,cells,year\n1,90,2020\n2,70,2020\n3,40,2020\n1,60,2040\n2,100,2040\n3,40,2040\n", "2030");
    CHECK(cells_of(path, "2030") == std::vector<std::int64_t>{75, 85, 40});
    const auto refused = [&](const std::string& text) {
        return error_of("land_demand",
                        {{"matrix", matrix}, {"method", "fixed"}, {"scenario", box.text("t.csv", text)}});
    };
    CHECK_THAT(refused("class,cells\n1,201\n"), ContainsSubstring("come to 201 cells, but the map has 200"));
    CHECK_THAT(refused("class,cells\n1,20\n2,20\n3,20\n"), ContainsSubstring("come to 60 cells"));
    CHECK_THAT(refused("class,cells\n9,20\n"), ContainsSubstring("neither map has this class"));
    CHECK_THAT(refused("class,cells\n1,20\n1,20\n"), ContainsSubstring("has a demand already"));
    CHECK_THAT(refused("class,cells,year\n1,20,2005\n"), ContainsSubstring("2005 is not after the second date"));
    CHECK_THAT(refused("class,cells,year\n1,20,2015\n"), ContainsSubstring("TARGET_YEARS goes to 2020"));
    CHECK_THAT(error_of("land_demand", {{"matrix", matrix}, {"method", "fixed"}}), ContainsSubstring("SCENARIO:"));
    const std::string endless = box.text("endless.csv",
                                         "period,from,to,pixels,area_ha\n2000-2010,1,1,5,1e308\n2000-2010,1,2,5,1e308\n"
                                         "2000-2010,2,2,5,1e308\n");
    CHECK_THAT(error_of("land_demand", {{"matrix", endless}}), ContainsSubstring("more than a number can hold"));
}

TEST_CASE("classes that are missing at a date, one class, many classes", "[land_demand]") {
    const Sandbox box;
    // Class -5 is new, class 7 has gone.
    const auto raster = [&](const std::string& name, std::vector<double> cells) {
        RasterRecipe recipe;
        recipe.width = 3;
        recipe.height = 2;
        recipe.type = GDT_Int32;
        recipe.bands = {std::move(cells)};
        return make_raster(box, name, recipe);
    };
    const std::string first = raster("a.tif", {7, 7, 3, 3, 3, 3}), second = raster("b.tif", {-5, 3, 3, 3, 3, 3});
    run_algorithm("land_demand", {{"first", first},
                                  {"second", second},
                                  {"years", "2000,2010"},
                                  {"target_years", "2025"},
                                  {"demand", box.path("demand.csv")},
                                  {"report", box.path("r.html")}});
    CHECK(cells_of(box.path("demand.csv"), "2025") == std::vector<std::int64_t>{1, 5, 0});
    CHECK(read_text(box.path("r.html")).find("class -5 (Class -5) has no cells at the first date") !=
          std::string::npos);
    // One class only.
    const std::string one = make_classes(box, "one.tif", 2, {4, 4, 4, 4}),
                      same = make_classes(box, "same.tif", 2, {4, 4, 4, 4});
    run_algorithm("land_demand", {{"first", one},
                                  {"second", same},
                                  {"years", "2000,2010"},
                                  {"target_years", "2013"},
                                  {"demand", box.path("one.csv")},
                                  {"report", box.path("one.html")}});
    CHECK(cells_of(box.path("one.csv"), "2013") == std::vector<std::int64_t>{4});
    // 200 classes, each losing to the next, over a fraction of the interval.
    std::string text = "from,to,pixels\n";
    for (int k = 1; k <= 200; ++k)
        text += std::to_string(k) + "," + std::to_string(k) + ",90\n" + std::to_string(k) + "," +
                std::to_string(k % 200 + 1) + ",10\n";
    run_algorithm("land_demand", {{"matrix", box.text("many.csv", text)},
                                  {"years", "2000,2010"},
                                  {"target_years", "2013"},
                                  {"demand", box.path("many_demand.csv")},
                                  {"report", box.path("many.html")}});
    const auto cells = cells_of(box.path("many_demand.csv"), "2013");
    REQUIRE(cells.size() == 200);
    CHECK(std::accumulate(cells.begin(), cells.end(), std::int64_t{0}) == 20000);
    for (int k = 201; k <= 501; ++k) text += std::to_string(k) + "," + std::to_string(k) + ",1\n";
    CHECK_THAT(error_of("land_demand", {{"matrix", box.text("more.csv", text)}, {"years", "2000,2010"}}),
               ContainsSubstring("there are 501 classes; demand is worked out for at most 500"));
}

TEST_CASE("matrices without a real root say so", "[land_demand]") {
    const Sandbox box;
    const std::string matrix = matrix_table(box, {{20, 80}, {80, 20}});
    run_algorithm("land_demand", {{"matrix", matrix}, {"target_years", "2015"}, {"report", box.path("r.html")}});
    CHECK(read_text(box.path("r.html")).find("no real principal root") != std::string::npos);
    const std::string closed = matrix_table(box, {{50, 50, 0}, {0, 50, 50}, {0, 0, 100}});
    run_algorithm("land_demand", {{"matrix", closed}, {"target_years", "2015"}, {"report", box.path("c.html")}});
    CHECK(read_text(box.path("c.html")).find("had negative entries") != std::string::npos);
}

TEST_CASE("years and tables that cannot be", "[land_demand]") {
    const Sandbox box;
    const std::string map = make_classes(box, "map.tif", 2, {1, 2, 2, 1});
    const std::string matrix = matrix_table(box, {{8, 2}, {1, 9}}, false);
    const auto years = [&](const std::string& given, const std::string& target) {
        return error_of("land_demand", {{"matrix", matrix}, {"years", given}, {"target_years", target}});
    };
    CHECK_THAT(years("1985,1991", "1990"), ContainsSubstring("TARGET_YEARS: 1990 is not after the second date, 1991"));
    CHECK_THAT(years("1985,1991", "1991"), ContainsSubstring("is not after the second date"));
    CHECK_THAT(years("1985", "1999"), ContainsSubstring("two years are needed"));
    CHECK_THAT(years("1985-1985", "1999"), ContainsSubstring("two years are needed"));
    CHECK_THAT(error_of("land_demand", {{"matrix", matrix}}), ContainsSubstring("YEARS: nothing is given"));
    CHECK_THAT(error_of("land_demand", {{"first", map}, {"second", map}}), ContainsSubstring("YEARS:"));
    CHECK_THAT(error_of("land_demand", {{"first", map}, {"years", "1,2"}}), ContainsSubstring("give both maps"));
    CHECK_THAT(error_of("land_demand", {}), ContainsSubstring("FIRST: give two maps"));
    CHECK_THAT(error_of("land_demand", {{"first", map}, {"second", map}, {"years", "1,2"}, {"matrix", matrix}}),
               ContainsSubstring("not both"));
    const auto table = [&](const std::string& text) {
        return error_of("land_demand", {{"matrix", box.text("m.csv", text)}, {"years", "1985,1991"}});
    };
    CHECK_THAT(table("from,to,pixels\n1,2,-3\n"), ContainsSubstring("line 2, column \"pixels\""));
    CHECK_THAT(table("from,to,pixels\n1,2,1.5\n"), ContainsSubstring("line 2, column \"pixels\""));
    CHECK_THAT(table("from,to,pixels\n1,2,3\n1,2,4\n"), ContainsSubstring("twice"));
    CHECK_THAT(table("from,to,pixels\n1,2,0\n"), ContainsSubstring("no transition has cells"));
    CHECK_THAT(table("period,from,to,pixels\na,1,2,3\nb,1,2,4\n"),
               ContainsSubstring("PERIOD: say which of \"a\", \"b\""));
    // Areas that are not told stay unset.
    const auto results = run_algorithm(
        "land_demand",
        {{"matrix", matrix}, {"years", "1985,1991"}, {"demand", box.path("d.csv")}, {"report", box.path("r.html")}});
    CHECK(results.count("total_area_ha") == 0);
    CHECK(csv_cell(box.path("d.csv"), {{"class", "1"}}, "area_ha").empty());
}

TEST_CASE("demand from the transitions that the toolbox itself writes", "[land_demand]") {
    const Sandbox box;
    const std::string sample = source_file("metadata/sample/");
    run_algorithm("transition_matrix",
                  {{"maps", std::vector<std::string>{sample + "landcover_2005.tif", sample + "landcover_2020.tif"}},
                   {"years", "2005,2020"},
                   {"transitions", box.path("t.csv")}});
    run_algorithm("land_demand",
                  {{"matrix", box.path("t.csv")}, {"target_years", "2027.5"}, {"demand", box.path("a.csv")}});
    run_algorithm("land_demand", {{"first", sample + "landcover_2005.tif"},
                                  {"second", sample + "landcover_2020.tif"},
                                  {"years", "2005,2020"},
                                  {"target_years", "2027.5"},
                                  {"demand", box.path("b.csv")}});
    CHECK(read_text(box.path("a.csv")) == read_text(box.path("b.csv")));
    const auto cells = cells_of(box.path("a.csv"), "2027.5");
    CHECK(std::accumulate(cells.begin(), cells.end(), std::int64_t{0}) == 31036);
}
