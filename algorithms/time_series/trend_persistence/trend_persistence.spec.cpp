// Land Carbon Toolbox: trend persistence: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"
#include "time_series/trend_persistence/trend_persistence.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, TrendPersistenceOptions& o) {
    spec.id = "trend_persistence";
    spec.name = "Trend persistence";
    spec.group = "time_series";
    spec.summary = "Trends that may be expected to continue or to reverse, from trend and Hurst exponent.";
    spec.description =
        "Combines the direction of each cell's trend with its Hurst exponent. Above 0.5 the series is persistent and "
        "its trend may be expected to continue; below 0.5 it is anti-persistent and the trend may be expected to "
        "reverse.\n\n"
        "Gives five classes with their areas: persistent increase, persistent decrease, increase turning to decrease, "
        "decrease turning to increase, and undetermined where there is no trend, it is not significant, or the "
        "exponent is near 0.5.";
    spec.references = {
        "Mandelbrot, B. B., Wallis, J. R. (1969). Robustness of the rescaled range R/S in the measurement of noncyclic "
        "long run statistical dependence. Water Resources Research 5, 967-988. https://doi.org/10.1029/WR005i005p00967",
        "Hurst, H. E. (1951). Long-term storage capacity of reservoirs. Transactions of the American Society of Civil "
        "Engineers 116, 770-799. https://doi.org/10.1061/TACEAT.0006518"};
    spec.tags = {"trend", "Hurst", "persistence", "future trend", "time series", "sustainability", "vegetation"};
    spec.raster_in("trend", o.trend)
        .named("Trend")
        .says("Slope or classes of the trend, as the algorithm Trend writes them: above 0 increase, below 0 decrease.");
    spec.raster_in("hurst", o.hurst)
        .named("Hurst exponent")
        .says("Hurst exponent of the same series, as the algorithm Hurst exponent writes it (first band).");
    spec.raster_in("p", o.p)
        .named("P of the trend")
        .says(
            "Two-sided p of the trend; where it is not below the level of significance the cell is undetermined. In "
            "the "
            "raster of the algorithm Trend it is band 4: trend.tif|band=4. If omitted, every trend counts.")
        .optional();
    spec.choice("trend_input", o.trend_input,
                {{{"slope", "Slope"}, TrendInput::slope}, {{"classes", "Trend classes"}, TrendInput::classes}})
        .named("What the trend raster holds")
        .says(
            "Either slopes, of which the sign counts, or codes of trend classes, of which the sign and the minimum "
            "class count.");
    spec.real("significance", o.significance)
        .named("Level of significance")
        .says("A trend counts where its p is below this; used when p is given.")
        .above(0)
        .at_most(1);
    spec.integer("least_class", o.least_class)
        .named("Least class")
        .says(
            "With trend classes: codes nearer to 0 count as no trend. In the nine classes of the algorithm Trend 1 "
            "takes "
            "every trend, 2, 3 and 4 those with p below 0.1, 0.05 and 0.01.")
        .at_least(1)
        .advanced();
    spec.real("random_margin", o.random_margin)
        .named("Margin around 0.5")
        .says("Cells whose exponent is no further than this from 0.5 are undetermined.")
        .at_least(0)
        .at_most(0.5)
        .advanced();
    spec.raster_out("future", o.future)
        .named("Expected trend")
        .says(
            "1 persistent increase, 2 persistent decrease, 3 increase turning to decrease, 4 decrease turning to "
            "increase, 0 undetermined; 255 is NoData.");
    spec.table_out("summary", o.summary)
        .named("Summary of the expected trends")
        .says("One row for each class: cells, area in ha, share of the area (0 to 1).")
        .with_columns({"class", "name", "cells", "area_ha", "share"});
    spec.report_out("report", o.report)
        .named("Persistence report")
        .says("HTML report: areas of the classes and the conventions in force.");
    spec.number_out("persistent_increase_share", o.persistent_increase_share)
        .named("Persistent increase")
        .says("Share (0 to 1) of the area of class 1.");
    spec.number_out("persistent_decrease_share", o.persistent_decrease_share)
        .named("Persistent decrease")
        .says("Share (0 to 1) of the area of class 2.");
    spec.number_out("turning_share", o.turning_share)
        .named("Turning")
        .says("Share (0 to 1) of the area of the classes 3 and 4.");
    spec.number_out("undetermined_share", o.undetermined_share)
        .named("Undetermined")
        .says("Share (0 to 1) of the area of class 0.");
}

}  // namespace

std::unique_ptr<Algorithm> make_trend_persistence() {
    return std::make_unique<BoundAlgorithm<TrendPersistenceOptions>>(describe, trend_persistence);
}

}  // namespace landcarbon
