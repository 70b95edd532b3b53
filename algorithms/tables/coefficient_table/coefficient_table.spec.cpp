// Land Carbon Toolbox: published coefficient tables as files: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"
#include "tables/coefficient_table/coefficient_table.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, CoefficientTableOptions& o) {
    spec.id = "coefficient_table";
    spec.name = "Coefficient table";
    spec.group = "tables";
    spec.summary = "Writes a published coefficient table to a file, to be used as it is or changed.";
    spec.description =
        "Carbon densities, emission factors, grades and index coefficients of published studies ship with the toolbox. "
        "This algorithm writes one of them as a "
        "table that other algorithms and models take as their input: carbon pools for Carbon storage, factors for "
        "Carbon emission, grades for Land-use "
        "intensity, national soil carbon for Carbon density correction.\n\n"
        "The numbers hold for the region of their study, and the class codes are those of its land-cover maps: look at "
        "both before you use them elsewhere.";
    for (const auto& table : published_tables())
        if (std::string(table.source) != (spec.references.empty() ? "" : spec.references.back()))
            spec.references.emplace_back(table.source);
    spec.tags = {"coefficients", "carbon density", "emission factors", "grades",
                 "lookup table", "published",      "defaults"};
    std::vector<std::pair<Choice, std::string>> words;
    for (const auto& table : published_tables()) words.push_back({{table.name, table.label}, table.name});
    spec.choice("table", o.table, std::move(words))
        .named("Table")
        .says("The table to write, with the study it is taken from.");
    spec.table_out("coefficients", o.coefficients)
        .named("Coefficient table")
        .says(
            "The table, with the columns as published: whole numbers, real numbers and texts are told apart by what "
            "all cells of a column hold.");
    spec.number_out("rows", o.rows).named("Rows").says("Number of rows of the table, without the header.");
    spec.text_out("source", o.source).named("Source").says("The study that the numbers are taken from.");
}

}  // namespace

std::unique_ptr<Algorithm> make_coefficient_table() {
    return std::make_unique<BoundAlgorithm<CoefficientTableOptions>>(describe, coefficient_table);
}

}  // namespace landcarbon
