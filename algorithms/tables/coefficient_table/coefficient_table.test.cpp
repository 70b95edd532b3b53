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
