// Land Carbon Toolbox: land-use intensity: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/land_use_intensity/land_use_intensity.hpp"

#include "engine/zoning.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, LandUseIntensityOptions& o) {
    spec.id = "land_use_intensity";
    spec.name = "Land-use intensity";
    spec.group = "land_change";
    spec.summary = "Comprehensive land-use intensity index of a map, by zone or by square.";
    spec.description =
        "Every class of the land-cover map has a grade, from unused land (1) over forest, grass and water (2) and "
        "cropland (3) to built-up land (4). The index is 100 times the mean grade, weighted by area: 100 where all "
        "land is unused, 400 where all is built up.\n\n"
        "The index is computed for the whole map and for each zone of a polygon layer or each square of a regular "
        "grid. The values of zones or squares are also scaled to 0..1 between the lowest and the highest one and put "
        "into five equal classes.\n\n"
        "Areas are exact: of the ellipsoid's surface where the map is in geographic coordinates, of the plane where it "
        "is projected.";
    spec.references = {
        "Zhuang, D., Liu, J. (1997). Study on the model of regional differentiation of land use degree in China. "
        "Journal of Natural Resources 12(2), "
        "105-111 (in Chinese)."};
    spec.tags = {"land cover",          "land use", "intensity", "land use degree",
                 "comprehensive index", "CLI",      "LUI",       "human activity"};
    spec.check = [&o] { return check_zoning(o.zones, o.grid_size); };
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster. Classes may be any whole numbers.");
    spec.table_in("classes", o.classes)
        .named("Classes and grades")
        .says(
            "Table with the columns class and grade and optionally name and colour (#rrggbb). Every class of the map "
            "needs a grade, zero or more; usual are "
            "1 for unused land, 2 for forest, grass and water, 3 for cropland, 4 for built-up land.")
        .with_columns({"class", "grade", "name", "colour"});
    spec.vector_in("zones", o.zones)
        .named("Zones")
        .says(
            "Polygons, for example administrative units, for which the index is computed. A cell belongs to every zone "
            "that its centre lies in. If omitted, the whole map is one zone, unless a size of squares is given.")
        .optional();
    spec.real("grid_size", o.grid_size)
        .named("Size of squares")
        .says(
            "Side of the squares of a regular grid for which the index is computed, counted from the upper left corner "
            "of the map. If omitted, there are no squares. Not together with zones.")
        .in("map units")
        .above(0)
        .optional();
    match_argument(spec, o.match, "the grades");
    spec.vector_out("intensity", o.intensity)
        .named("Land-use intensity by zone")
        .dated({"land_cover"})
        .says(
            "The zones with their attributes, the squares (row and column from 1; those without a class are left out) "
            "or the whole map, with area in ha, "
            "index, the index scaled to 0..1, and the level 1 to 5. Scaled and level are empty when all zones have the "
            "same index.")
        .with_columns({"area_ha", "index", "scaled", "level"});
    spec.raster_out("intensity_map", o.intensity_map)
        .named("Land-use intensity")
        .dated({"land_cover"})
        .says(
            "Index of the zone or square that each cell lies in; without zones and squares, 100 times the grade of the "
            "cell. Cells without a class or "
            "outside all zones hold NoData.");
    spec.table_out("by_class", o.by_class)
        .named("Land-use intensity by class")
        .says(
            "One row for each class of the map: grade, area in ha, share of the mapped area (0 to 1), and its "
            "contribution to the index of the whole map.")
        .with_columns({"class", "name", "grade", "area_ha", "share", "contribution"});
    spec.report_out("report", o.report)
        .named("Intensity report")
        .says("HTML report: the index and its parts, a map and a table of zones or squares.");
    spec.number_out("index", o.index)
        .named("Intensity index")
        .says("Index of the whole map, also of cells outside all zones.");
    spec.number_out("minimum", o.minimum)
        .named("Lowest index")
        .says("Lowest index of a zone or square; without them, the index of the whole map.");
    spec.number_out("maximum", o.maximum)
        .named("Highest index")
        .says("Highest index of a zone or square; without them, the index of the whole map.");
}

}  // namespace

std::unique_ptr<Algorithm> make_land_use_intensity() {
    return std::make_unique<BoundAlgorithm<LandUseIntensityOptions>>(describe, land_use_intensity);
}

}  // namespace landcarbon
