// Land Carbon Toolbox: tests of the accuracy of a simulated map.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_accuracy/simulation_accuracy.hpp"

#include <cmath>

#include "land_simulation/simulation_accuracy/accuracy_measures.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

// The toy maps whose measures were worked out by hand and by other programs.
const std::vector<double> initial = {1, 1, 1, 2, 2, 2, 3, 3, 1, 2, 3, 1};
const std::vector<double> observed = {1, 2, 1, 2, 2, 3, 3, 3, 2, 2, 1, 1};
const std::vector<double> simulated = {1, 2, 2, 2, 3, 3, 3, 3, 1, 2, 2, 1};

/// The same pattern under other codes.
std::vector<double> recoded(std::vector<double> cells, const std::map<double, double>& codes) {
    for (double& cell : cells) cell = codes.at(cell);
    return cells;
}

std::string wide_classes(const Sandbox& box, const std::string& name, int width, std::vector<double> cells) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = static_cast<int>(cells.size()) / width;
    recipe.type = GDT_Int32;
    recipe.bands = {std::move(cells)};
    return make_raster(box, name, recipe);
}

}  // namespace

TEST_CASE("measures of the toy maps", "[simulation_accuracy]") {
    const Sandbox box;
    for (const bool other_codes : {false, true}) {
        const std::map<double, double> codes = {{1, -7}, {2, 4000}, {3, 123456789}};
        const auto map = [&](const std::string& name, const std::vector<double>& cells) {
            return wide_classes(box, name + (other_codes ? "2.tif" : "1.tif"), 4,
                                other_codes ? recoded(cells, codes) : cells);
        };
        const std::string by_class = box.path(other_codes ? "c2.csv" : "c1.csv");
        const auto r = run_algorithm("simulation_accuracy", {{"observed", map("o", observed)},
                                                             {"simulated", map("s", simulated)},
                                                             {"initial", map("i", initial)},
                                                             {"by_class", by_class},
                                                             {"map", box.path(other_codes ? "m2.tif" : "m1.tif")}});
        const double p = 1e-7;  // the figures have seven digits
        CHECK(number(r, "cells") == 12);
        CHECK(std::abs(number(r, "oa") - .6666667) < p);
        CHECK(std::abs(number(r, "kappa") - .4947368) < p);
        CHECK(std::abs(number(r, "kappa_location") - .5662651) < p);
        CHECK(std::abs(number(r, "kappa_histogram") - .8736842) < p);
        CHECK(std::abs(number(r, "quantity_disagreement") - .0833333) < p);
        CHECK(std::abs(number(r, "allocation_disagreement") - .25) < p);
        CHECK(std::abs(number(r, "figure_of_merit") - .3333333) < p);
        CHECK(std::abs(number(r, "producer_accuracy") - .5) < p);
        CHECK(std::abs(number(r, "user_accuracy") - .4) < p);
        CHECK(std::abs(number(r, "kappa_simulation") - .3406593) < p);
        // Kappa simulation is the product of its parts.
        CHECK(number(r, "kappa_transition") * number(r, "kappa_translocation") ==
              Approx(number(r, "kappa_simulation")).epsilon(1e-12));
        // Eight of twelve cells do not change.
        CHECK(number(r, "null_oa") == Approx(8.0 / 12));
        const std::string first = other_codes ? "-7" : "1";
        CHECK(csv_cell(by_class, {{"class", first}}, "observed_cells") == "4");
        CHECK(csv_cell(by_class, {{"class", first}}, "simulated_cells") == "3");
        CHECK(csv_cell(by_class, {{"class", first}}, "agreeing_cells") == "2");
        CHECK(csv_cell(by_class, {{"class", first}}, "producer_accuracy") == "0.5");
        // It was gained once, and simulated as a change to the second class there.
        CHECK(csv_cell(by_class, {{"class", first}}, "simulated_as_other") == "1");
        CHECK(csv_cell(by_class, {{"class", first}}, "figure_of_merit") == "0");
        CHECK(read_raster(box.path(other_codes ? "m2.tif" : "m1.tif")) ==
              std::vector<double>{1, 2, 5, 1, 5, 2, 1, 1, 4, 1, 3, 1});
    }
}

TEST_CASE("the largest agreement of the toy maps", "[simulation_accuracy]") {
    PairCounts pairs;
    pairs.classes = 3;
    pairs.cells.assign(9, 0);
    for (std::size_t i = 0; i < observed.size(); ++i)
        ++pairs.cells[static_cast<std::size_t>(observed[i] - 1) * 3 + static_cast<std::size_t>(simulated[i] - 1)];
    const Agreement a = agreement(pairs);
    CHECK(a.largest == Approx(.9166667));
    CHECK(a.quantity + a.allocation == Approx(1 - a.overall));
    CHECK(*a.kappa == Approx(*a.kappa_location * *a.kappa_histogram));
}

TEST_CASE("what is not defined is absent", "[simulation_accuracy]") {
    const Sandbox box;
    const std::string one = make_classes(box, "one.tif", 2, {5, 5, 5, 5}),
                      half = make_classes(box, "half.tif", 2, {5, 5, 6, 6}),
                      other = make_classes(box, "other.tif", 2, {6, 6, 6, 6});
    const auto run = [&](const std::string& o, const std::string& s, const std::string& i) {
        std::map<std::string, Value> arguments = {{"observed", o}, {"simulated", s}, {"report", box.path("r.html")}};
        // A map cannot be the later map of itself.
        if (!i.empty()) arguments["initial"] = box.path("initial.tif");
        if (!i.empty())
            std::filesystem::copy_file(i, box.path("initial.tif"), std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove_all(box.path("r.html"));
        std::filesystem::remove_all(box.path("r.html.json"));
        return run_algorithm("simulation_accuracy", arguments);
    };
    // One class everywhere: agreement is certain.
    auto r = run(one, one, one);
    CHECK(number(r, "oa") == 1);
    for (const char* absent :
         {"kappa", "kappa_location", "kappa_histogram", "figure_of_merit", "producer_accuracy", "user_accuracy",
          "kappa_simulation", "kappa_transition", "kappa_translocation", "null_resolution"}) {
        INFO(absent);
        CHECK(r.count(absent) == 0);
    }
    // Two different classes: the quantities leave no choice.
    r = run(one, other, "");
    CHECK(number(r, "oa") == 0);
    CHECK(number(r, "kappa") == 0);
    CHECK(r.count("kappa_location") == 0);
    CHECK(r.count("figure_of_merit") == 0);
    CHECK(number(r, "quantity_disagreement") == 1);
    // Nothing was simulated to change: nothing to be right about.
    r = run(half, one, one);
    CHECK(number(r, "figure_of_merit") == 0);
    CHECK(number(r, "producer_accuracy") == 0);
    CHECK(r.count("user_accuracy") == 0);
    CHECK(number(r, "kappa_simulation") == 0);
    // Nothing changed.
    r = run(one, half, one);
    CHECK(r.count("producer_accuracy") == 0);
    CHECK(number(r, "user_accuracy") == 0);
}

TEST_CASE("agreement at several resolutions by hand", "[simulation_accuracy]") {
    const Sandbox box;
    // Pairs of cells that are swapped within squares of two agree there; the pair in the corner is swapped across.
    const std::string o = make_classes(box, "o.tif", 4, {1, 2, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1}),
                      s = make_classes(box, "s.tif", 4, {2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 2, 1}),
                      i = make_classes(box, "i.tif", 4, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1});
    const auto r = run_algorithm("simulation_accuracy", {{"observed", o},
                                                         {"simulated", s},
                                                         {"initial", i},
                                                         {"resolutions", "1,2,3,4"},
                                                         {"decay", "0"},
                                                         {"by_resolution", box.path("r.csv")}});
    const auto cell = [&](const char* side, const char* column) {
        return std::stod(csv_cell(box.path("r.csv"), {{"side_cells", side}}, column));
    };
    // Cells: first two, the fourth, the fifteenth disagree.
    CHECK(cell("1", "agreement") == 1 - 4.0 / 16);
    // Squares of two: upper left agrees, upper right has one 2 too few, lower right one too many.
    CHECK(cell("2", "agreement") == 1 - 2.0 / 16);
    // Squares of three: the fourth cell alone, the fifteenth alone below the first square.
    CHECK(cell("3", "agreement") == 1 - 2.0 / 16);
    CHECK(cell("4", "agreement") == 1);
    CHECK(cell("4", "quantity_disagreement") == 0);
    CHECK(cell("2", "allocation_disagreement") == 2.0 / 16);
    // No change: two 2s are missing at every resolution.
    for (const char* side : {"1", "2", "3", "4"}) CHECK(cell(side, "null_agreement") == 1 - 2.0 / 16);
    CHECK(number(r, "weighted_fit") == Approx((12.0 + 14 + 14 + 16) / 64));
    CHECK(number(r, "null_resolution") == 4);
}

TEST_CASE("resolutions do not depend on how blocks cut the map", "[simulation_accuracy]") {
    Grid grid;
    grid.width = 37;
    grid.height = 29;
    std::vector<std::uint16_t> first, second;
    std::uint32_t noise = 5;
    for (int i = 0; i < grid.width * grid.height; ++i) {
        noise = noise * 1664525u + 1013904223u;
        first.push_back(static_cast<std::uint16_t>(noise >> 30));
        second.push_back(static_cast<std::uint16_t>((noise >> 20) % 4));
    }
    const std::vector<int> sides = {1, 2, 3, 5, 8, 16, 64};
    ResolutionTally whole(grid, sides);
    whole.add({0, 0, grid.width, grid.height}, first.data(), second.data(), 4);
    for (const int size : {1, 4, 7, 16}) {
        ResolutionTally parts(grid, sides), rest(grid, sides);
        for (int y = 0; y < grid.height; y += size)
            for (int x = 0; x < grid.width; x += size) {
                const Window window{x, y, std::min(size, grid.width - x), std::min(size, grid.height - y)};
                std::vector<std::uint16_t> a, b;
                for (int row = 0; row < window.height; ++row)
                    for (int i = 0; i < window.width; ++i) {
                        const auto at = static_cast<std::size_t>((y + row) * grid.width + x + i);
                        a.push_back(first[at]);
                        b.push_back(second[at]);
                    }
                ((x + y) % 2 ? parts : rest).add(window, a.data(), b.data(), 4);
            }
        parts.merge(rest);
        CHECK(parts.disagreement() == whole.disagreement());
    }
}

TEST_CASE("unequal sets of classes, holes, and maps that do not fit", "[simulation_accuracy]") {
    const Sandbox box;
    const std::string o = make_classes(box, "o.tif", 3, {1, 2, 0, 9, 1, 1}),
                      s = make_classes(box, "s.tif", 3, {1, 1, 1, 7, 0, 1});
    const auto r = run_algorithm("simulation_accuracy", {{"observed", o},
                                                         {"simulated", s},
                                                         {"confusion", box.path("c.csv")},
                                                         {"by_class", box.path("k.csv")},
                                                         {"map", box.path("m.tif")},
                                                         {"report", box.path("r.html")}});
    CHECK(number(r, "cells") == 4);
    CHECK(number(r, "oa") == 0.5);
    CHECK(r.count("figure_of_merit") == 0);
    CHECK(csv_cell(box.path("c.csv"), {{"observed", "9"}, {"simulated", "7"}}, "area_ha") == "1");
    CHECK(csv_cell(box.path("k.csv"), {{"class", "7"}}, "producer_accuracy").empty());
    CHECK(csv_cell(box.path("k.csv"), {{"class", "7"}}, "user_accuracy") == "0");
    const auto map = read_raster(box.path("m.tif"));
    CHECK((map[0] == 6 && map[1] == 7 && std::isnan(map[2]) && map[3] == 7 && std::isnan(map[4]) && map[5] == 6));
    CHECK(read_text(box.path("r.html")).find("2 cells have a class on some maps only") != std::string::npos);
    const std::string apart = make_classes(box, "a.tif", 3, {0, 0, 1, 0, 0, 0});
    CHECK_THAT(error_of("simulation_accuracy", {{"observed", o}, {"simulated", apart}}),
               ContainsSubstring("SIMULATED: no cell has a class on all maps"));
    const auto refused = [&](const std::string& sides) {
        return error_of("simulation_accuracy", {{"observed", o}, {"simulated", s}, {"resolutions", sides}});
    };
    CHECK_THAT(refused("1,x"), ContainsSubstring("RESOLUTIONS: \"x\""));
    CHECK_THAT(refused("4,2"), ContainsSubstring("RESOLUTIONS: 2 does not come after 4"));
    CHECK_THAT(refused("0"), ContainsSubstring("RESOLUTIONS: \"0\""));
}
