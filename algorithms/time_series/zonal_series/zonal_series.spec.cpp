// Land Carbon Toolbox: zonal series: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"
#include "time_series/zonal_series/zonal_series.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const ZonalSeriesOptions& o) {
    std::vector<UserError> errors = check_trend_choices(o.choices);
    const auto refuse = [&](const char* id, const std::string& reason) {
        errors.emplace_back(id, parameter_name(id) + ": " + reason);
    };
    if (!o.zones.given() && !o.classes.given())
        refuse("zones", "missing; give polygons in ZONES or a class raster in CLASSES");
    if (o.zones.given() && o.classes.given()) refuse("classes", "both ZONES and CLASSES are given; give one of them");
    if (!o.zones.given() && !o.name_field.empty()) refuse("name_field", "only ZONES have fields; CLASSES has none");
    if (!o.classes.given() && o.class_names.given())
        refuse("class_names", "names the classes of CLASSES, which is missing");
    if (!o.zones.given() && o.classes.given() && o.zoned.wanted())
        refuse("zoned", "needs the polygons of ZONES; for CLASSES the rates are in RATES");
    return errors;
}

void describe(Spec& spec, ZonalSeriesOptions& o) {
    spec.id = "zonal_series";
    spec.name = "Zonal series";
    spec.group = "time_series";
    spec.summary = "Series of each zone or class of a map from a stack of rasters, with its rates of change.";
    spec.description =
        "For each zone of a polygon layer, or each class of a class raster, takes the mean over the area, the sum or "
        "the total of the cells at each step of a stack of rasters (bands of one file, or many files). The table has "
        "one row for each zone and step.\n\n"
        "For each of these series it gives the rate of change: the least-squares line with R2 and p, the Theil-Sen "
        "slope with its bounds, the Mann-Kendall test, the rate in percent of the mean, and the coefficient of "
        "variation. Classes show direction and significance, as in Trend; the zones with their rates can be drawn as a "
        "map.\n\n"
        "A mean over a zone varies less than its cells, so that it can have a trend where no single cell has a "
        "significant one. Zones may overlap; cells may have gaps; steps may be uneven (YEARS).";
    spec.references = {
        "Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the American "
        "Statistical Association 63(324), 1379-1389. https://doi.org/10.1080/01621459.1968.10480934",
        "Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3), 245-259. "
        "https://doi.org/10.2307/1907187",
        "Neal, R. M. (2015). Fast exact summation using small and large superaccumulators. "
        "https://arxiv.org/abs/1505.05571"};
    spec.tags = {"zonal statistics", "time series", "trend", "zones",        "classes",
                 "land cover",       "rate",        "mean",  "Mann-Kendall", "Theil-Sen"};
    spec.check = [&o] { return check(o); };
    spec.raster_stack("series", o.series)
        .named("Series")
        .says("The steps in the order of time: rasters on one grid, each with all its bands.")
        .count_at_least(1)
        .in_time("years")
        .by_distance();
    spec.vector_in("zones", o.zones)
        .named("Zones")
        .says(
            "Polygons, for example administrative units. A cell belongs to every zone that its centre lies in, so that "
            "overlapping zones each count it. Give either zones or classes.")
        .optional();
    spec.field_of("name_field", o.name_field)
        .named("Name of the zones")
        .says(
            "Field with the name or code that table and report call a zone by. If omitted, the first field that holds "
            "a "
            "text.")
        .of("zones")
        .optional();
    spec.class_raster("classes", o.classes)
        .named("Class raster")
        .says(
            "Class raster on the grid of the series, for example land cover: each class is a zone. Cells without a "
            "class belong to none. Give either zones or classes.")
        .optional();
    spec.table_in("class_names", o.class_names)
        .named("Class names")
        .says("Table with the columns class and optionally name. If omitted, names come from the class raster.")
        .with_columns({"class", "name"})
        .optional();
    spec.text("years", o.choices.years)
        .named("Years")
        .says(
            "Year of each step: years and ranges separated by commas, for example 2001-2020 or 1990,1995,2000. If "
            "omitted, the steps are 1, 2, 3 and so on, and rates are per step.")
        .optional();
    spec.choice("statistic", o.statistic,
                {{{"mean", "Mean over the area"}, ZonalStatistic::mean},
                 {{"sum", "Sum of the cells (values are amounts per cell)"}, ZonalStatistic::sum},
                 {{"total_per_m2", "Total: value times area, values per m2"}, ZonalStatistic::total_per_m2},
                 {{"total_per_ha", "Total: value times area, values per ha"}, ZonalStatistic::total_per_ha},
                 {{"total_per_km2", "Total: value times area, values per km2"}, ZonalStatistic::total_per_km2}})
        .named("Statistic")
        .says(
            "How a zone's series is computed. mean: the mean of the cells, weighted with their areas. sum: the sum of "
            "the cells, for amounts such as t per cell or persons. total: the sum of value times area, for densities; "
            "choose the area to which the values refer, so that g C/m2 becomes g C and t/ha becomes t. Sums and totals "
            "count the cells that hold a value only: they fall where cells are missing, unlike means.");
    spec.choice("cells", o.cells,
                {{{"each_step", "Those that hold a value at the step"}, ZonalCells::each_step},
                 {{"all_steps", "Those that hold a value at every step"}, ZonalCells::all_steps}})
        .named("Cells that count")
        .says(
            "With each_step all valid cells count, but where the valid cells differ between steps, a part of the "
            "change is due to that. all_steps compares the same cells at every step.")
        .advanced();
    spec.real("min_share", o.min_share)
        .named("Minimum share of valid cells")
        .says(
            "A zone has no value at a step where less than this share (0 to 1) of its area counts. The area is that of "
            "its cells that hold a value at some step: cells that are never valid, such as water, do not count.")
        .at_least(0)
        .at_most(1)
        .advanced();
    describe_trend_choices(spec, o.choices, "zone");
    spec.table_out("table", o.table)
        .named("Series by zone")
        .dated({"years"})
        .says(
            "One row for each zone and step: zone (number in the layer, or class), name, year (or step), value of the "
            "statistic, mean and standard deviation over the area, cells and area that count. Value, mean and standard "
            "deviation are empty where too few cells count.")
        .with_columns({"zone", "name", "year", "value", "mean", "sd", "cells", "area_ha"});
    const std::vector<std::string> rates = {"cells",     "area_ha",      "mean",
                                            "cv",        "linear_slope", "linear_intercept",
                                            "linear_r2", "linear_p",     "relative_rate",
                                            "slope",     "intercept",    "z",
                                            "p",         "tau",          "s",
                                            "n",         "lower",        "upper",
                                            "class",     "class_name",   "class_fdr"};
    std::vector<std::string> columns = {"zone", "name"};
    columns.insert(columns.end(), rates.begin(), rates.end());
    spec.table_out("rates", o.rates)
        .named("Rates of change by zone")
        .dated({"years"})
        .says(
            "One row for each zone: cells and area that hold a value at some step; mean and coefficient of variation "
            "(sample standard deviation / |mean|) of its series; slope, intercept, R2 and p of the least-squares line; "
            "that slope in percent of |mean|; Theil-Sen slope, intercept, Z, p, tau, S, number of steps, bounds of the "
            "slope, class. Rates are per year (or step).")
        .with_columns(columns);
    columns.erase(columns.begin() + 1);
    spec.vector_out("zoned", o.zoned)
        .named("Map of the rates of change")
        .dated({"years"})
        .says(
            "The zones with their attributes and the columns of the rates, drawn by the class of the trend. Only with "
            "polygons.")
        .with_columns(columns)
        .on_request();
    spec.report_out("report", o.report)
        .named("Zonal series report")
        .says("HTML report: the series as lines and as departures from their means, the rates, a map of the zones.");
    spec.number_out("units", o.units).named("Zones with a trend").says("Zones or classes that have a trend.");
    spec.number_out("increasing", o.increasing)
        .named("Significant increases")
        .says("Zones in the classes above 1, by the false-discovery rate where one is asked for.");
    spec.number_out("decreasing", o.decreasing)
        .named("Significant decreases")
        .says("Zones in the classes below -1, by the false-discovery rate where one is asked for.");
    spec.number_out("median_slope", o.median_slope)
        .named("Median slope")
        .says("Median of the zones' Theil-Sen slopes, per year (or step).");
    spec.number_out("largest_significant_p", o.largest_significant_p)
        .named("Largest significant p")
        .says(
            "Zones with a larger p are not significant by the false-discovery rate; absent without one, and where no "
            "zone is significant.");
}

}  // namespace

std::unique_ptr<Algorithm> make_zonal_series() {
    return std::make_unique<BoundAlgorithm<ZonalSeriesOptions>>(describe, zonal_series);
}

}  // namespace landcarbon
