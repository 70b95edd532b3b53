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
        "cells around it, each weighted by its distance. Cells are drawn at random by place, or taken every k-th; or "
        "the means of squares or of zones are taken. The bandwidth is searched or given, or with multiscale GWR one "
        "for each driver.\n\n"
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
    spec.check = [&o] {
        std::vector<UserError> errors = check_gwr_choices(o.choices);
        if (o.zones.given() && o.grid_size)
            errors.emplace_back("zones",
                                "ZONES: both ZONES and GRID_SIZE are given; give one of them, or none to take cells");
        if (o.every && (o.zones.given() || o.grid_size))
            errors.emplace_back("every", "EVERY takes cells, but ZONES or GRID_SIZE take means; give one of them");
        if (o.choices.method == GwrMethod::mgwr)
            for (const auto& [id, output] :
                 {std::pair{"local_r2", &o.local_r2}, std::pair{"prediction_error", &o.prediction_error}})
                if (output->wanted())
                    errors.emplace_back(id, parameter_name(id) + ": METHOD=mgwr does not tell it; leave it out");
        return errors;
    };
    spec.raster_stack("responses", o.responses)
        .named("Responses")
        .says("Rasters with the numbers that are to be explained; every band is a response with a model of its own.");
    spec.raster_stack("driver_maps", o.driver_maps)
        .named("Driver maps")
        .says("Rasters on the same grid with the numbers that explain them; every band is a driver.");
    spec.raster_stack("predict_drivers", o.predict_drivers)
        .named("Drivers for the prediction")
        .says(
            "What PREDICTION is made with, for example the drivers of another year or of a scenario: as many bands as "
            "DRIVER_MAPS, in the same order. If omitted, DRIVER_MAPS.")
        .optional()
        .advanced();
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
    describe_gwr_method(spec, o.choices, "observation");
    describe_gwr_choices(spec, o.choices, "observation");
    spec.integer("samples", o.samples)
        .named("Samples")
        .says(
            "Number of cells, drawn at random by SEED from those that hold all responses and drivers, that the model "
            "is fitted on.")
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
    spec.vector_in("zones", o.zones)
        .named("Zones")
        .says(
            "Polygons, for example counties: the model is fitted on the means of their cells instead of on single "
            "cells. A cell belongs to every zone that its centre lies in.")
        .optional();
    spec.real("grid_size", o.grid_size)
        .named("Size of squares")
        .says(
            "Side of the squares of a regular grid, counted from the upper left corner of the map: the model is fitted "
            "on the means of their cells instead of on single cells. Not together with ZONES.")
        .in("map units")
        .above(0)
        .optional();
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
        .says(
            "One band for each driver and one for the intercept, for each response. The colours reach to the size that "
            "98 % of the coefficients of the first driver do not exceed.");
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
                       "The sampled cells as points, or the zones or squares as polygons, once for each response. Its "
                       "first columns: response, then column and row of the cell (from 0), the zone's name, or row and "
                       "column of the square (from 1).");
    describe_gwr_outputs(spec, o.outputs);
}

}  // namespace

std::unique_ptr<Algorithm> make_gwr() { return std::make_unique<BoundAlgorithm<GwrOptions>>(describe, gwr); }

}  // namespace landcarbon
