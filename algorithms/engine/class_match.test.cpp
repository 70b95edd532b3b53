// Land Carbon Toolbox: tables and maps that mean different things by a class: found, told, and joined by name.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_match.hpp"

#include <cpl_string.h>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// Category names for the classes 0, 1, ... of a raster.
void name_classes(const std::string& path, const std::vector<std::string>& names) {
    const GDALDatasetH dataset = GDALOpen(path.c_str(), GA_Update);
    REQUIRE(dataset);
    CPLStringList list;
    for (const auto& name : names) list.AddString(name.c_str());
    REQUIRE(GDALSetRasterCategoryNames(GDALGetRasterBand(dataset, 1), list.List()) == CE_None);
    GDALClose(dataset);
}

const std::vector<std::string> on_the_map = {"", "Cropland", "Forest", "Water", "Built-up"};

/// Four classes of one ha each, with names.
std::string named_map(const Sandbox& box, const std::string& name = "map.tif") {
    const auto path = make_classes(box, name, 2, {1, 2, 3, 4});
    name_classes(path, on_the_map);
    return path;
}

const char* const pools_of_another_map =
    "class,name,c_above,c_below,c_soil,c_dead\n"
    "1,Cropland,10,0,0,0\n"
    "2,Forests,20,0,0,0\n"
    "3,Built up,5,0,0,0\n"
    "4,water,0,0,0,0\n"
    "7,Snow,1,0,0,0\n";

}  // namespace

TEST_CASE("names are compared without case, punctuation and plurals", "[class_match]") {
    CHECK(class_name_key("Forest  lands", 2) == "forest land");
    CHECK(class_name_key(" forest-LAND ", 2) == "forest land");
    CHECK(class_name_key("Built-up_area", 2) == class_name_key("built up areas", 2));
    CHECK(class_name_key("Water", 4) != class_name_key("Construction land", 4));
    // What only repeats the code is no name; another code is one.
    CHECK(class_name_key("4", 4).empty());
    CHECK(class_name_key("Class 4", 4).empty());
    CHECK_FALSE(class_name_key("Class 4", 5).empty());
    CHECK(class_name_key("", 4).empty());
    CHECK(class_name_key("耕地", 1) == "耕地");
    CHECK(class_name_key("gas", 1) == "gas");
}

TEST_CASE("a table of other classes stops the run and every pair is listed", "[class_match]") {
    const Sandbox box;
    const auto text = error_of("carbon_storage", {{"land_cover", named_map(box)},
                                                  {"pools", box.text("pools.csv", pools_of_another_map)},
                                                  {"storage_map", box.path("storage.tif")}});
    CHECK_THAT(text, ContainsSubstring("POOLS: table"));
    CHECK_THAT(text, ContainsSubstring("2 classes have other names"));
    CHECK_THAT(text, ContainsSubstring("3: \"Water\" ("));
    CHECK_THAT(text, ContainsSubstring("map.tif), table \"Built up\""));
    CHECK_THAT(text, ContainsSubstring("4: \"Built-up\""));
    CHECK_THAT(text, ContainsSubstring("set MATCH to names"));
    CHECK_THAT(text, ContainsSubstring("set MATCH to codes"));
    CHECK(text.find("Forest") == std::string::npos);
    CHECK(text.find("Snow") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(box.path("storage.tif")));
}

TEST_CASE("codes rule, or names do, when the user says so", "[class_match]") {
    const Sandbox box;
    const auto map = named_map(box), pools = box.text("pools.csv", pools_of_another_map);
    std::map<std::string, Value> arguments = {{"land_cover", map}, {"pools", pools}, {"by_class", box.path("by.csv")}};
    arguments["match"] = "codes";
    auto results = run_algorithm("carbon_storage", arguments);
    CHECK(number(results, "total_storage_t") == Approx(10 + 20 + 5 + 0));
    CHECK(csv_cell(box.path("by.csv"), {{"class", "3"}}, "storage_t") == "5");
    arguments["match"] = "names";
    arguments["by_class"] = box.path("by_name.csv");
    results = run_algorithm("carbon_storage", arguments);
    CHECK(number(results, "total_storage_t") == Approx(35));
    CHECK(csv_cell(box.path("by_name.csv"), {{"class", "3"}}, "storage_t") == "0");
    CHECK(csv_cell(box.path("by_name.csv"), {{"class", "4"}}, "storage_t") == "5");
}

TEST_CASE("names that agree, tables without names and maps without names run as before", "[class_match]") {
    const Sandbox box;
    const auto named = named_map(box);
    const auto plain = make_classes(box, "plain.tif", 2, {1, 2, 3, 4});
    const auto total = [&](const std::string& map, const std::string& table) {
        return number(run_algorithm("carbon_storage", {{"land_cover", map}, {"pools", table}}), "total_storage_t");
    };
    const auto without =
        box.text("without.csv", "class,c_above,c_below,c_soil,c_dead\n1,1,0,0,0\n2,2,0,0,0\n3,3,0,0,0\n4,4,0,0,0\n");
    const auto agreeing = box.text("agreeing.csv",
                                   "class,name,c_above,c_below,c_soil,c_dead\n1,CROPLAND,1,0,0,0\n2,Forests,2,0,0,0\n"
                                   "3,,3,0,0,0\n4,Class 4,4,0,0,0\n9,Glacier,9,0,0,0\n");
    for (const auto& map : {named, plain})
        for (const auto& table : {without, agreeing}) CHECK(total(map, table) == Approx(10));
    CHECK(total(plain, box.text("other.csv", pools_of_another_map)) == Approx(35));
}

TEST_CASE("a name may serve several classes of the map", "[class_match]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 2, {1, 2, 3, 3});
    name_classes(map, {"", "Forest", "Forest", "Lake"});
    const auto pools =
        box.text("pools.csv", "class,name,c_above,c_below,c_soil,c_dead\n31,forest,7,0,0,0\n44,lakes,1,0,0,0\n");
    const auto results = run_algorithm("carbon_storage", {{"land_cover", map}, {"pools", pools}, {"match", "names"}});
    CHECK(number(results, "total_storage_t") == Approx(7 + 7 + 1 + 1));
}

TEST_CASE("what is missing for a join by name is told", "[class_match]") {
    const Sandbox box;
    const auto map = named_map(box);
    const auto error = [&](const std::string& table, const std::string& of_map) {
        return error_of("carbon_emission",
                        {{"land_cover", of_map}, {"factors", box.text("f.csv", table)}, {"match", "names"}});
    };
    CHECK_THAT(error("class,factor\n1,1\n", map), ContainsSubstring("no column \"name\""));
    CHECK_THAT(error("class,name,factor\n1,Cropland,1\n", make_classes(box, "plain.tif", 1, {1})),
               ContainsSubstring("the maps do not name their classes"));
    CHECK_THAT(error("class,name,factor\n1,Cropland,1\n2,cropland,1\n", map), ContainsSubstring("appears twice"));
    const auto missing = error("class,name,factor\n1,Cropland,1\n2,Forest,1\n8,Meadow,1\n", map);
    CHECK_THAT(missing, ContainsSubstring("classes 3 (\"Water\"), 4 (\"Built-up\")"));
    CHECK_THAT(missing, ContainsSubstring("no row has the name"));
}

TEST_CASE("maps that name a class differently cannot be joined by name", "[class_match]") {
    const Sandbox box;
    const auto later = make_classes(box, "later.tif", 2, {1, 2, 3, 4});
    name_classes(later, {"", "Cropland", "Forest", "Built-up", "Water"});
    const auto pools = box.text("pools.csv", pools_of_another_map);
    const std::map<std::string, Value> arguments = {
        {"land_cover", named_map(box)}, {"later_land_cover", later}, {"pools", pools}};
    auto by_name = arguments;
    by_name["match"] = "names";
    CHECK_THAT(error_of("carbon_storage", by_name),
               ContainsSubstring("name class 3 differently: \"Water\" and \"Built-up\""));
    // By code, the map that disagrees with the table is named.
    CHECK_THAT(error_of("carbon_storage", arguments), ContainsSubstring("3: \"Water\" ("));
}

TEST_CASE("every room that reads coefficients by class compares the names", "[class_match]") {
    const Sandbox box;
    const auto map = named_map(box);
    const auto factors =
        box.text("factors.csv", "class,name,factor,grade\n1,Cropland,1,1\n2,Forest,1,2\n3,Swamp,1,3\n4,Built up,1,4\n");
    CHECK_THAT(error_of("carbon_emission", {{"land_cover", map}, {"factors", factors}}),
               ContainsSubstring("3: \"Water\" ("));
    CHECK_THAT(error_of("land_use_intensity", {{"land_cover", map}, {"classes", factors}}),
               ContainsSubstring("3: \"Water\" ("));
    const auto pools = box.text("pools.csv", pools_of_another_map);
    CHECK_THAT(error_of("scenario_comparison",
                        {{"land_cover", map}, {"scenarios", std::vector<std::string>{map}}, {"pools", pools}}),
               ContainsSubstring("3: \"Water\" ("));
    // Names of a CLASSES table come before those of the map.
    const auto classes = box.text("classes.csv", "class,name\n3,Built up\n4,Water\n");
    CHECK_NOTHROW(run_algorithm(
        "scenario_comparison",
        {{"land_cover", map}, {"scenarios", std::vector<std::string>{map}}, {"pools", pools}, {"classes", classes}}));
}
