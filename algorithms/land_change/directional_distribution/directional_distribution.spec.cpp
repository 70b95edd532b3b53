// Land Carbon Toolbox: directional distribution: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/directional_distribution/directional_distribution.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, DirectionalDistributionOptions& o) {
    spec.id = "directional_distribution";
    spec.name = "Directional distribution";
    spec.group = "land_change";
    spec.summary =
        "Mean centre and standard deviational ellipse of each land-cover class: its location and the direction of its "
        "spread.";
    spec.description =
        "For each class of the map, the mean centre of its cells and the ellipse that shows how far and in which "
        "direction they spread around it. Cells count "
        "with their area. The table gives the rotation of the long axis clockwise from north, the half lengths of both "
        "axes in metres, their ratio and the "
        "eccentricity.\n\n"
        "Maps in geographic coordinates are measured on an equal-area plane around the middle of the map, never in "
        "degrees.\n\n"
        "Programs differ in the length of the axes: the default gives the ellipses of ArcGIS, the other choice plain "
        "standard deviations. Run it for each "
        "date to follow how a class moves.";
    spec.references = {
        "Lefever, D. W. (1926). Measuring geographic concentration by means of the standard deviational ellipse. "
        "American Journal of Sociology 32, 88-94.",
        "Yuill, R. S. (1971). The standard deviational ellipse: an updated tool for spatial description. Geografiska "
        "Annaler B 53, 28-39. doi:10.2307/490885.",
        "Wang, B., Shi, W., Miao, Z. (2015). Confidence analysis of standard deviational ellipse and its extension "
        "into higher dimensional Euclidean space. "
        "PLoS ONE 10(3), e0118537. doi:10.1371/journal.pone.0118537.",
        "Snyder, J. P. (1987). Map projections: a working manual. USGS Professional Paper 1395. doi:10.3133/pp1395."};
    spec.tags = {
        "land cover", "land use", "standard deviational ellipse", "mean centre", "centre of gravity", "direction",
        "dispersion", "SDE"};
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster. Classes may be any whole numbers.");
    spec.text("selected", o.selected)
        .named("Classes to describe")
        .says(
            "Classes as whole numbers, joined by commas, for example 1,5. If omitted, all classes of the map are "
            "described.")
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours come "
            "from the map.")
        .with_columns({"class", "name", "colour"})
        .optional();
    spec.real("size", o.size)
        .named("Size of ellipses")
        .says(
            "Size in standard deviations, usually 1, 2 or 3. The lengths in the table are those of the drawn ellipse.")
        .in("standard deviations")
        .above(0);
    spec.choice("method", o.method,
                {{{"arcgis", "ArcGIS: sqrt(2) times the standard deviation"}, EllipseMethod::arcgis},
                 {{"yuill", "Yuill: the standard deviation"}, EllipseMethod::yuill}})
        .named("Length of axes")
        .says(
            "What one standard deviation is. ArcGIS (10.1 and later) multiplies the standard deviation along each axis "
            "by the square root of 2, so that the "
            "ellipse of an evenly spread class is as large as its standard distance; Yuill takes the standard "
            "deviation itself. Direction, centre and "
            "ratio are the same.");
    spec.vector_out("ellipses", o.ellipses)
        .named("Standard deviational ellipses")
        .says(
            "One row for each class: cells, area in ha, mean centre in map coordinates, rotation of the long axis in "
            "degrees clockwise from north (0 to 180, "
            "empty when no direction is longer), half lengths of the axes in m, short / long, eccentricity, area of "
            "the ellipse. A class whose cells lie on "
            "one point or one line has no polygon, and a short axis of 0.")
        .with_columns({"class", "name", "pixels", "area_ha", "centre_x", "centre_y", "rotation_deg", "long_m",
                       "short_m", "ratio", "eccentricity", "ellipse_km2"});
    spec.report_out("report", o.report)
        .named("Distribution report")
        .says("HTML report: a map of the ellipses and centres, and their table.");
    spec.number_out("ellipse_count", o.ellipse_count).named("Ellipses").says("How many classes have an ellipse.");
}

}  // namespace

std::unique_ptr<Algorithm> make_directional_distribution() {
    return std::make_unique<BoundAlgorithm<DirectionalDistributionOptions>>(describe, directional_distribution);
}

}  // namespace landcarbon
