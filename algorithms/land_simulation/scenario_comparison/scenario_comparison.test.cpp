// Land Carbon Toolbox: tests of the comparison of scenarios.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

TEST_CASE("two scenarios beside today by hand", "[scenario_comparison]") {
    const Sandbox box;
    // Cells of one hectare; the last is missing on one map.
    const std::string now = make_classes(box, "now.tif", 3, {1, 1, 1, 2, 2, 2}),
                      town = make_classes(box, "town.tif", 3, {5, 5, 1, 2, 2, 0}),
                      wood = make_classes(box, "wood.tif", 3, {2, 1, 1, 2, 2, 2});
    const std::string pools =
        box.text("pools.csv", "class,c_above,c_below,c_soil,c_dead\n1,10,0,30,0\n2,60,10,30,0\n5,0,0,10,0\n");
    const std::map<std::string, Value> inputs = {{"land_cover", now},
                                                 {"scenarios", std::vector<std::string>{town, wood}},
                                                 {"names", "Town,Wood"},
                                                 {"pools", pools}};
    std::map<std::string, Value> arguments = inputs;
    arguments["by_class"] = box.path("c.csv");
    arguments["summary"] = box.path("s.csv");
    arguments["report"] = box.path("r.html");
    const auto r = run_algorithm("scenario_comparison", arguments);
    // Five cells: three of class 1 (40 t/ha), two of class 2 (100 t/ha).
    CHECK(number(r, "total_area_ha") == 5);
    CHECK(number(r, "present_storage_t") == 3 * 40 + 2 * 100);
    CHECK(number(r, "largest_storage_t") == 2 * 40 + 3 * 100);
    CHECK(number(r, "smallest_storage_t") == 2 * 10 + 40 + 2 * 100);
    CHECK(std::get<std::string>(r.at("largest_scenario")) == "Wood");
    CHECK(csv_cell(box.path("s.csv"), {{"scenario", "Town"}}, "storage_change_t") == "-60");
    CHECK(csv_cell(box.path("s.csv"), {{"scenario", "Town"}}, "changed_ha") == "2");
    CHECK(csv_cell(box.path("s.csv"), {{"scenario", "Today"}}, "changed_share") == "0");
    CHECK(csv_cell(box.path("c.csv"), {{"scenario", "Wood"}, {"class", "1"}}, "change_ha") == "-1");
    CHECK(csv_cell(box.path("c.csv"), {{"scenario", "Town"}, {"class", "5"}}, "cells") == "2");
    CHECK(read_text(box.path("r.html")).find("1 cell has a class on some maps only") != std::string::npos);
    // Without pools there is no carbon.
    arguments = inputs;
    arguments.erase("pools");
    arguments["summary"] = box.path("s2.csv");
    CHECK(run_algorithm("scenario_comparison", arguments).count("present_storage_t") == 0);
    CHECK(csv_cell(box.path("s2.csv"), {{"scenario", "Wood"}}, "storage_t").empty());

    const auto refused = [&](const std::string& id, const Value& value) {
        auto changed = inputs;
        changed[id] = value;
        return error_of("scenario_comparison", changed);
    };
    CHECK_THAT(refused("names", std::string("A")), ContainsSubstring("NAMES: 1 names are given for 2 scenarios"));
    CHECK_THAT(refused("names", std::string("A,A")), ContainsSubstring("the same name"));
    CHECK_THAT(
        refused("pools", box.text("few.csv", "class,c_above,c_below,c_soil,c_dead\n1,10,0,30,0\n2,60,10,30,0\n")),
        ContainsSubstring("class 5 is on the map but has no row"));
    const std::string apart = make_classes(box, "apart.tif", 3, {0, 0, 0, 0, 0, 0});
    CHECK_THAT(refused("scenarios", std::vector<std::string>{apart, wood}),
               ContainsSubstring("no cell has a class on all maps"));
}
