// Land Carbon Toolbox: PLUS land simulation: patches, absent classes, and the same checks as FLUS.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/plus/plus.hpp"

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// 40 x 30 cells of class 1, the last column of class 2. Class 2 likes the left half, class 1 everything.
std::map<std::string, Value> arguments(const Sandbox& box, double likes = 0.9) {
    RasterRecipe growth;
    growth.width = 40;
    growth.height = 30;
    growth.type = GDT_Float32;
    growth.bands.resize(2);
    std::vector<double> cells;
    for (int i = 0; i < 1200; ++i) {
        cells.push_back(i % 40 == 39 ? 2 : 1);
        growth.bands[0].push_back(0.5);
        growth.bands[1].push_back(i % 40 < 20 ? likes : 0.05);
    }
    return {{"land_cover", make_classes(box, "land.tif", 40, cells)},
            {"suitability", std::vector<std::string>{make_raster(box, "growth.tif", growth)}},
            {"demand", box.text("demand.csv", "class,cells\n1,1070\n2,130\n")},
            {"simulated", box.path("m.tif")}};
}

int left_cells(const Sandbox& box) {
    const auto map = read_raster(box.path("m.tif"));
    int count = 0;
    for (int i = 0; i < 1200; ++i) count += i % 40 < 20 && map[static_cast<std::size_t>(i)] == 2;
    return count;
}

}  // namespace

TEST_CASE("PLUS begins patches where growth is probable", "[plus]") {
    const Sandbox box;
    auto values = arguments(box);
    values.insert({{"seed_share", "0.01"}, {"expansion", "0.5"}});
    const auto results = run_algorithm("plus", values);
    CHECK(number(results, "residual_cells") == 0);
    CHECK(number(results, "changed_cells") == 100);
    // Nearly all of the hundred new cells are on the left, far from the cells of the class.
    CHECK(left_cells(box) > 80);
    // Without seeds, and in FLUS, the class can only grow from its own cells.
    values = arguments(box);
    values.insert({"seed_share", "0"});
    values["simulated"] = box.path("m2.tif");
    CHECK(number(run_algorithm("plus", values), "residual_cells") == 0);
    const auto map = read_raster(box.path("m2.tif"));
    for (int i = 0; i < 1200; ++i)
        if (map[static_cast<std::size_t>(i)] == 2) CHECK(i % 40 > 20);
}

TEST_CASE("a threshold that hardly falls keeps patches to the best cells", "[plus]") {
    const Sandbox box;
    auto values = arguments(box);
    // 0.98^l stays above 0.05 for 150 iterations, so cells on the right wait while there are seeds on the left.
    values.insert({{"seed_share", "0.05"}, {"expansion", "1"}, {"patch_decay", "0.98"}});
    CHECK(number(run_algorithm("plus", values), "residual_cells") == 0);
    CHECK(left_cells(box) == 100);
}

TEST_CASE("PLUS makes a class that is not on the map", "[plus]") {
    const Sandbox box;
    auto values = arguments(box);
    values["land_cover"] = make_classes(box, "bare.tif", 40, std::vector<double>(1200, 1));
    values.insert({{"seed_share", "0.01"}, {"expansion", "0.5"}});
    CHECK(number(run_algorithm("plus", values), "residual_cells") == 0);
    CHECK(left_cells(box) > 100);
    // FLUS says that it cannot.
    std::map<std::string, Value> flus = values;
    flus.erase("seed_share");
    flus.erase("expansion");
    flus.erase("simulated");
    CHECK_THAT(error_of("flus", flus), ContainsSubstring("PLUS begins patches"));
    // Growth probabilities of zero forbid it to PLUS as well.
    values["suitability"] = std::get<std::vector<std::string>>(arguments(box, 0).at("suitability"));
    values["demand"] = box.text("d.csv", "class,cells\n1,500\n2,700\n");
    values["simulated"] = box.path("m3.tif");
    CHECK_THAT(error_of("plus", values),
               ContainsSubstring("class 2: 700 cells are asked for, at most 600 are reachable"));
}
