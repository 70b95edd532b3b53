// Land Carbon Toolbox: Geodetector of rasters: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector/geodetector.hpp"

#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, GeodetectorOptions& o) {
    spec.id = "geodetector";
    spec.name = "Geodetector";
    spec.group = "drivers";
    spec.summary = "Factors that explain the spatial variance of a map, alone and in pairs.";
    spec.description =
        "The four detectors of the Geodetector on the cells of rasters of any size: the share q of the response's "
        "variance that lies between the strata of each factor, with its test and confidence interval; the q of each "
        "pair of factors and their type of interaction; means by stratum and their tests; and whether two factors "
        "differ.\n\n"
        "Factors are classes, or measurements that are divided into classes first, by a method of your choice or by "
        "the one with the largest q. All sums are exact. A cell counts where the response and all factors hold values.";
    spec.references = geodetector_references();
    spec.tags = {"geodetector",       "geographical detector", "q statistic", "spatial stratified heterogeneity",
                 "drivers",           "interaction",           "risk",        "discretisation",
                 "optimal parameters"};
    spec.check = [&o] { return check_geodetector_choices(o.choices); };
    spec.raster_in("response", o.response)
        .named("Response")
        .says("Raster with the numbers that are to be explained, for example a trend or a carbon balance.");
    spec.raster_stack("factors", o.factors)
        .named("Factors")
        .says("Rasters of the factors on the same grid: classes, or measurements. Every band is a factor.");
    spec.text("factor_names", o.factor_names)
        .named("Names of the factors")
        .says(
            "One name for each factor, separated by commas. If omitted, the files' names, and the bands' "
            "descriptions in files of several bands.")
        .names_bands_of("factors")
        .optional();
    describe_geodetector_choices(spec, o.choices, "cell");
    spec.raster_out("classified", o.classified)
        .named("Classified factors")
        .says(
            "One band for each factor as it was classified: classes 1, 2, ... from the lowest values up for continuous "
            "factors, the codes as they are for the others.")
        .on_request();
    describe_geodetector_outputs(spec, o.outputs, "cell");
}

}  // namespace

std::unique_ptr<Algorithm> make_geodetector() {
    return std::make_unique<BoundAlgorithm<GeodetectorOptions>>(describe, geodetector);
}

}  // namespace landcarbon
