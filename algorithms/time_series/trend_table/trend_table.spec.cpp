// Land Carbon Toolbox: trends of the units of a table or vector layer: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_table/trend_table.hpp"

#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const TrendTableOptions& o) {
    std::vector<UserError> errors = check_trend_choices(o.choices);
    const auto need = [&](bool given, const char* id, const char* layout) {
        if (!given) errors.emplace_back(id, parameter_name(id) + ": missing; LAYOUT=" + layout + " needs it");
    };
    const auto refuse = [&](bool given, const char* id, const char* layout) {
        if (given) errors.emplace_back(id, parameter_name(id) + ": LAYOUT=" + layout + " does not use it");
    };
    if (o.layout == SeriesLayout::rows) {
        need(!o.unit_field.empty(), "unit_field", "rows");
        need(!o.year_field.empty(), "year_field", "rows");
        need(!o.value_field.empty() || !o.value_fields.empty(), "value_field", "rows");
        if (!o.value_field.empty() && !o.value_fields.empty())
            errors.emplace_back("value_fields",
                                "VALUE_FIELDS: with LAYOUT=rows, give VALUE_FIELD for one quantity or "
                                "VALUE_FIELDS for several, not both");
        refuse(!o.choices.years.empty(), "years", "rows");
    } else {
        refuse(!o.year_field.empty(), "year_field", "columns");
        refuse(!o.value_field.empty(), "value_field", "columns");
    }
    return errors;
}

void describe(Spec& spec, TrendTableOptions& o) {
    spec.id = "trend_table";
    spec.name = "Trend of a table";
    spec.group = "time_series";
    spec.summary = "Theil-Sen slope and Mann-Kendall test of each unit of a table or layer.";
    spec.description =
        "For each unit (county, station, class) of a table or vector layer computes the Theil-Sen slope, its "
        "confidence "
        "bounds and intercept, and the Mann-Kendall test: the same as Trend does for the cells of rasters, in double "
        "precision.\n\n"
        "The table has one column a year, or one row for each unit and year. Polygons of a layer are kept, so that the "
        "result can be drawn as a map of classes.";
    spec.references = {
        "Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3), 245-259. "
        "https://doi.org/10.2307/1907187",
        "Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the American "
        "Statistical Association 63(324), 1379-1389. https://doi.org/10.1080/01621459.1968.10480934",
        "Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical "
        "Society B 57(1), 289-300. https://doi.org/10.1111/j.2517-6161.1995.tb02031.x"};
    spec.tags = {"trend", "Mann-Kendall", "Theil-Sen", "Sen slope", "time series", "table", "zones", "counties"};
    spec.check = [&o] { return check(o); };
    spec.table_in("table", o.table)
        .named("Table")
        .says(
            "Any table or vector layer. Empty cells are gaps. With one column a year, all rows are units; with one row "
            "for each unit and year, the rows may come in any order.")
        .with_columns({"name", "value_2001", "value_2002", "value_2003", "value_2004", "value_2006"});
    spec.choice("layout", o.layout,
                {{{"columns", "One row a unit, one column a year"}, SeriesLayout::columns},
                 {{"rows", "One row for each unit and year"}, SeriesLayout::rows}})
        .named("Layout")
        .says("How the table holds the series.");
    spec.field_of("unit_field", o.unit_field)
        .named("Unit")
        .says(
            "Column with the unit's name or code. If omitted, with one column a year, units are called by the number "
            "of "
            "their row.")
        .of("table")
        .optional();
    spec.fields_of("value_fields", o.value_fields)
        .named("Columns of the years")
        .says(
            "With one column a year: the columns in the order of time. If omitted, all columns whose name holds a year "
            "(npp_2004) in the order of these years. With one row for each unit and year: the columns of several "
            "quantities, each of which gets its own trend in each unit.")
        .of("table")
        .optional();
    spec.field_of("year_field", o.year_field)
        .named("Year")
        .says("With one row for each unit and year: column with the year.")
        .of("table")
        .optional();
    spec.field_of("value_field", o.value_field)
        .named("Value")
        .says("With one row for each unit and year: column with the value. For several quantities give VALUE_FIELDS.")
        .of("table")
        .optional();
    spec.text("years", o.choices.years)
        .named("Years")
        .says(
            "With one column a year: year of each column, for example 2001-2020. If omitted, the years in the columns' "
            "names are taken; where they hold none, the steps are 1, 2, 3 and so on.")
        .optional()
        .advanced();
    describe_trend_choices(spec, o.choices, "unit");
    spec.vector_out("trend", o.trend)
        .named("Trends of the units")
        .says(
            "One row for each unit and quantity, with the unit's polygons where the table has some: slope per year (or "
            "step), intercept, Z, p, tau, S, n, bounds of the slope, class. The class by the false-discovery rate is "
            "empty without one.")
        .with_columns({"unit", "quantity", "slope", "intercept", "z", "p", "tau", "s", "n", "lower", "upper", "class",
                       "class_name", "class_fdr"});
    spec.table_out("summary", o.summary)
        .named("Summary of the trends of the units")
        .says(
            "For each quantity, units and their share in each class; with a false-discovery rate, for both versions of "
            "the classes.")
        .with_columns({"quantity", "version", "class", "name", "units", "share"});
    spec.report_out("report", o.report)
        .named("Trend report")
        .says("HTML report: slopes and classes of the units, the conventions in force.");
    spec.number_out("units", o.units).named("Units").says("Units that have a trend, in one quantity at least.");
    spec.number_out("increasing", o.increasing)
        .named("Significant increases")
        .says(
            "Units in the classes above 1, summed over the quantities, by the false-discovery rate where one is asked "
            "for.");
    spec.number_out("decreasing", o.decreasing)
        .named("Significant decreases")
        .says(
            "Units in the classes below -1, summed over the quantities, by the false-discovery rate where one is asked "
            "for.");
    spec.number_out("median_slope", o.median_slope)
        .named("Median slope")
        .says("Median of the units' slopes, per year (or step); absent with several quantities.");
    spec.number_out("largest_significant_p", o.largest_significant_p)
        .named("Largest significant p")
        .says(
            "Units with a larger p are not significant by the false-discovery rate; absent without one, with several "
            "quantities, and "
            "where no unit is significant.");
}

}  // namespace

std::unique_ptr<Algorithm> make_trend_table() {
    return std::make_unique<BoundAlgorithm<TrendTableOptions>>(describe, trend_table);
}

}  // namespace landcarbon
