// Land Carbon Toolbox: geographically weighted regression of rasters: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/gwr.hpp"

#include "drivers/gwr_maps.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, GwrOptions& o) {
    spec.id = "gwr";
    spec.name = "GWR of rasters";
    spec.group = "drivers";
    spec.summary = "Geographically weighted regression of rasters: where each driver matters, and how much.";
    spec.description =
        "Explains a map by others, with coefficients that vary in space: at each place a regression on the sampled "
        "cells around it, each weighted by its distance. Cells are drawn at random by place, or taken every k-th. The "
        "bandwidth is searched or given.\n\n"
        "Results are maps of the coefficients, of their errors and significance, of local R2, of the prediction and "
        "its "
        "error over the whole grid, and the sampled cells as a layer with all measures, beside ordinary least squares. "
        "Maps in longitude and latitude are measured along great circles.";
    spec.references = gwr_references();
    spec.tags = {"GWR",
                 "geographically weighted regression",
                 "local regression",
                 "spatial regression",
                 "drivers",
                 "spatial heterogeneity",
                 "raster",
                 "bandwidth"};
    spec.check = [&o] { return check_gwr_choices(o.choices); };
    spec.raster_stack("responses", o.responses)
        .named("Responses")
        .says("Rasters with the numbers that are to be explained; every band is a response with a model of its own.");
    spec.raster_stack("driver_maps", o.driver_maps)
        .named("Driver maps")
        .says("Rasters on the same grid with the numbers that explain them; every band is a driver.");
    spec.text("response_names", o.response_names)
        .named("Names of the responses")
        .says(
            "One for each response, separated by commas. If omitted, the files' names, and the bands' descriptions in "
            "files of several bands.")
        .names_bands_of("responses")
        .optional();
    spec.text("driver_names", o.driver_names)
        .named("Names of the drivers")
        .says("One for each driver, likewise.")
        .names_bands_of("driver_maps")
        .optional();
    describe_gwr_choices(spec, o.choices, "cell");
    spec.integer("samples", o.samples)
        .named("Samples")
        .says(
            "Number of cells, drawn at random by SEED from those that hold all responses and drivers, that the model "
            "is "
            "fitted on.")
        .in("cells")
        .at_least(20)
        .at_most(1000000);
    spec.integer("every", o.every)
        .named("Every so many cells")
        .says("Take every k-th cell of every k-th row instead of a random sample.")
        .in("cells")
        .at_least(1)
        .at_most(100000)
        .optional()
        .advanced();
    spec.integer("lattice", o.lattice)
        .named("Cells between fits")
        .says(
            "For the maps, the model is fitted at every so many-th cell of every so many-th row, and coefficients are "
            "interpolated between. If omitted, 1 (every cell) on maps of up to 40 000 cells, and about 40 000 fits on "
            "larger ones.")
        .in("cells")
        .at_least(1)
        .at_most(10000)
        .optional()
        .advanced();
    spec.raster_out("coefficients", o.coefficients)
        .named("Map of coefficients")
        .says("One band for each driver and one for the intercept, for each response.");
    spec.raster_out("coefficient_errors", o.coefficient_errors)
        .named("Standard errors of coefficients")
        .says("Bands as those of the coefficients, each in the unit of its coefficient.")
        .on_request();
    spec.raster_out("significance", o.significance)
        .named("Significance of coefficients")
        .says(
            "Bands as those of the coefficients: -1 significant and negative, 0 not significant, 1 significant and "
            "positive, by ALPHA and CORRECTION.");
    spec.raster_out("local_r2", o.local_r2).named("Map of local R2").says("One band for each model.").on_request();
    spec.raster_out("prediction", o.prediction)
        .named("GWR prediction")
        .says("One band for each model: the response that the drivers tell, also in cells that have none.");
    spec.raster_out("prediction_error", o.prediction_error)
        .named("Error of the prediction")
        .says("One band for each model: standard error of the prediction of a single cell, with the residual variance.")
        .on_request();
    describe_gwr_local(spec, o.local,
                       "The sampled cells as points, once for each response. Its first columns: response, column and "
                       "row of the cell (from 0).");
    describe_gwr_outputs(spec, o.outputs);
}

}  // namespace

std::unique_ptr<Algorithm> make_gwr() { return std::make_unique<BoundAlgorithm<GwrOptions>>(describe, gwr); }

}  // namespace landcarbon
