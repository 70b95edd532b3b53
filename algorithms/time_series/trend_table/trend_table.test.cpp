// Land Carbon Toolbox: tests of the trends of tables.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_table/trend_table.hpp"

#include <cmath>
#include <filesystem>

#include "engine/table.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

const std::string counties =
    "county,npp_2001,npp_2002,npp_2003,npp_2004,npp_2005,npp_2006,npp_2007,npp_2008\n"
    "Rising,5,3,6,8,7,9,12,10\n"
    "Constant,7,7,7,7,7,7,7,7\n"
    "Short,1,,,,,,,2\n"
    "Gaps,1,,2,3,,4,,\n";

double cell(const std::string& path, const std::string& unit, const std::string& column) {
    const auto text = csv_cell(path, {{"unit", unit}}, column);
    return text.empty() ? std::nan("") : std::stod(text);
}

}  // namespace

TEST_CASE("trend of a table: one column a year", "[trend_table]") {
    const Sandbox box;
    const auto results = run_algorithm("trend_table", {{"table", box.text("t.csv", counties)},
                                                       {"unit_field", std::string("county")},
                                                       {"trend", box.path("o.csv")},
                                                       {"summary", box.path("s.csv")},
                                                       {"report", box.path("r.html")}});
    const auto o = box.path("o.csv");
    // R 4.2.2, packages trend and Kendall; the intercept at year 0.
    CHECK(cell(o, "Rising", "slope") == 1);
    CHECK(cell(o, "Rising", "intercept") == 3 - 2000);
    CHECK(cell(o, "Rising", "z") == Approx(2.598076211).epsilon(1e-9));
    CHECK(cell(o, "Rising", "p") == Approx(0.00550595238).epsilon(1e-9));
    CHECK(cell(o, "Rising", "tau") == Approx(0.785714).epsilon(1e-6));
    CHECK(cell(o, "Rising", "s") == 22);
    CHECK(cell(o, "Rising", "n") == 8);
    CHECK(cell(o, "Rising", "lower") == 0.5);
    CHECK(cell(o, "Rising", "upper") == 2);
    CHECK(cell(o, "Rising", "class") == 4);
    CHECK(std::isnan(cell(o, "Rising", "class_fdr")));
    CHECK(cell(o, "Constant", "slope") == 0);
    CHECK(cell(o, "Constant", "p") == 1);
    CHECK(cell(o, "Constant", "class") == 0);
    for (const auto* column : {"slope", "z", "p", "n", "class"}) CHECK(std::isnan(cell(o, "Short", column)));
    CHECK(cell(o, "Gaps", "slope") == Approx(0.5 * (0.6 + 2.0 / 3)).epsilon(1e-14));
    CHECK(cell(o, "Gaps", "n") == 4);
    CHECK(number(results, "units") == 3);
    CHECK(number(results, "increasing") == 2);
    CHECK(number(results, "decreasing") == 0);
    CHECK(csv_cell(box.path("s.csv"), {{"class", "4"}}, "units") == "1");
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("8 years, 2001 to 2008"));
}

TEST_CASE("trend of a table: rows give what columns give, in any order", "[trend_table]") {
    const Sandbox box;
    const std::string rows =
        "year,v,county\n2008,10,Rising\n2001,5,Rising\n2003,6,Rising\n2002,3,Rising\n2001,1,Gaps\n2004,8,Rising\n"
        "2003,2,Gaps\n2005,7,Rising\n2004,3,Gaps\n2006,9,Rising\n2007,12,Rising\n2006,4,Gaps\n2005,,Gaps\n";
    run_algorithm(
        "trend_table",
        {{"table", box.text("t.csv", counties)}, {"unit_field", std::string("county")}, {"trend", box.path("a.csv")}});
    run_algorithm("trend_table", {{"table", box.text("r.csv", rows)},
                                  {"layout", std::string("rows")},
                                  {"unit_field", std::string("county")},
                                  {"year_field", std::string("year")},
                                  {"value_field", std::string("v")},
                                  {"trend", box.path("b.csv")}});
    for (const auto* unit : {"Rising", "Gaps"})
        for (const auto* column : {"slope", "intercept", "z", "p", "tau", "s", "n", "class"})
            CHECK(csv_cell(box.path("a.csv"), {{"unit", unit}}, column) ==
                  csv_cell(box.path("b.csv"), {{"unit", unit}}, column));
}

TEST_CASE("trend of a table: polygons are kept", "[trend_table]") {
    const Sandbox box;
    std::string features;
    for (int i = 0; i < 3; ++i) {
        features += std::string(i ? "," : "") + R"({"type":"Feature","properties":{"id":"u)" + std::to_string(i) + "\"";
        for (int year = 2001; year <= 2012; ++year)
            features += ",\"y" + std::to_string(year) + "\":" + std::to_string((i - 1) * (year - 2000) + 0.5);
        const auto x = std::to_string(i), next = std::to_string(i + 1);
        features += R"(},"geometry":{"type":"Polygon","coordinates":[[[)" + x + ",0],[" + next + ",0],[" + next +
                    ",1],[" + x + ",1],[" + x + ",0]]]}}";
    }
    const auto layer = box.text("l.geojson", R"({"type":"FeatureCollection","features":[)" + features + "]}");
    run_algorithm("trend_table", {{"table", layer},
                                  {"unit_field", std::string("id")},
                                  {"false_discovery", std::string("benjamini_hochberg")},
                                  {"trend", box.path("o.gpkg")}});
    const InputTable out("trend", box.path("o.gpkg"), true);
    REQUIRE(out.rows() == 3);
    REQUIRE(out.has_shapes());
    for (std::size_t row = 0; row < 3; ++row) {
        CHECK_FALSE(out.shape(row).empty());
        CHECK(out.required_number(row, out.column("slope")) == static_cast<double>(row) - 1);
    }
    CHECK(out.required_integer(0, out.column("class_fdr")) == -4);
    CHECK(out.required_integer(2, out.column("class_fdr")) == 4);
    CHECK_THAT(out.crs(), ContainsSubstring("84"));
    CHECK_THAT(read_text(box.path("o.qml")), ContainsSubstring("Extremely significant decrease"));
    // Without having been asked for, polygons are not read.
    CHECK_FALSE(InputTable("trend", box.path("o.gpkg")).has_shapes());
}

TEST_CASE("trend of a table: several quantities get one row each", "[trend_table]") {
    const Sandbox box;
    const std::string first[] = {"5", "3", "6", "8", "7", "9", "12", "10"};
    std::string rows = "unit,year,\xe7\xa2\xb3,flat\n";
    for (int i = 0; i < 8; ++i)
        rows += "\xe6\xb1\x89\xe4\xb8\xad," + std::to_string(2001 + i) + "," + first[i] + ",7\n";
    for (int i = 0; i < 8; ++i) rows += "b," + std::to_string(2001 + i) + "," + std::to_string(-i) + ",\n";
    const auto results =
        run_algorithm("trend_table", {{"table", box.text("t.csv", rows)},
                                      {"layout", std::string("rows")},
                                      {"unit_field", std::string("unit")},
                                      {"year_field", std::string("year")},
                                      {"value_fields", std::vector<std::string>{"\xe7\xa2\xb3", "flat"}},
                                      {"trend", box.path("o.csv")},
                                      {"summary", box.path("s.csv")},
                                      {"report", box.path("r.html")}});
    const auto of = [&](const char* unit, const char* quantity, const char* column) {
        return csv_cell(box.path("o.csv"), {{"unit", unit}, {"quantity", quantity}}, column);
    };
    CHECK(std::stod(of("\xe6\xb1\x89\xe4\xb8\xad", "\xe7\xa2\xb3", "z")) == Approx(2.598076211).epsilon(1e-9));
    CHECK(of("\xe6\xb1\x89\xe4\xb8\xad", "flat", "slope") == "0");
    CHECK(of("b", "\xe7\xa2\xb3", "slope") == "-1");
    CHECK(of("b", "flat", "slope").empty());
    CHECK(number(results, "units") == 2);
    CHECK(number(results, "increasing") == 1);
    CHECK(number(results, "decreasing") == 1);
    CHECK(results.count("median_slope") == 0);
    // Shares are of the units that have a trend in the quantity.
    CHECK(csv_cell(box.path("s.csv"), {{"quantity", "flat"}, {"class", "0"}}, "share") == "1");
    CHECK(csv_cell(box.path("s.csv"), {{"quantity", "\xe7\xa2\xb3"}, {"class", "4"}}, "share") == "0.5");
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("2 quantities"));
}

TEST_CASE("a layer of several quantities shows the first", "[trend_table]") {
    const Sandbox box;
    std::string features;
    for (const char* const unit : {"a", "b"})
        for (int year = 2001; year <= 2008; ++year)
            features += (features.empty() ? "" : ",") +
                        std::string("{\"type\": \"Feature\", \"properties\": {\"unit\": \"") + unit +
                        "\", \"year\": " + std::to_string(year) + ", \"it's\": " + std::to_string(year - 2000) +
                        ", \"other\": " + std::to_string(2000 - year) +
                        "}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[0,0],[1,0],[1,1],[0,0]]]}}";
    const std::string layer =
        box.text("units.geojson", R"({"type": "FeatureCollection", "features": [)" + features + "]}");
    run_algorithm("trend_table", {{"table", layer},
                                  {"layout", std::string("rows")},
                                  {"unit_field", std::string("unit")},
                                  {"year_field", std::string("year")},
                                  {"value_fields", std::vector<std::string>{"it's", "other"}},
                                  {"trend", box.path("o.gpkg")}});
    const std::string style = read_text(box.path("o.qml"));
    CHECK_THAT(style, ContainsSubstring("CASE WHEN &quot;quantity&quot; = &#39;it&#39;&#39;s&#39; THEN"));
    CHECK_THAT(style, ContainsSubstring("it&#39;s: "));
}

TEST_CASE("trend of a table: wrong input", "[trend_table]") {
    const Sandbox box;
    const auto error = [&](const std::string& text, const std::map<std::string, Value>& more) {
        std::map<std::string, Value> arguments = {{"table", box.text("t.csv", text)}, {"trend", box.path("o.csv")}};
        for (const auto& [id, value] : more) arguments[id] = value;
        return error_of("trend_table", arguments);
    };
    const std::map<std::string, Value> rows = {{"layout", std::string("rows")},
                                               {"unit_field", std::string("u")},
                                               {"year_field", std::string("y")},
                                               {"value_field", std::string("v")}};
    CHECK_THAT(error("a,b\n1,2\n", {}), ContainsSubstring("no column's name holds a year"));
    CHECK_THAT(error(counties, {{"layout", std::string("rows")}}),
               ContainsSubstring("UNIT_FIELD: missing; LAYOUT=rows needs it") && ContainsSubstring("VALUE_FIELD"));
    CHECK_THAT(error(counties, {{"year_field", std::string("county")}}),
               ContainsSubstring("LAYOUT=columns does not use it"));
    CHECK_THAT(error(counties, {{"layout", std::string("rows")},
                                {"unit_field", std::string("county")},
                                {"year_field", std::string("county")},
                                {"value_field", std::string("npp_2001")},
                                {"value_fields", std::vector<std::string>{"npp_2002"}}}),
               ContainsSubstring("not both"));
    CHECK_THAT(error(counties, {{"unit_field", std::string("province")}}),
               ContainsSubstring("\"province\" is missing"));
    CHECK_THAT(error(counties, {{"years", std::string("2001-2003")}}),
               ContainsSubstring("3 years for a series of 8 steps"));
    CHECK_THAT(error(counties, {{"value_fields", std::vector<std::string>{"npp_2002", "npp_2001"}}}),
               ContainsSubstring("do not increase"));
    CHECK_THAT(error("a2001,b2001\n1,2\n", {}), ContainsSubstring("do not increase"));
    CHECK_THAT(error("a2001,a2002,a2003\n1,2,3\n", {}), ContainsSubstring("too short for a trend"));
    CHECK_THAT(error("a2001,a2002,a2003,a2004\n1,2,3,x\n", {}),
               ContainsSubstring("line 2, column \"a2004\": \"x\" is not a number"));
    CHECK_THAT(error("a2001,a2002,a2003,a2004\n1,2,3,inf\n", {}), ContainsSubstring("\"inf\" is not a number"));
    CHECK_THAT(error("a2001,a2002,a2003,a2004\n1,2,3,\n", {}), ContainsSubstring("no unit has the 4 values"));
    CHECK_THAT(error("u,y,v\na,1,1\na,2,1\na,1,3\n", rows),
               ContainsSubstring("line 4, column \"y\"") && ContainsSubstring("unit \"a\" has this year twice"));
    CHECK_THAT(error("u,y,v\n,1,1\n", rows), ContainsSubstring("every row needs a unit"));
    CHECK_THAT(error("u,y,v\na,,1\n", rows), ContainsSubstring("line 2, column \"y\""));
    CHECK_FALSE(std::filesystem::exists(box.path("o.csv")));
}
