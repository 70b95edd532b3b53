// Land Carbon Toolbox: published coefficient tables as files: all of them, their types, and use by other algorithms.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/coefficient_table/coefficient_table.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

TEST_CASE("every table that ships has a label and a source, and the reverse", "[coefficient_table]") {
    std::set<std::string> shipped, described;
    for (const auto& table : embedded_tables()) shipped.insert(table.name);
    for (const auto& table : published_tables()) {
        described.insert(table.name);
        CHECK(std::string(table.label).size() > 20);
        CHECK(std::string(table.source).size() > 20);
    }
    CHECK(shipped == described);
}

TEST_CASE("types of columns are told from all their cells", "[coefficient_table]") {
    const auto table = InputTable::from_text("table", "test",
                                             "whole,real,mixed,blank,holes,code,sign,unit\n"
                                             "1,1,1,,,007,-3,\n"
                                             "-20,0.5,x,,4,012, 5 ,t/ha\n"
                                             "0,1e-05,3,,,1,0,t/(head a)\n");
    using Type = OutputTable::Type;
    CHECK(column_type(table, 0) == Type::integer);
    CHECK(column_type(table, 1) == Type::real);
    CHECK(column_type(table, 2) == Type::text);
    CHECK(column_type(table, 3) == Type::text);
    CHECK(column_type(table, 4) == Type::integer);
    CHECK(column_type(table, 5) == Type::text);
    CHECK(column_type(table, 6) == Type::integer);
    CHECK(column_type(table, 7) == Type::text);
}

TEST_CASE("words for infinity and not-a-number make no column of numbers", "[coefficient_table]") {
    const auto table = InputTable::from_text("table", "test", "a,b\n1,2\ninf,nan\n");
    CHECK(column_type(table, 0) == OutputTable::Type::text);
    CHECK(column_type(table, 1) == OutputTable::Type::text);
}

TEST_CASE("each shipped table comes out cell by cell as it is", "[coefficient_table]") {
    const Sandbox box;
    for (const auto& shipped : embedded_tables()) {
        INFO(shipped.name);
        const std::string path = box.path(std::string(shipped.name) + ".csv");
        const auto results =
            run_algorithm("coefficient_table", {{"table", std::string(shipped.name)}, {"coefficients", path}});
        const auto before = InputTable::from_text("table", shipped.name, shipped.text);
        const InputTable after("table", path);
        CHECK(number(results, "rows") == static_cast<double>(before.rows()));
        REQUIRE(after.columns() == before.columns());
        REQUIRE(after.rows() == before.rows());
        for (std::size_t row = 0; row < before.rows(); ++row)
            for (std::size_t column = 0; column < before.columns().size(); ++column) {
                const auto text = trimmed(before.text(row, column));
                // What a spreadsheet would take for a formula has a quote before it in a CSV.
                const bool formula = !text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos;
                if (column_type(before, column) == OutputTable::Type::text)
                    CHECK(after.text(row, column) == (formula ? "'" : "") + std::string(text));
                else
                    CHECK(after.number(row, column) == before.number(row, column));
            }
    }
}

TEST_CASE("numbers are numbers for GIS programs as well", "[coefficient_table]") {
    const Sandbox box;
    const auto results =
        run_algorithm("coefficient_table", {{"table", "beibu_carbon_pools"}, {"coefficients", box.path("pools.csv")}});
    CHECK(read_text(box.path("pools.csvt")) == "\"Integer64\",\"String\",\"Real\",\"Real\",\"Real\",\"Real\"\n");
    CHECK(csv_cell(box.path("pools.csv"), {{"class", "2"}}, "c_soil") == "273");
    CHECK_THAT(std::get<std::string>(results.at("source")), ContainsSubstring("10.1007/s11769-023-1327-3"));
}

TEST_CASE("a table in a GeoPackage feeds other algorithms", "[coefficient_table]") {
    const Sandbox box;
    run_algorithm("coefficient_table",
                  {{"table", "muus_emission_factors"}, {"coefficients", box.path("factors.gpkg")}});
    const InputTable factors("factors", box.path("factors.gpkg"));
    const auto rows = rows_by_class(factors);
    CHECK(factors.required_number(rows.at(5), factors.column("factor")) == 1.82);
}

TEST_CASE("an unknown table is refused with a hint", "[coefficient_table]") {
    const Sandbox box;
    CHECK_THAT(error_of("coefficient_table", {{"table", "beibu_carbon_pool"}, {"coefficients", box.path("c.csv")}}),
               ContainsSubstring("beibu_carbon_pools"));
}

namespace {

/// The sample region's land cover: classes as in Mu Us, with names.
const std::string& sample_map() {
    static const std::string path = source_file("metadata/sample/landcover_2020.tif");
    return path;
}

std::vector<std::string> column_of(const std::string& path, std::size_t column) {
    std::vector<std::string> cells;
    for (const auto& row : read_csv(path)) cells.push_back(row[column]);
    return cells;
}

}  // namespace

TEST_CASE("tables of Beibu do not run on a map of other classes, and run when they are recoded",
          "[coefficient_table]") {
    const Sandbox box;
    const auto pools = [&](const std::string& name, std::map<std::string, Value> more) {
        more["table"] = "beibu_carbon_pools";
        more["coefficients"] = box.path(name);
        run_algorithm("coefficient_table", more);
        return box.path(name);
    };
    const std::map<std::string, Value> storage = {{"land_cover", sample_map()}};
    auto arguments = storage;
    arguments["pools"] = pools("published.csv", {});
    const auto text = error_of("carbon_storage", arguments);
    CHECK_THAT(text, ContainsSubstring("4: \"Water\""));
    CHECK_THAT(text, ContainsSubstring("\"Construction land\""));
    // The sample's pools are those of Beibu with the classes of the sample.
    arguments["pools"] = source_file("metadata/sample/pools.csv");
    const double expected = number(run_algorithm("carbon_storage", arguments), "total_storage_t");
    arguments["pools"] = pools("recoded.csv", {{"land_cover", sample_map()}, {"recode", std::string("4,5; 5,4; 6,6")}});
    CHECK(number(run_algorithm("carbon_storage", arguments), "total_storage_t") == expected);
    CHECK(column_of(box.path("recoded.csv"), 0) == std::vector<std::string>{"class", "1", "2", "3", "4", "5", "6"});
    CHECK(csv_cell(box.path("recoded.csv"), {{"class", "5"}}, "name") == "Impervious surface");
    CHECK(csv_cell(box.path("recoded.csv"), {{"class", "5"}}, "c_soil") == "25.3");
    // A table of names does as well as a map.
    arguments["pools"] = pools("by_table.csv", {{"classes", source_file("metadata/sample/classes.csv")},
                                                {"recode", std::string("4,5; 5,4; 6,6")}});
    CHECK(read_text(box.path("by_table.csv")) == read_text(box.path("recoded.csv")));
    // Codes alone: what is not named keeps its code.
    const auto swapped = pools("swapped.csv", {{"recode", std::string("4,5; 5,4")}});
    CHECK(csv_cell(swapped, {{"class", "5"}}, "name") == "Construction land");
    CHECK(csv_cell(swapped, {{"class", "1"}}, "name") == "Cropland");
}

TEST_CASE("rows of a recoded table get the map's codes by name, once for each class", "[coefficient_table]") {
    const Sandbox box;
    const auto classes = box.text("classes.csv", "class,name\n11,Croplands\n21,Forest land\n22,forest land\n80,Sea\n");
    const auto results =
        run_algorithm("coefficient_table",
                      {{"table", "beibu_carbon_pools"}, {"classes", classes}, {"coefficients", box.path("pools.csv")}});
    CHECK(number(results, "rows") == 3);
    CHECK_THAT(std::get<std::string>(results.at("class_system")), ContainsSubstring("4 Construction land"));
    CHECK(column_of(box.path("pools.csv"), 0) == std::vector<std::string>{"class", "11", "21", "22"});
    CHECK(csv_cell(box.path("pools.csv"), {{"class", "22"}}, "c_above") == "82.2");
}

TEST_CASE("rows and columns of a conversion table are recoded alike", "[coefficient_table]") {
    const Sandbox box;
    run_algorithm("coefficient_table", {{"table", "beibu_conversion_cost"},
                                        {"recode", std::string("4,5; 5,4")},
                                        {"coefficients", box.path("rules.csv")}});
    const auto rules = box.path("rules.csv");
    const auto allowed = [&](const std::string& scenario, const std::string& from, const std::string& to) {
        return csv_cell(rules, {{"scenario", scenario}, {"from", from}}, "to_" + to);
    };
    // Published: urbanized, cropland may become construction land (4 there), not water.
    CHECK(allowed("urbanized", "1", "5") == "1");
    CHECK(allowed("urbanized", "1", "4") == "0");
    // Construction land stays what it is; water may become everything but unutilised land.
    CHECK(allowed("urbanized", "5", "5") == "1");
    CHECK(allowed("urbanized", "5", "1") == "0");
    CHECK(allowed("urbanized", "4", "1") == "1");
    CHECK(allowed("urbanized", "4", "6") == "0");
    CHECK(csv_cell(rules, {{"scenario", "ecological"}, {"from", "4"}}, "name") == "Water area");
}

TEST_CASE("wrong recodings are told", "[coefficient_table]") {
    const Sandbox box;
    const auto error = [&](const std::string& table, const char* recode) {
        return error_of("coefficient_table",
                        {{"table", table}, {"recode", std::string(recode)}, {"coefficients", box.path("x.csv")}});
    };
    CHECK_THAT(error("beibu_carbon_pools", "9,1"), ContainsSubstring("the table has no class 9"));
    CHECK_THAT(error("beibu_carbon_pools", "4,5"), ContainsSubstring("class 5 would have two rows"));
    CHECK_THAT(error("beibu_carbon_pools", "4,5; 5,5"), ContainsSubstring("has a row already"));
    CHECK_THAT(error("beibu_carbon_pools", "4,b"), ContainsSubstring("must be class codes"));
    CHECK_THAT(error("qinba_scenarios", "4,5"), ContainsSubstring("is not about land-cover classes"));
    CHECK_THAT(error_of("coefficient_table", {{"table", "beibu_carbon_pools"},
                                              {"classes", box.text("c.csv", "class,name\n1,Sea\n")},
                                              {"coefficients", box.path("x.csv")}}),
               ContainsSubstring("no class of the table has a name of the map"));
}

TEST_CASE("every shipped table of classes says whose classes they are", "[coefficient_table]") {
    for (const auto& table : published_tables()) {
        INFO(table.name);
        const auto cells = read_published_table("table", table.name);
        const bool by_class = cells.has("class") || cells.has("from");
        CHECK((table.classes != nullptr) == by_class);
        if (!by_class) continue;
        CHECK_THAT(std::string(table.label), ContainsSubstring("classes of"));
        // What is said is what the table holds.
        const auto column = cells.column(cells.has("class") ? "class" : "from");
        for (std::size_t row = 0; row < cells.rows(); ++row)
            CHECK_THAT(std::string(table.classes),
                       ContainsSubstring(std::string(cells.text(row, column)) + " " +
                                         std::string(cells.text(row, cells.column("name")))));
    }
}
