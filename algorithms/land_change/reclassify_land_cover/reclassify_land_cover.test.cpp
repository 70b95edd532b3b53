// Land Carbon Toolbox: reclassified land cover: hand-made cases, tables that ship, wrong tables.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/reclassify_land_cover/reclassify_land_cover.hpp"

#include <cmath>
#include <set>

#include "support/catch.hpp"
#include "support/sandbox.hpp"
#include "tables/published_tables.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

struct Listener : Monitor {
    std::string heard;
    void warning(const std::string& text) override { heard += text + "\n"; }
};

}  // namespace

TEST_CASE("reclassified land cover by hand", "[reclassify_land_cover]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 3, 4, 0, 2});  // 0 is NoData; one cell is one ha
    const auto table = box.text("table.csv",
                                "class,to,to_name,to_colour\n"
                                "1,10,Open,#112233\n2,10,,\n3,20,Closed,#445566\n4,,,\n9,30,Unused,#000000\n");
    const auto results = run_algorithm("reclassify_land_cover", {{"land_cover", map},
                                                                 {"table", table},
                                                                 {"reclassified", box.path("new.tif")},
                                                                 {"changes", box.path("changes.csv")}});
    const auto cells = read_raster(box.path("new.tif"));
    CHECK(cells[0] == 10);
    CHECK(cells[1] == 10);
    CHECK(cells[2] == 20);
    CHECK(std::isnan(cells[3]));  // no data by the table
    CHECK(std::isnan(cells[4]));  // no data on the map
    CHECK(cells[5] == 10);
    CHECK(number(results, "class_count") == 2);
    CHECK(number(results, "total_area_ha") == 4);
    const auto cell = [&](const std::string& code, const std::string& column) {
        return csv_cell(box.path("changes.csv"), {{"class", code}}, column);
    };
    CHECK(cell("2", "to") == "10");
    CHECK(cell("2", "to_name") == "Open");
    CHECK(cell("2", "pixels") == "2");
    CHECK(cell("2", "share") == "0.4");
    CHECK(cell("4", "to").empty());
    // Names and colours travel in the file: a table of the new map calls its classes so.
    run_algorithm("transition_matrix", {{"maps", std::vector<std::string>{box.path("new.tif"), box.path("new.tif")}},
                                        {"summary", box.path("s.csv")}});
    CHECK(csv_cell(box.path("s.csv"), {{"class", "20"}}, "name") == "Closed");
}

TEST_CASE("reclassified land cover: the table's names of old classes, and usual colours of new ones",
          "[reclassify_land_cover]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 3, 4, 5, 6});
    const auto run = [&](const std::string& table, const std::string& name) {
        run_algorithm("reclassify_land_cover", {{"land_cover", map},
                                                {"table", box.text(name + ".csv", table)},
                                                {"reclassified", box.path(name + ".tif")},
                                                {"changes", box.path(name + "_changes.csv")},
                                                {"report", box.path(name + ".html")}});
        return read_text(box.path(name + ".qml"));
    };
    const std::string style = run(
        "class,name,to,to_name\n1,Paddy,1,耕地\n2,Dry field,1,\n3,Woods,2,Forest\n4,Lake,4,水域\n5,Town,5,建设用地\n"
        "6,,6,Tundra\n",
        "chinese");
    for (const char* colour : {"#f2d16b", "#2f7d4a", "#3a7fc1", "#c8402f"})
        CHECK_THAT(style, ContainsSubstring(colour));
    const auto name = [&](const std::string& code) {
        return csv_cell(box.path("chinese_changes.csv"), {{"class", code}}, "name");
    };
    CHECK(name("1") == "Paddy");
    CHECK(name("4") == "Lake");
    CHECK(name("6") == "Class 6");
    CHECK_THAT(read_text(box.path("chinese.html")), ContainsSubstring("1 Paddy"));
    // The table's own colours stay, and no colour is given twice.
    const std::string own =
        run("class,to,to_name,to_colour\n1,1,Forest,#112233\n2,2,Woodland,\n3,3,Cropland,\n4,4,Other,#f2d16b\n5,1,,\n6,"
            "1,,\n",
            "own");
    CHECK_THAT(own, ContainsSubstring("#112233") && ContainsSubstring("#2f7d4a"));
    CHECK(own.find("#f2d16b") == own.rfind("#f2d16b"));
}

TEST_CASE("reclassified land cover: areas of the classes stay, exactly", "[reclassify_land_cover]") {
    const Sandbox box;
    std::vector<double> cells;
    std::uint32_t state = 5;
    for (int i = 0; i < 120 * 70; ++i) cells.push_back(((state = state * 1664525u + 1013904223u) >> 24) % 9 + 1);
    RasterRecipe recipe = geographic_recipe(120, 70, 100, 40, 0.01);
    recipe.bands = {cells};
    const auto map = make_raster(box, "map.tif", recipe);
    run_algorithm("reclassify_land_cover", {{"land_cover", map},
                                            {"system", "clcd_to_six"},
                                            {"reclassified", box.path("six.tif")},
                                            {"changes", box.path("changes.csv")}});
    const auto six = read_raster(box.path("six.tif"));
    const std::vector<double> expected = {0, 1, 2, 2, 3, 4, 4, 6, 5, 4};  // Yang & Huang 2021: 9 classes
    REQUIRE(six.size() == cells.size());
    for (std::size_t i = 0; i < six.size(); ++i) CHECK(six[i] == expected[static_cast<std::size_t>(cells[i])]);
}

TEST_CASE("a reclassification that changes nothing gives the same cells", "[reclassify_land_cover]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 3, 4, 5, 6});
    run_algorithm("reclassify_land_cover", {{"land_cover", map},
                                            {"table", box.text("same.csv", "class,to\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n")},
                                            {"reclassified", box.path("same.tif")}});
    CHECK(read_raster(box.path("same.tif")) == read_raster(map));
}

TEST_CASE("codes that need more than a byte, negative codes and a code 0", "[reclassify_land_cover]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 3});
    run_algorithm("reclassify_land_cover", {{"land_cover", map},
                                            {"table", box.text("wide.csv", "class,to\n1,-70000\n2,0\n3,2000000000\n")},
                                            {"reclassified", box.path("wide.tif")}});
    CHECK(read_raster(box.path("wide.tif")) == std::vector<double>{-70000, 0, 2000000000});
    CHECK_THAT(error_of("reclassify_land_cover", {{"land_cover", map},
                                                  {"table", box.text("far.csv", "class,to\n1,1\n2,2\n3,3000000000\n")},
                                                  {"reclassified", box.path("far.tif")}}),
               ContainsSubstring("beyond 32 bits"));
}

TEST_CASE("classes without a row stop the run, keep their codes or become no data", "[reclassify_land_cover]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 7});
    const auto table = box.text("table.csv", "class,to,to_name\n1,1,A\n2,1,A\n");
    const std::map<std::string, Value> arguments = {
        {"land_cover", map}, {"table", table}, {"reclassified", box.path("new.tif")}};
    CHECK_THAT(error_of("reclassify_land_cover", arguments),
               ContainsSubstring("map.tif has no row in the table: 7 (Class 7)"));
    Listener monitor;
    auto keep = arguments;
    keep["others"] = "keep";
    run_algorithm("reclassify_land_cover", keep, monitor);
    CHECK_THAT(monitor.heard, ContainsSubstring("they keep their codes"));
    CHECK(read_raster(box.path("new.tif")) == std::vector<double>{1, 1, 7});
    auto drop = arguments;
    drop["others"] = "no_data";
    drop["reclassified"] = box.path("dropped.tif");
    run_algorithm("reclassify_land_cover", drop);
    CHECK(std::isnan(read_raster(box.path("dropped.tif"))[2]));
}

TEST_CASE("reclassification tables that ship are whole", "[reclassify_land_cover]") {
    const std::map<std::string, std::set<std::int64_t>> systems = {
        {"clcd_to_six", {1, 2, 3, 4, 5, 6, 7, 8, 9}},
        {"globeland30_to_six", {10, 20, 30, 40, 50, 60, 70, 80, 90, 100}},
        {"worldcover_to_six", {10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100}},
        {"igbp_to_seven", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}},
        {"cnlucc_to_six",
         {11, 12, 21, 22, 23, 24, 31, 32, 33, 41, 42, 43, 44, 45, 46, 51, 52, 53, 61, 62, 63, 64, 65, 66, 67}}};
    for (const auto& [name, codes] : systems) {
        const InputTable table = read_published_table("system", name);
        std::set<std::int64_t> found, to;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            found.insert(table.required_integer(row, table.column("class")));
            to.insert(table.required_integer(row, table.column("to")));
            if (name == "cnlucc_to_six")  // the first digit is the group
                CHECK(*found.rbegin() / 10 == *to.rbegin());
        }
        CHECK(found == codes);
        CHECK(to.size() == (name == "igbp_to_seven" ? 7 : 6));
        CHECK(*to.begin() == 1);
    }
}

TEST_CASE("reclassification: wrong input", "[reclassify_land_cover]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 2, {1, 2});
    const auto run = [&](const std::string& text) {
        return error_of("reclassify_land_cover",
                        {{"land_cover", map}, {"table", box.text("t.csv", text)}, {"changes", box.path("c.csv")}});
    };
    const auto other = make_classes(box, "other.tif", 2, {1, 60});
    CHECK_THAT(error_of("reclassify_land_cover", {{"land_cover", other}, {"changes", box.path("c.csv")}}),
               ContainsSubstring("SYSTEM: 1 class of"));
    CHECK_THAT(run("class,to\n1,1\n1,2\n2,2\n"), ContainsSubstring("twice"));
    CHECK_THAT(run("class,to\n1,x\n2,2\n"), ContainsSubstring("line 2"));
    CHECK_THAT(run("class,to,to_name\n1,1,A\n2,1,B\n"), ContainsSubstring("is called \"A\" in another row"));
    CHECK_THAT(run("class,to\n1,\n2,\n"), ContainsSubstring("every class of the map becomes no data"));
    CHECK_THAT(run("class,other\n1,1\n2,1\n"), ContainsSubstring("to"));
}
