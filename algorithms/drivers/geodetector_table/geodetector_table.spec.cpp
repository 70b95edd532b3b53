// Land Carbon Toolbox: Geodetector of a table or vector layer: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_table/geodetector_table.hpp"

#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, GeodetectorTableOptions& o) {
    spec.id = "geodetector_table";
    spec.name = "Geodetector of a table";
    spec.group = "drivers";
    spec.summary = "Factors that explain the variance of a column of a table or layer, alone and in pairs.";
    spec.description =
        "The four detectors of the Geodetector on the rows of a table or vector layer (counties, samples, grid "
        "squares): the share q of the response's variance that lies between the strata of each factor, with its test "
        "and confidence interval; the q of each pair of factors and their type of interaction; means by stratum and "
        "their tests; and whether two factors differ.\n\n"
        "Factors are classes, or measurements that are divided into classes first, by a method of your choice or by "
        "the one with the largest q. The same as Geodetector does for the cells of rasters.";
    spec.references = geodetector_references();
    spec.tags = {"geodetector",       "geographical detector", "q statistic", "spatial stratified heterogeneity",
                 "drivers",           "interaction",           "risk",        "discretisation",
                 "optimal parameters"};
    spec.check = [&o] { return check_geodetector_choices(o.choices); };
    spec.table_in("data", o.data)
        .named("Data")
        .says("Any table or vector layer. Rows that lack the response or a factor do not count.")
        .with_columns({"class", "name", "value_2001", "value_2004", "value_2006"});
    spec.field_of("response", o.response)
        .named("Response")
        .says("Column with the numbers that are to be explained.")
        .of("data");
    spec.fields_of("factors", o.factors)
        .named("Factors")
        .says("Columns with the factors: texts or numbers that stand for classes, or measurements.")
        .of("data");
    describe_geodetector_choices(spec, o.choices, "row");
    describe_geodetector_outputs(spec, o.outputs, "row");
}

}  // namespace

std::unique_ptr<Algorithm> make_geodetector_table() {
    return std::make_unique<BoundAlgorithm<GeodetectorTableOptions>>(describe, geodetector_table);
}

}  // namespace landcarbon
