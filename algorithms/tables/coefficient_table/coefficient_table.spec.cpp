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
        "This algorithm writes one of them as a table that other algorithms and models take as their input: carbon "
        "pools for Carbon storage, factors for Carbon emission, grades for Land-use intensity, national soil carbon "
        "for Carbon density correction.\n\n"
        "The numbers hold for the region of their study: check them before you use them elsewhere. The class codes are "
        "those of the study's land-cover maps; CLASS_SYSTEM lists them. With your land-cover map, or a table with the "
        "codes and names of its classes, the rows get your map's codes by their names; assign classes with other names "
        "in RECODE.";
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
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says(
            "A class raster that names its classes (category names or attribute table). The rows of the table get the "
            "codes that their names have on it. If omitted, the codes stay as published.")
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says("Table with the codes and names of your classes, in place of a map that names them or to correct it.")
        .with_columns({"class", "name"})
        .optional();
    spec.matrix("recode", o.recode)
        .named("Other codes")
        .says(
            "Rows of two codes: one of the published table, and the one that it gets. For classes whose names differ; "
            "this comes before names. A code of the table may be used for several of your classes.")
        .with_columns({"from", "to"})
        .optional();
    spec.table_out("coefficients", o.coefficients)
        .named("Coefficient table")
        .says(
            "The table, with the columns as published: whole numbers, real numbers and texts are distinguished by the "
            "cells of each column.");
    spec.number_out("rows", o.rows).named("Rows").says("Number of rows of the table, without the header.");
    spec.text_out("class_system", o.class_system)
        .named("Class system")
        .says("The codes and names of the classes of the published table; absent where it is not about land cover.");
    spec.text_out("source", o.source).named("Source").says("The study that the numbers are taken from.");
}

}  // namespace

std::unique_ptr<Algorithm> make_coefficient_table() {
    return std::make_unique<BoundAlgorithm<CoefficientTableOptions>>(describe, coefficient_table);
}

}  // namespace landcarbon
