// Land Carbon Toolbox: a raster of measurements as classes: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/discretize/discretize.hpp"
#include "engine/value_classes.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const DiscretizeOptions& o) {
    const bool given = o.method == DiscretizeMethod::given;
    std::vector<UserError> errors;
    if (given && o.breaks.empty())
        errors.emplace_back("breaks", "BREAKS is missing: METHOD given needs the breaks between the classes");
    if (!given && !o.breaks.empty())
        errors.emplace_back("breaks", "BREAKS is used with METHOD given only; leave it out, or choose that method");
    if (given && errors.empty()) gather(errors, [&] { read_breaks(o.breaks, "breaks"); });
    return errors;
}

void describe(Spec& spec, DiscretizeOptions& o) {
    spec.id = "discretize";
    spec.name = "Discretize";
    spec.group = "drivers";
    spec.summary = "Classifies a raster of measurements: natural breaks, quantiles, equal intervals and others.";
    spec.description =
        "Finds breaks between classes from the values of the raster, by the chosen method, or takes given ones, and "
        "writes the class of each cell. Classes are 1, 2, ... from the lowest values up and are named by their "
        "intervals.\n\n"
        "Methods that need classes, such as the geographical detector, depend on how values are divided: the goodness "
        "of variance fit says how much of the variance of the values lies between the classes. It grows with the "
        "number of classes and reaches 1 where each value has its own.\n\n"
        "Maps of any size are worked on. Breaks are exact where the map has no more distinct values than SAMPLE, else "
        "they come from a random sample, and the report says so. Areas and the goodness of fit are always those of all "
        "cells.";
    spec.references = {
        "Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American Statistical Association "
        "53, "
        "789-798. https://doi.org/10.1080/01621459.1958.10501479",
        "Jenks, G. F. (1977). Optimal data classification for choropleth maps. Occasional Paper 2, Department of "
        "Geography, University of Kansas.",
        "Hyndman, R. J., Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50, "
        "361-365. https://doi.org/10.1080/00031305.1996.10473566",
        "Cao, F., Ge, Y., Wang, J. F. (2013). Optimal discretization for geographical detectors-based risk assessment. "
        "GIScience & Remote Sensing 50, 78-92. https://doi.org/10.1080/15481603.2013.778562"};
    spec.tags = {"classify",  "reclassify",         "natural breaks", "Jenks",       "quantile", "equal interval",
                 "geometric", "standard deviation", "discretization", "geodetector", "classes"};
    spec.check = [&o] { return check(o); };
    spec.raster_in("raster", o.raster).named("Raster").says("Measurements, such as elevation or precipitation.");
    spec.choice("method", o.method,
                {{{"natural", "Natural breaks (Fisher-Jenks)"}, DiscretizeMethod::natural},
                 {{"quantile", "Quantiles (equal numbers of cells)"}, DiscretizeMethod::quantile},
                 {{"equal_interval", "Equal intervals"}, DiscretizeMethod::equal_interval},
                 {{"geometric", "Geometric intervals"}, DiscretizeMethod::geometric},
                 {{"standard_deviation", "Standard deviations"}, DiscretizeMethod::standard_deviation},
                 {{"given", "Given breaks"}, DiscretizeMethod::given}})
        .named("Method")
        .says(
            "How breaks are found. natural: least squared deviations within the classes, exactly. quantile: as many "
            "cells in each class. equal_interval: classes of one width. geometric: each break a fixed multiple of the "
            "one before; values must all be above 0, or all below. standard_deviation: classes one standard deviation "
            "wide around the mean, the outer two open. given: those in BREAKS.");
    spec.integer("class_count", o.class_count)
        .named("Number of classes")
        .says(
            "How many classes to make. There are fewer where breaks fall together or lie beyond the values; a warning "
            "says so. Not used with METHOD given.")
        .at_least(1)
        .at_most(most_value_classes);
    spec.text("breaks", o.breaks)
        .named("Breaks")
        .says(
            "With METHOD given: the breaks between the classes, separated by commas, as in 0,200,400 for four classes. "
            "A value equal to a break belongs to the class below it; the outer classes are open.")
        .optional();
    describe_sample(spec, o.sampling);
    spec.raster_out("classified", o.classified)
        .named("Classes of the raster")
        .says("Class of each cell from 1 up, named by its interval; 0 is NoData.");
    spec.table_out("class_table", o.class_table)
        .named("Bounds of the classes")
        .says(
            "One row for each class: its interval, cells, area in ha, share of the area (0 to 1). Open ends are blank.")
        .with_columns({"class", "name", "lower", "upper", "cells", "area_ha", "share"});
    spec.report_out("report", o.report)
        .named("Discretize report")
        .says(
            "HTML report: histogram with the breaks, areas of the classes, goodness of fit, the convention in force.");
    spec.number_out("goodness_of_fit", o.goodness_of_fit)
        .named("Goodness of fit")
        .says(
            "Share (0 to 1) of the variance of all cells' values that lies between the classes; absent where all "
            "values "
            "are equal.");
    spec.number_out("classes_made", o.classes_made).named("Classes made").says("How many classes there are.");
    spec.number_out("lowest", o.lowest).named("Lowest value").says("Smallest value of a cell.");
    spec.number_out("highest", o.highest).named("Highest value").says("Largest value of a cell.");
}

}  // namespace

std::unique_ptr<Algorithm> make_discretize() {
    return std::make_unique<BoundAlgorithm<DiscretizeOptions>>(describe, discretize);
}

}  // namespace landcarbon
