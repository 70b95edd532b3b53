// Land Carbon Toolbox: land-cover maps with the classes of another system: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/reclassify_land_cover/reclassify_land_cover.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, ReclassifyLandCoverOptions& o) {
    spec.id = "reclassify_land_cover";
    spec.name = "Reclassify land cover";
    spec.group = "land_change";
    spec.summary = "Gives a land-cover map the classes of another system.";
    spec.description =
        "Replaces each class of a land-cover map by the class that a table says, for example the nine classes of CLCD "
        "by the six classes of a study. The result has the names and colours of the new classes. For CLCD, CNLUCC, "
        "GlobeLand30, ESA WorldCover and the IGBP classes of MCD12Q1 tables ship with the toolbox: choose them as "
        "SYSTEM, or write one with Coefficient table and change it.\n\n"
        "Every class of the map must have a row, unless OTHERS says otherwise, so that no class is lost without a "
        "word. "
        "How many cells and hectares went from class to class is in the table of changes.";
    spec.references = {
        "Anderson, J. R., Hardy, E. E., Roach, J. T., Witmer, R. E. (1976). A land use and land cover classification "
        "system for use with remote sensor data. U.S. Geological Survey Professional Paper 964 (aggregation of classes "
        "to a coarser level)."};
    spec.tags = {"reclassify", "recode",      "land cover", "aggregate classes", "CLCD",
                 "CNLUCC",     "GlobeLand30", "WorldCover", "MCD12Q1",           "IGBP"};
    spec.class_raster("land_cover", o.land_cover).named("Land cover").says("Class raster whose classes are replaced.");
    spec.table_in("table", o.table)
        .named("Reclassification table")
        .says(
            "One row for each class of the map: class, to (the new code; empty: no data), and optionally to_name and "
            "to_colour (#rrggbb), the name and colour of the new class, and name, what the map calls the class. If "
            "omitted, the class system says which class becomes which.")
        .with_columns({"class", "to", "to_name", "to_colour"})
        .optional();
    spec.choice("system", o.system,
                {{{"clcd_to_six", "CLCD (9 classes) to six classes"}, "clcd_to_six"},
                 {{"cnlucc_to_six", "CNLUCC (25 classes) to six classes"}, "cnlucc_to_six"},
                 {{"globeland30_to_six", "GlobeLand30 (10 classes) to six classes"}, "globeland30_to_six"},
                 {{"worldcover_to_six", "ESA WorldCover (11 classes) to six classes"}, "worldcover_to_six"},
                 {{"igbp_to_seven", "IGBP of MCD12Q1 (17 classes) to seven classes"}, "igbp_to_seven"}})
        .named("Class system of the map")
        .says(
            "Used when there is no table: from the classes of a widely used map to 1 cropland, 2 forest land, 3 "
            "grassland, 4 water, 5 impervious surface and 6 unused land (IGBP: 6 barren land, 7 snow and ice).");
    match_argument(spec, o.match, "the reclassification table");
    spec.choice("others", o.others,
                {{{"stop", "Stop and list them"}, OtherClasses::stop},
                 {{"keep", "Keep their codes"}, OtherClasses::keep},
                 {{"no_data", "No data"}, OtherClasses::no_data}})
        .named("Classes without a row")
        .says("What becomes of classes of the map that have no row in the table.")
        .advanced();
    spec.raster_out("reclassified", o.reclassified)
        .named("Reclassified land cover")
        .dated({"land_cover"})
        .says("The map with the new classes, their names and colours.");
    spec.table_out("changes", o.changes)
        .named("Classes and their new classes")
        .dated({"land_cover"})
        .says(
            "One row for each class of the map: its new class (empty: no data), cells, area in ha and share of the "
            "mapped area (0 to 1).")
        .with_columns({"class", "name", "to", "to_name", "pixels", "area_ha", "share"});
    spec.report_out("report", o.report)
        .named("Reclassification report")
        .says("HTML report: which class became which, with areas and shares.");
    spec.number_out("class_count", o.class_count)
        .named("Number of new classes")
        .says("How many different classes the new map shows.");
    spec.number_out("total_area_ha", o.total_area_ha)
        .named("Total area")
        .says("Area of all cells that have a class on the new map.")
        .in("ha");
}

}  // namespace

std::unique_ptr<Algorithm> make_reclassify_land_cover() {
    return std::make_unique<BoundAlgorithm<ReclassifyLandCoverOptions>>(describe, reclassify_land_cover);
}

}  // namespace landcarbon
