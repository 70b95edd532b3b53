// Land Carbon Toolbox: example of a room: shares of the classes of a land-cover map; what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/class_share/class_share.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, ClassShareOptions& o) {
    spec.id = "class_share";
    spec.name = "Class shares";
    spec.group = "land_change";
    spec.summary = "Area and share of each class of a land-cover map, and how diverse the map is.";
    spec.description =
        "Sums the exact areas of the cells of each class and divides them by the area of all cells that have a class.";
    spec.references = {
        "Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal 27, 379-423."};
    spec.tags = {"land cover", "composition", "diversity", "Shannon"};
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster. Classes may be any whole numbers.");
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says("Table with the columns class and name. If omitted, names come from the map.")
        .with_columns({"class", "name"})
        .optional();
    spec.choice("unit", o.unit,
                {{{"nats", "Nats (natural logarithm)"}, DiversityUnit::nats},
                 {{"bits", "Bits (base 2)"}, DiversityUnit::bits}})
        .named("Unit of the diversity")
        .says("The logarithm that the diversity is taken with.")
        .advanced();
    spec.table_out("shares", o.shares)
        .named("Shares")
        .says("One row for each class: area in ha and share of the map (0 to 1).")
        .with_columns({"class", "name", "area_ha", "share"});
    spec.number_out("total_area_ha", o.total_area_ha)
        .named("Total area")
        .says("Area of all cells that have a class.")
        .in("ha");
    spec.number_out("diversity", o.diversity)
        .named("Diversity")
        .says("Shannon's diversity of the shares, in the chosen unit.");
}

}  // namespace

std::unique_ptr<Algorithm> make_class_share() {
    return std::make_unique<BoundAlgorithm<ClassShareOptions>>(describe, class_share);
}

}  // namespace landcarbon
