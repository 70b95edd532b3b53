// Land Carbon Toolbox: tests of the table of index coefficients.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/carbon_coefficients/carbon_coefficients.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/sandbox.hpp"
#include "tables/published_tables.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

std::string value(const std::string& path, const char* item, const char* coefficient, const char* column = "value") {
    return csv_cell(path, {{"item", item}, {"coefficient", coefficient}}, column);
}

}  // namespace

TEST_CASE("index coefficients: every published number stands in the table once", "[carbon_coefficients]") {
    const Sandbox box;
    const auto path = box.path("c.csv");
    const auto results = run_algorithm("carbon_coefficients", {{"coefficients", path}});
    // 27 of the indices, 11 carriers with 2, 11 crops with 3.
    CHECK(number(results, "rows") == 27 + 11 * 2 + 11 * 3);
    CHECK(number(results, "items") == 6 + 11 + 1 + 4 + 11 + 5);
    CHECK(value(path, "fertilizer", "emission") == "0.86");
    CHECK(value(path, "machinery", "emission") == "0.000181");
    CHECK(value(path, "population", "respiration") == "0.079");
    CHECK(value(path, "raw_coal", "standard_coal") == "0.7143");
    CHECK(value(path, "raw_coal", "emission") == "0.726");
    CHECK(value(path, "natural_gas", "standard_coal", "unit") == "kg/m3");
    CHECK(value(path, "poultry", "respiration") == "1e-05");
    CHECK(value(path, "sheep", "manure") == "5e-04");
    CHECK(value(path, "water", "sequestration") == "0.298");
    CHECK(value(path, "cropland", "nep") == "4.05");
    CHECK(value(path, "forest", "nep", "table") == "land");
    CHECK(value(path, "rice", "water_content") == "0.12");
    CHECK(value(path, "rice", "water_content", "source") == "crop_coefficients");
    // All numbers of the published tables, as often as they stand there.
    std::multiset<double> published, written;
    for (const auto& [name, columns] : std::map<std::string, std::vector<std::string>>{
             {"qinba_index_coefficients", {"coefficient"}},
             {"qinba_energy_coefficients", {"standard_coal", "ce_t_per_t_coal"}},
             {"crop_coefficients", {"carbon_fraction", "economic_coefficient", "water_content"}}}) {
        const auto table = read_published_table("table", name);
        for (const auto& column : columns)
            for (std::size_t row = 0; row < table.rows(); ++row)
                published.insert(table.required_number(row, table.column(column)));
    }
    const InputTable table("coefficients", path);
    for (std::size_t row = 0; row < table.rows(); ++row)
        written.insert(table.required_number(row, table.column("value")));
    CHECK((published == written));
    // What is written can be read.
    CHECK(IndexCoefficients(table).items().size() == 38);
}

TEST_CASE("index coefficients: one table at a time, together all of them", "[carbon_coefficients]") {
    const Sandbox box;
    double rows = 0;
    for (const auto table : index_tables()) {
        const auto path = box.path(index_table_name(table) + ".csv");
        rows += number(
            run_algorithm("carbon_coefficients", {{"table", index_table_name(table)}, {"coefficients", path}}), "rows");
        for (const auto& row : read_csv(path)) CHECK((row[0] == "table" || row[0] == index_table_name(table)));
    }
    CHECK(rows == static_cast<double>(published_index_coefficients().size()));
}
