// Land Carbon Toolbox: variability of a series: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_classes.hpp"
#include "spec/algorithm.hpp"
#include "time_series/series_times.hpp"
#include "time_series/variability/variability.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const VariabilityOptions& o) {
    std::vector<UserError> errors;
    gather(errors, [&] { read_breaks(o.breaks, "breaks"); });
    return errors;
}

void describe(Spec& spec, VariabilityOptions& o) {
    spec.id = "variability";
    spec.name = "Variability of a series";
    spec.group = "time_series";
    spec.summary =
        "How much each cell's series varies: mean, standard deviation, coefficient of variation and classes.";
    spec.description =
        "Takes the mean, the standard deviation and the coefficient of variation Cv = s / |mean| of every cell's "
        "series. Cv compares places of different levels: 0.1 means that the values lie about a tenth of the mean "
        "around "
        "it. It means little where values lie on both sides of 0, and nothing where the mean is 0: such cells are "
        "NoData and counted.\n\n"
        "Cells are put into classes of Cv by natural breaks, or by breaks that are given. Natural breaks fit the map "
        "that they are found for: to compare maps, give breaks.\n\n"
        "Missing steps are left out. A trend counts as variation.";
    spec.references = {
        "Chan, T. F., Golub, G. H., LeVeque, R. J. (1983). Algorithms for computing the sample variance: analysis and "
        "recommendations. The American Statistician 37, 242-247. https://doi.org/10.1080/00031305.1983.10483115",
        "Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American Statistical Association "
        "53, "
        "789-798. https://doi.org/10.1080/01621459.1958.10501479",
        "Jenks, G. F. (1977). Optimal data classification for choropleth maps. Occasional Paper 2, Department of "
        "Geography, University of Kansas."};
    spec.tags = {"coefficient of variation", "Cv",    "standard deviation", "mean",       "stability", "fluctuation",
                 "natural breaks",           "Jenks", "time series",        "interannual"};
    spec.check = [&o] { return check(o); };
    spec.raster_stack("series", o.series)
        .named("Series")
        .says("One band a step: bands of one file or many files. At least 2 steps; their order does not matter.")
        .count_at_least(1)
        .in_time();
    spec.choice("deviation", o.deviation,
                {{{"sample", "Sample (divisor n - 1)"}, VariabilityDeviation::sample},
                 {{"population", "Population (divisor n)"}, VariabilityDeviation::population}})
        .named("Standard deviation")
        .says(
            "The divisor of the squared deviations. sample: n - 1, where the steps are a sample of a longer series. "
            "population: n; it makes Cv smaller, by 2.5 % with 20 steps.");
    spec.integer("class_count", o.class_count)
        .named("Number of classes")
        .says("How many classes of Cv natural breaks make. Not used where breaks are given.")
        .at_least(1)
        .at_most(most_value_classes);
    spec.text("breaks", o.breaks)
        .named("Breaks")
        .says(
            "Breaks between the classes of Cv, separated by commas, as in 0.05,0.1,0.2. A value equal to a break "
            "belongs "
            "to the class below it. If omitted, natural breaks.")
        .optional();
    spec.integer("min_valid", o.min_valid)
        .named("Minimum valid steps")
        .says(std::string("Cells with fewer steps that have a value become NoData. ") + default_min_valid_text +
              " Series of two or three steps need all of them.")
        .at_least(2)
        .optional()
        .advanced();
    describe_sample(spec, o.sampling);
    spec.raster_out("variability", o.variability)
        .named("Variability")
        .says("Four bands: mean, standard deviation, coefficient of variation, number of steps with a value.");
    spec.raster_out("classes", o.classes)
        .named("Variability classes")
        .says(
            "Class of the coefficient of variation, from 1 (steady) up; 0 is NoData. Classes are named by intervals.");
    spec.table_out("summary", o.summary)
        .named("Summary of the variability")
        .says("One row for each class: its interval of Cv, cells, area in ha, share of the area (0 to 1).")
        .with_columns({"class", "name", "lower", "upper", "cells", "area_ha", "share"});
    spec.report_out("report", o.report)
        .named("Variability report")
        .says("HTML report: spread of Cv over the map with the breaks, areas of the classes, the convention in force.");
    spec.number_out("mean_cv", o.mean_cv)
        .named("Mean Cv")
        .says("Mean coefficient of variation over the area of all cells that have one.");
    spec.number_out("lowest_cv", o.lowest_cv).named("Lowest Cv").says("Smallest coefficient of variation of a cell.");
    spec.number_out("highest_cv", o.highest_cv).named("Highest Cv").says("Largest coefficient of variation of a cell.");
    spec.number_out("too_short", o.too_short)
        .named("Too short")
        .says("Cells that have values, but in too few steps; they are NoData.");
    spec.number_out("mean_zero", o.mean_zero)
        .named("Mean zero")
        .says("Cells without a coefficient of variation because their mean is 0; they have mean and deviation.");
}

}  // namespace

std::unique_ptr<Algorithm> make_variability() {
    return std::make_unique<BoundAlgorithm<VariabilityOptions>>(describe, variability);
}

}  // namespace landcarbon
