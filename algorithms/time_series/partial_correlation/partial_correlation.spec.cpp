// Land Carbon Toolbox: partial correlation: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"
#include "time_series/partial_correlation/partial_correlation.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, PartialCorrelationOptions& o) {
    const std::string fewer_steps = "Cells with fewer complete steps become NoData. ";
    spec.id = "partial_correlation";
    spec.name = "Partial correlation";
    spec.group = "time_series";
    spec.summary = "Partial correlation of each cell's series with each driver, the other drivers held constant.";
    spec.description =
        "Correlates every cell's series (the response, e.g. NEP) with two or more drivers (e.g. temperature, "
        "precipitation, radiation), each given all others, and tests the correlations with Student's t.\n\n"
        "Gives for every driver the partial correlation r, its two-sided p, the number of complete steps n, and "
        "classes "
        "by sign and significance with their areas. Drivers are given in one list: all bands of the first driver, then "
        "all bands of the second, and so on; as many of each as the response has.\n\n"
        "Where a variable is constant, or follows from the others, there is no partial correlation: such cells are "
        "NoData and counted.";
    spec.references = {
        "Fisher, R. A. (1924). The distribution of the partial correlation coefficient. Metron 3, 329-332.",
        "Kim, S. (2015). ppcor: an R package for a fast calculation to semi-partial correlation coefficients. "
        "Communications for Statistical Applications and Methods 22, 665-674. "
        "https://doi.org/10.5351/CSAM.2015.22.6.665"};
    spec.tags = {"partial correlation", "correlation", "drivers",     "climate",     "temperature",
                 "precipitation",       "time series", "attribution", "significance"};
    spec.raster_stack("response", o.response)
        .named("Response")
        .says("The series to explain, one band a step: bands of one file or many files.")
        .count_at_least(1)
        .in_time();
    spec.raster_stack("drivers", o.drivers)
        .named("Drivers")
        .says(
            "The drivers one after the other: all bands of the first driver in the order of the response's steps, then "
            "all bands of the second, and so on. The easiest way is one file a driver with a band for each step. The "
            "list is split into equal groups of as many bands as the response has; two groups or more.")
        .count_at_least(1)
        .in_groups_like("response");
    spec.text("driver_names", o.driver_names)
        .named("Names of the drivers")
        .says(
            "One name for each driver, in order and separated by commas, as in temperature, precipitation, radiation; "
            "used for bands, table and report, and to check the number of groups. If omitted, Driver 1, Driver 2 and "
            "so on.")
        .names_bands_of("drivers")
        .optional();
    spec.integer("min_valid", o.min_valid)
        .named("Minimum valid steps")
        .says(fewer_steps + default_min_valid_text + " In any case it is two more than there are drivers.")
        .at_least(4)
        .optional()
        .advanced();
    spec.raster_out("correlations", o.correlations)
        .named("Partial correlations")
        .says("Three bands for each driver: partial correlation r, two-sided p, number of complete steps n.");
    spec.raster_out("classes", o.classes)
        .named("Classes of partial correlation")
        .says(
            "One band for each driver: 2 positive with p < 0.01, 1 positive with p < 0.05, 0 not significant, -1 and "
            "-2 "
            "negative; -32768 is NoData.");
    spec.table_out("summary", o.summary)
        .named("Summary of the partial correlations")
        .says(
            "One row for each driver and class: mean of r and of |r| over the area, cells, area in ha, share (0 to 1) "
            "of "
            "the area with correlations.")
        .with_columns({"driver", "mean_r", "mean_abs_r", "class", "name", "cells", "area_ha", "share"});
    spec.report_out("report", o.report)
        .named("Correlation report")
        .says("HTML report: areas where each driver is significant, spread of the correlations, conventions.");
    spec.number_out("significant_share", o.significant_share)
        .named("Significant share")
        .says("Share (0 to 1) of the area with p < 0.05 for at least one driver.");
    spec.number_out("singular", o.singular)
        .named("Singular cells")
        .says("Cells whose correlation matrix is singular; they are NoData.");
    spec.number_out("too_short", o.too_short)
        .named("Too short")
        .says("Cells that have complete steps, but too few; they are NoData.");
    spec.text_out("strongest_driver", o.strongest_driver)
        .named("Strongest driver")
        .says("The driver with the largest mean of |r| over the area.");
}

}  // namespace

std::unique_ptr<Algorithm> make_partial_correlation() {
    return std::make_unique<BoundAlgorithm<PartialCorrelationOptions>>(describe, partial_correlation);
}

}  // namespace landcarbon
