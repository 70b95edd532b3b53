// Land Carbon Toolbox: tests of the panels of units and years.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/unit_panel.hpp"

#include <cmath>

#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

InputTable csv(const std::string& text) { return InputTable::from_text("units", "test.csv", text); }

}  // namespace

TEST_CASE("years in the names of columns", "[unit_panel]") {
    CHECK(year_in_name("npp_2004") == 2004);
    CHECK(year_in_name("y2004_mean") == 2004);
    CHECK(year_in_name("2004") == 2004);
    CHECK(year_in_name("c1990_2004") == 2004);
    CHECK_FALSE(year_in_name("code12345"));
    CHECK_FALSE(year_in_name("x0999"));
    CHECK_FALSE(year_in_name("x3000"));
    CHECK_FALSE(year_in_name("area"));
    CHECK_FALSE(year_in_name(""));
    CHECK(name_without_year("npp_2004") == "npp");
    CHECK(name_without_year("npp2004") == "npp");
    CHECK(name_without_year("y2004_mean") == "y_mean");
    CHECK(name_without_year("2004_forest") == "forest");
    CHECK(name_without_year("\xe5\x8c\x96\xe8\x82\xa5"
                            "2004") == "\xe5\x8c\x96\xe8\x82\xa5");
    CHECK(name_without_year("natural_gas_2004_m3") == "natural_gas_m3");
    CHECK(name_without_year("area") == "area");
    CHECK(name_without_year("2004").empty());
}

TEST_CASE("rows of units and years in any order, with missing years and blanks", "[unit_panel]") {
    const auto table = csv("v,year,unit,w\n3,2003,b,\n1,2001,a,10\n,2002,a,20\n5,2001,b,30\n");
    const UnitPanel panel = panel_of_rows(table, "unit", "year", {"v", "w"});
    CHECK(panel.times == std::vector<double>{2001, 2002, 2003});
    REQUIRE(panel.units.size() == 2);
    CHECK(panel.units[0].name == "b");
    CHECK(panel.units[0].row == 0);
    CHECK(panel.units[0].first == 0);
    CHECK(panel.units[0].end == 2);
    CHECK(panel.time_of == std::vector<std::size_t>{0, 2, 0, 1});
    CHECK(panel.row_of == std::vector<std::size_t>{3, 0, 1, 2});
    CHECK(panel.values[0][0] == 5);
    CHECK(panel.values[0][1] == 3);
    CHECK(std::isnan(panel.values[0][3]));
    CHECK(panel.values[1][2] == 10);
    CHECK(std::isnan(panel.values[1][1]));
}

TEST_CASE("columns of quantities and years give the same panel", "[unit_panel]") {
    const auto table = csv("unit,v_2001,v_2003,w_2001\na,1,3,10\nb,4,,\n");
    const UnitPanel panel = panel_of_columns(table, "unit", {2001, 2003}, {{1, 2}, {3, std::nullopt}}, true);
    REQUIRE(panel.units.size() == 2);
    CHECK(panel.units[1].name == "b");
    CHECK(panel.values[0][1] == 3);
    CHECK(panel.values[0][2] == 4);
    CHECK(std::isnan(panel.values[0][3]));
    CHECK(panel.values[1][0] == 10);
    CHECK(std::isnan(panel.values[1][1]));
    CHECK(panel.row_of == std::vector<std::size_t>{0, 0, 1, 1});
    CHECK(panel_of_columns(table, "", {2001}, {{1}}, false).units[1].name == "2");
}

TEST_CASE("wrong rows and cells of panels are named", "[unit_panel]") {
    const auto read = [](const std::string& text) { panel_of_rows(csv(text), "unit", "year", {"v"}); };
    CHECK_THROWS_WITH(read("unit,year,v\na,2001,1\nb,2001,2\na,2001,3\na,2001,4\n"),
                      ContainsSubstring("line 4, column \"year\": unit \"a\" has this year twice"));
    CHECK_THROWS_WITH(read("unit,year,v\n ,2001,1\n"),
                      ContainsSubstring("line 2, column \"unit\"") && ContainsSubstring("every row needs a unit"));
    CHECK_THROWS_WITH(read("unit,year,v\n<Null>,2001,1\n"), ContainsSubstring("the cell says <Null>; every row needs"));
    CHECK_THROWS_WITH(read("unit,year,v\na,,1\n"), ContainsSubstring("line 2, column \"year\": a year is missing"));
    CHECK_THROWS_WITH(read("unit,year,v\na,2001,1\na,2002,\"1,5\"\n"),
                      ContainsSubstring("line 3, column \"v\"") && ContainsSubstring("write a decimal point"));
    CHECK_THROWS_WITH(read("unit,year,w\na,2001,1\n"), ContainsSubstring("the column \"v\" is missing"));
    CHECK_THROWS_WITH(panel_of_columns(csv("unit,v2001\na,1\na,2\n"), "unit", {2001}, {{1}}, true),
                      ContainsSubstring("line 3, column \"unit\": unit \"a\" has two rows"));
}

TEST_CASE("names for comparison, and columns guessed by them", "[unit_panel]") {
    CHECK(plain_name(" Raw  coal ") == "raw_coal");
    CHECK(plain_name("Liquefied petroleum-gas (LPG)") == "liquefied_petroleum_gas_lpg");
    CHECK(plain_name("化肥（吨）") == "化肥_吨");
    CHECK(plain_name("--").empty());
    CHECK(guess_unit_field({"year", "Name", "COUNTY"}) == "COUNTY");
    CHECK(guess_unit_field({"年份", "区县"}) == "区县");
    CHECK(guess_year_field({"年份", "区县"}) == "年份");
    CHECK(guess_unit_field({"时间", "县名"}) == "县名");
    CHECK(guess_year_field({"时间", "县名"}) == "时间");
    CHECK(guess_unit_field({"x"}).empty());
}

TEST_CASE("a unit whose numbers are the sums of all others looks like a total", "[unit_panel]") {
    const auto panel = [](const std::string& rows) {
        return panel_of_rows(InputTable::from_text("units", "units.csv", "unit,year,a,b\n" + rows), "unit", "year",
                             {"a", "b"});
    };
    const std::string three =
        "A,2001,100,50\nB,2001,101,51\nC,2001,102,52\nA,2002,100,\nB,2002,101,51\nC,2002,102,52\n";
    CHECK(units_like_totals(panel(three)).empty());
    const auto found = units_like_totals(panel(three + "Shaanxi,2001,303,153\nShaanxi,2002,303.1,103\n"));
    REQUIRE(found.size() == 1);
    CHECK(found.front().name == "Shaanxi");
    CHECK(found.front().of == "all other units");
    CHECK(units_like_totals(panel(three + "Shaanxi,2001,303,153\nShaanxi,2002,340,103\n")).empty());
    // Of two units, each is the sum of all others when they are alike.
    CHECK(units_like_totals(panel("A,2001,5,5\nB,2001,5,5\n")).empty());
}

TEST_CASE("a city above its counties and a province above its cities look like totals", "[unit_panel]") {
    const auto totals = [](const std::vector<std::pair<std::string, std::vector<double>>>& units) {
        std::string text = "unit,year,a\n";
        for (const auto& [name, values] : units)
            for (std::size_t t = 0; t < values.size(); ++t)
                text += name + ',' + std::to_string(2001 + t) + ',' + number_text(values[t]) + '\n';
        std::vector<std::string> told;
        const InputTable table = InputTable::from_text("units", "units.csv", text);
        for (const auto& one : units_like_totals(panel_of_rows(table, "unit", "year", {"a"})))
            told.push_back(one.name + " = " + one.of);
        return told;
    };
    using Units = std::vector<std::pair<std::string, std::vector<double>>>;
    const Units a = {{"a1", {101, 113, 127}}, {"a2", {211, 223, 229}}, {"a3", {51, 59, 61}}};
    const Units b = {{"b1", {307, 331, 353}}, {"b2", {77, 79, 83}}};
    // The city is rounded by itself: 363 + 0.6 is written 364.
    const std::pair<std::string, std::vector<double>> city_a = {"A", {363, 396, 417}}, city_b = {"B", {384, 410, 436}},
                                                      province = {"P", {747, 806, 853}};
    Units below = {province, city_a};
    below.insert(below.end(), a.begin(), a.end());
    below.push_back(city_b);
    below.insert(below.end(), b.begin(), b.end());
    CHECK(totals(below) ==
          std::vector<std::string>{"P = \"A\" to \"B\"", "A = \"a1\" to \"a3\"", "B = \"b1\" to \"b2\""});
    Units above = a;
    above.push_back(city_a);
    above.insert(above.end(), b.begin(), b.end());
    above.push_back(city_b);
    CHECK(totals(above) == std::vector<std::string>{"A = \"a1\" to \"a3\"", "B = \"b1\" to \"b2\""});
    Units alone = a;
    alone.insert(alone.end(), b.begin(), b.end());
    CHECK(totals(alone).empty());
    // One year tells too little of units beside one another.
    CHECK(totals({{"A", {30}}, {"x", {10}}, {"y", {20}}, {"z", {55}}}).empty());
}
