// Land Carbon Toolbox: example of a room: shares of the classes of a land-cover map; cases worked out by hand.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/class_share/class_share.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

namespace landcarbon {
std::unique_ptr<Algorithm> make_class_share();
}

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// The example is not in the registry. A room that is uses run_algorithm("class_share", {...}) instead.
std::unique_ptr<Algorithm> run_class_share(const std::map<std::string, Value>& arguments) {
    auto algorithm = make_class_share();
    assign(algorithm->spec(), arguments);
    Monitor silent;
    algorithm->run(silent);
    return algorithm;
}

double result(const Algorithm& algorithm, const std::string& id) {
    return std::get<double>(algorithm.spec().find(id)->get());
}

}  // namespace

TEST_CASE("Shannon's diversity by hand", "[class_share]") {
    CHECK(shannon_diversity({1}) == 0);
    CHECK(shannon_diversity({0.5, 0.5, 0}) == Approx(std::log(2)));
    CHECK(shannon_diversity({0.25, 0.75}) == Approx(0.5623351446));
}

TEST_CASE("shares of a map of four cells, one of them NoData", "[class_share]") {
    const Sandbox box;
    // Cells of 100 m: one hectare each. 0 is NoData.
    const std::string map = make_classes(box, "map.tif", 2, {2, 2, 7, 0});
    const std::string names = box.text("classes.csv", "class,name\n2,Forest\n");
    const auto algorithm = run_class_share(
        {{"land_cover", map}, {"classes", names}, {"unit", std::string("bits")}, {"shares", box.path("shares.csv")}});
    CHECK(result(*algorithm, "total_area_ha") == 3);
    CHECK(result(*algorithm, "diversity") == Approx(0.9182958341));
    CHECK(csv_cell(box.path("shares.csv"), {{"class", "2"}}, "name") == "Forest");
    CHECK(csv_cell(box.path("shares.csv"), {{"class", "2"}}, "area_ha") == "2");
    CHECK(csv_cell(box.path("shares.csv"), {{"class", "7"}}, "name") == "Class 7");
}

TEST_CASE("a map without classes is refused, and nothing is left behind", "[class_share]") {
    const Sandbox box;
    const std::string map = make_classes(box, "map.tif", 2, {0, 0, 0, 0});
    CHECK_THROWS_WITH(run_class_share({{"land_cover", map}, {"shares", box.path("shares.csv")}}),
                      "LAND_COVER: no cell has a class");
    CHECK(box.names() == std::vector<std::string>{"map.tif"});
}
