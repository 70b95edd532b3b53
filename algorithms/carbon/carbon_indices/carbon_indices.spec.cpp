// Land Carbon Toolbox: carbon indices of regions by unit and year: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_indices/carbon_indices.hpp"

#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const CarbonIndicesOptions& o) {
    std::vector<UserError> errors;
    if (o.layout == SeriesLayout::columns && !o.year_field.empty())
        errors.emplace_back("year_field", "YEAR_FIELD: LAYOUT=columns does not use it");
    if (!o.polygon_field.empty() && !o.polygons.given())
        errors.emplace_back("polygon_field", "POLYGON_FIELD: it needs POLYGONS");
    return errors;
}

void describe(Spec& spec, CarbonIndicesOptions& o) {
    spec.id = "carbon_indices";
    spec.name = "Carbon indices";
    spec.group = "carbon";
    spec.summary =
        "Yearly carbon emission and sequestration of counties from yearbook figures: CE, CS, NCE, ECC, ESC, Cf, Ec and "
        "Ed.";
    spec.description =
        "From the figures of statistical yearbooks (fertilizer, energy, people, animals, harvests, land) computes for "
        "each unit and year the carbon emission CE and its parts, the carbon sequestration CS and its parts, the net "
        "emission NCE, the economic contribution coefficient ECC, the ecological support coefficient ESC, the carbon "
        "footprint Cf, the ecological capacity Ec and the ecological deficit Ed.\n\n"
        "Columns are recognised by their names, in English and Chinese, or assigned to quantities in FIELDS; the log, "
        "the report and the record beside each output list the assignment. Gaps can be filled, and every filled value "
        "is flagged. Polygons are kept, so that the result can be drawn as a map.";
    spec.references = {
        "Huo, J., et al. (2025). Scientific Reports. https://doi.org/10.1038/s41598-025-95156-x (carbon indices, "
        "coefficients)",
        "Tian, Y., Zhang, J. (2013). Regional differentiation research on net carbon effect of agricultural production "
        "in China. Journal of Natural Resources 28(8), 1298-1309 (in Chinese)",
        "de Boor, C. (1978). A Practical Guide to Splines. Springer, New York (cubic splines)"};
    spec.tags = {"carbon emission",
                 "carbon sequestration",
                 "net emission",
                 "ECC",
                 "ESC",
                 "carbon footprint",
                 "counties",
                 "yearbook",
                 "energy"};
    spec.check = [&o] { return check(o); };
    spec.table_in("units", o.units)
        .named("Units and years")
        .says(
            "Table or vector layer with the amounts of each unit (county, city) and year. Empty cells are gaps. An "
            "amount cannot be negative.")
        .with_columns({"county", "year", "fertilizer", "raw_coal", "population", "pig", "rice", "forest", "gdp"});
    spec.table_in("coefficients", o.coefficients)
        .named("Coefficients")
        .says(
            "Table with a row for each coefficient, as Carbon index coefficients writes it: table, item, coefficient, "
            "value and optionally unit. Its items are the quantities that can be counted.")
        .with_columns({"table", "item", "coefficient", "value"});
    spec.choice("layout", o.layout,
                {{{"rows", "One row for each unit and year"}, SeriesLayout::rows},
                 {{"columns", "One row a unit, one column a quantity and year"}, SeriesLayout::columns}})
        .named("Layout")
        .says("How the table holds the years. With columns, their names end with or hold the year: rice_2020.");
    spec.field_of("unit_field", o.unit_field)
        .named("Unit")
        .says("Column with the unit's name. If omitted, it is found by its name: unit, county, name and the like.")
        .of("units")
        .optional();
    spec.field_of("year_field", o.year_field)
        .named("Year")
        .says("With one row for each unit and year: column with the year. If omitted, it is found by its name.")
        .of("units")
        .optional();
    spec.matrix("fields", o.fields)
        .named("Quantities and columns")
        .says(
            "Which column holds which quantity, and by what its numbers must be multiplied to be in the unit of the "
            "coefficient: population, resident_10000, 10000. A blank column omits a quantity. Quantities that are not "
            "listed are found by the names of the columns; a scale is never guessed. With one column a quantity and "
            "year the column's name is given without the year.")
        .with_columns({"quantity", "field", "scale"})
        .optional();
    spec.table_in("fields_table", o.fields_table)
        .named("Table of quantities and columns")
        .says("The same as a table, with the columns quantity, field and optionally scale.")
        .with_columns({"quantity", "field", "scale"})
        .optional();
    spec.fields_of("keep_fields", o.keep_fields)
        .named("Columns to keep")
        .says("Further columns that are carried over to the indices, for example the drivers of STIRPAT.")
        .of("units")
        .count_at_least(0)
        .optional()
        .advanced();
    spec.vector_in("polygons", o.polygons)
        .named("Polygons")
        .says(
            "Layer with the polygons of the units, joined by name. If omitted, the polygons of UNITS are kept where it "
            "has some.")
        .optional();
    spec.field_of("polygon_field", o.polygon_field)
        .named("Unit in the polygons")
        .says(
            "Column of POLYGONS with the unit's name. If omitted, the column with the same name as in UNITS, or a "
            "similar one.")
        .of("polygons")
        .optional();
    spec.choice("fill", o.fill,
                {{{"none", "Not at all"}, FillMethod::none},
                 {{"linear", "Straight lines"}, FillMethod::linear},
                 {{"spline", "Cubic spline with not-a-knot ends (MATLAB, scipy)"}, FillMethod::spline},
                 {{"natural_spline", "Natural cubic spline"}, FillMethod::natural_spline}})
        .named("Fill gaps")
        .says(
            "How empty cells and missing years between two known ones of a unit are filled. Nothing is filled before "
            "the first or after the last known value; a value that a spline takes below zero becomes zero.");
    spec.choice("incomplete", o.incomplete,
                {{{"unset", "The region is not defined in that year"}, IncompleteYears::unset},
                 {{"leave_out", "The region is that of the units with all values"}, IncompleteYears::leave_out}})
        .named("Years in which units lack values")
        .says("How the region's totals, and ECC, ESC, Cf, Ec and Ed, are treated where a unit lacks a value.")
        .advanced();
    spec.choice("footprint", o.footprint,
                {{{"all_sinks", "Of all sequestration, water included"}, FootprintShares::all_sinks},
                 {{"sinks_with_nep", "Of that of the types with an NEP"}, FootprintShares::sinks_with_nep}})
        .named("Shares of the footprint")
        .says(
            "The total that the shares in the carbon footprint refer to. Water takes up carbon and has no net "
            "ecosystem productivity, so that with all sinks the shares sum to less than 1.")
        .advanced();
    spec.vector_out("indices", o.indices)
        .named("Carbon indices")
        .says(
            "One row for each unit and year: kept columns, emission and sequestration with their parts, the indices, "
            "how many and which quantities were filled, and a note where something is not defined.")
        .with_columns({"unit", "year", "ce_agriculture_t", "ce_energy_t", "ce_population_t", "ce_livestock_t", "ce_t",
                       "cs_crops_t", "cs_land_t", "cs_t", "nce_t", "ecc", "esc", "cf_ha", "ec_ha", "ed_ha", "filled",
                       "filled_quantities", "note"});
    spec.table_out("region", o.region)
        .named("Carbon indices of the region")
        .says("Totals of all units, year by year.")
        .with_columns({"year", "units", "ce_agriculture_t", "ce_energy_t", "ce_population_t", "ce_livestock_t", "ce_t",
                       "cs_crops_t", "cs_land_t", "cs_t", "nce_t", "gdp", "footprint_ha_per_t", "cf_ha", "ec_ha",
                       "ed_ha", "filled", "note"});
    spec.report_out("report", o.report)
        .named("Report of the indices")
        .says("HTML report: emission and sequestration of the region by source, of each unit, a map and tables.");
    spec.number_out("unit_count", o.unit_count).named("Units").says("How many units the table has.");
    spec.number_out("year_count", o.year_count).named("Years").says("How many years, filled ones included.");
    spec.number_out("emission", o.emission)
        .named("Emission")
        .says("Carbon emission of the region in the last year; absent where units lack values.")
        .in("t C a year");
    spec.number_out("sequestration", o.sequestration)
        .named("Sequestration")
        .says("Carbon sequestration of the region in the last year; absent where units lack values.")
        .in("t C a year");
    spec.number_out("net_emission", o.net_emission)
        .named("Net emission")
        .says("Emission less sequestration of the region in the last year.")
        .in("t C a year");
    spec.number_out("filled_values", o.filled_values).named("Filled values").says("How many amounts were filled.");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_indices() {
    return std::make_unique<BoundAlgorithm<CarbonIndicesOptions>>(describe, carbon_indices);
}

}  // namespace landcarbon
