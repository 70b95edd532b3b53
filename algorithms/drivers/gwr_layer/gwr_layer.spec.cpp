// Land Carbon Toolbox: geographically weighted regression of a layer: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_layer/gwr_layer.hpp"
#include "drivers/gwr_maps.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, GwrLayerOptions& o) {
    spec.id = "gwr_layer";
    spec.name = "GWR of a layer";
    spec.group = "drivers";
    spec.summary = "Geographically weighted regression of a layer: where each driver matters, and how much.";
    spec.description =
        "Explains columns of a layer of points or polygons (counties, squares, samples) by others, with coefficients "
        "that vary in space: at each place a regression on its neighbours, each weighted by its distance. The "
        "bandwidth is searched or given. Results are coefficients with standard errors, t and corrected p, local R2, "
        "residuals and measures of collinearity for each place, beside ordinary least squares.\n\n"
        "Polygons count at a point on their surface. Layers in longitude and latitude are measured along great "
        "circles. A window in which a coefficient cannot be told is left empty or fitted by ridge regression, and "
        "counted.";
    spec.references = gwr_references();
    spec.tags = {"GWR",
                 "geographically weighted regression",
                 "local regression",
                 "spatial regression",
                 "drivers",
                 "spatial heterogeneity",
                 "bandwidth",
                 "collinearity"};
    spec.check = [&o] { return check_gwr_choices(o.choices); };
    spec.vector_in("places", o.places)
        .named("Layer")
        .says(
            "Layer of points or polygons with the columns. Rows with an empty cell in the response or a driver, or "
            "without a place, are left out and counted.");
    spec.fields_of("responses", o.responses)
        .named("Responses")
        .says("Columns with the numbers that are to be explained; each is a model of its own.")
        .of("places");
    spec.fields_of("drivers", o.drivers)
        .named("Driver columns")
        .says("Columns with the numbers that explain them.")
        .of("places");
    spec.field_of("name_field", o.name_field)
        .named("Column with names")
        .says("Column that names the places; the result repeats it.")
        .of("places")
        .optional();
    describe_gwr_method(spec, o.choices, "row");
    describe_gwr_choices(spec, o.choices, "row");
    describe_gwr_local(
        spec, o.local,
        "The layer's shapes, once for each response. Its first columns: response, row (of the layer, from "
        "1), name.");
    describe_gwr_outputs(spec, o.outputs);
}

}  // namespace

std::unique_ptr<Algorithm> make_gwr_layer() {
    return std::make_unique<BoundAlgorithm<GwrLayerOptions>>(describe, gwr_layer);
}

}  // namespace landcarbon
