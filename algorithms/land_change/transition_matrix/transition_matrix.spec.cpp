// Land Carbon Toolbox: transition matrix: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/transition_matrix/transition_matrix.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, TransitionMatrixOptions& o) {
    spec.id = "transition_matrix";
    spec.name = "Transition matrix";
    spec.group = "land_change";
    spec.summary = "Land-cover change between two or more dates.";
    spec.description =
        "Compares land-cover maps in time order and counts, for each pair of dates, the area of every transition "
        "between classes: one matrix for each "
        "pair of neighbouring dates and, with three or more maps, one from the first to the last.\n\n"
        "For each class it gives persistence, gain, loss, net change, swap (2 min(gain, loss)), total change and the "
        "single dynamic degree; for the whole "
        "map the comprehensive dynamic degree; and the three levels of intensity analysis.\n\n"
        "Areas are exact: of the ellipsoid's surface where the map is in geographic coordinates, of the plane where it "
        "is projected. Only cells that have "
        "a class on all maps count.";
    spec.references = {
        "Pontius, R. G., Shusas, E., McEachern, M. (2004). Detecting important categorical land changes while "
        "accounting for persistence. Agriculture, "
        "Ecosystems and Environment 101, 251-268.",
        "Aldwaik, S. Z., Pontius, R. G. (2012). Intensity analysis to unify measurements of size and stationarity of "
        "land changes by interval, category, "
        "and transition. Landscape and Urban Planning 106, 103-114.",
        "Wang, X., Bao, Y. (1999). Study on the methods of land use dynamic change research. Progress in Geography 18, "
        "81-87."};
    spec.tags = {"land cover",       "land use", "transfer matrix",    "cross tabulation",
                 "change detection", "Sankey",   "intensity analysis", "dynamic degree"};
    spec.raster_stack("maps", o.maps)
        .named("Land-cover maps")
        .says(
            "Two or more class rasters in time order, on one grid. Classes may be any whole numbers; a class may be "
            "missing on some of the maps.")
        .classes()
        .count_at_least(1)
        .in_time("years")
        .by_distance();
    spec.text("years", o.years)
        .named("Years")
        .says(
            "Year of each map: years and ranges separated by commas, for example 1985,1991,1999 or 2001-2005. If "
            "omitted, each step counts as one year.")
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name, colour (#rrggbb) and grade. If omitted, names and "
            "colours come from the maps.")
        .with_columns({"class", "name", "colour", "grade"})
        .optional();
    spec.vector_in("zones", o.zones)
        .named("Zones")
        .says(
            "Polygons, for example counties, for which transitions are counted as well. A cell belongs to every zone "
            "that its centre lies in. If omitted, there are results of the whole map only.")
        .optional();
    spec.flag("zero_unchanged", o.zero_unchanged)
        .named("Zero where unchanged")
        .says("Write 0 into the change map where the class stayed the same, instead of the code of the persistence.")
        .advanced();
    spec.table_out("transitions", o.transitions)
        .named("Land-cover transitions")
        .dated({"years", "maps"})
        .says(
            "One row for each period and pair of classes: pixels, area in ha, share of the earlier class and of the "
            "map (0 to 1).")
        .with_columns(
            {"period", "from", "from_name", "to", "to_name", "pixels", "area_ha", "share_of_from", "share_of_map"});
    spec.table_out("summary", o.summary)
        .named("Land-cover change by class")
        .dated({"years", "maps"})
        .says(
            "One row for each period and class: areas at both dates, persistence, gain, loss, net change, swap, total "
            "change in ha, and the dynamic "
            "degree in % a year.")
        .with_columns({"period", "years", "class", "name", "earlier_ha", "later_ha", "persistence_ha", "gain_ha",
                       "loss_ha", "net_ha", "swap_ha", "total_change_ha", "dynamic_degree_pct"});
    spec.table_out("intensity", o.intensity)
        .named("Intensity of change")
        .says(
            "Observed and uniform intensity in % a year for each interval, category and transition, and what follows "
            "from them: fast or slow, active or "
            "dormant, targeted or avoided. A single interval has none to compare with: it is neither fast nor slow.")
        .with_columns({"level", "period", "change", "from", "from_name", "to", "to_name", "intensity_pct",
                       "uniform_pct", "finding"});
    spec.raster_out("change_map", o.change_map)
        .named("Change of land cover")
        .dated({"years", "maps"})
        .says(
            "First map to last map: earlier class * K + later class, K the next power of ten above the largest class. "
            "The meaning stands in the file's "
            "metadata and attribute table.");
    spec.raster_out("change_frequency", o.change_frequency)
        .named("Frequency of change")
        .dated({"years", "maps"})
        .says(
            "Three bands: how often the class of each cell changes from map to map, and the year of the map that shows "
            "the first and the last new class (without YEARS, the number of that map). Cells that never change hold 0, "
            "NoData and NoData.")
        .on_request();
    spec.vector_out("zone_change", o.zone_change)
        .named("Land-cover change by zone")
        .dated({"years", "maps"})
        .says(
            "The zones with their attributes and, from the first to the last map: area and changed area in ha, changed "
            "share (0 to 1) and comprehensive dynamic degree in % a year. A zone without a valid cell has an area of 0 "
            "and no other value.")
        .with_columns({"area_ha", "changed_ha", "changed_share", "dynamic_degree_pct"})
        .with("zones");
    spec.table_out("zone_transitions", o.zone_transitions)
        .named("Land-cover transitions by zone")
        .dated({"years", "maps"})
        .says(
            "One row for each zone (numbered from 1 in the order of the layer), period and pair of classes that "
            "occurs: "
            "pixels, area in ha, share of the earlier class and of the zone (0 to 1).")
        .with_columns({"zone", "zone_name", "period", "from", "from_name", "to", "to_name", "pixels", "area_ha",
                       "share_of_from", "share_of_zone"})
        .with("zones");
    spec.report_out("report", o.report)
        .named("Change report")
        .says(
            "HTML report: flows over all dates, matrices as heat maps, gains and losses, a map of zones, intensity "
            "analysis.");
    spec.number_out("total_area_ha", o.total_area_ha)
        .named("Total area")
        .says("Area of all cells that have a class on all maps.")
        .in("ha");
    spec.number_out("changed_area_ha", o.changed_area_ha)
        .named("Changed area")
        .says("Area whose class differs between the first and the last map.")
        .in("ha");
    spec.number_out("changed_share", o.changed_share).named("Changed share").says("Changed area / total area, 0 to 1.");
    spec.number_out("dynamic_degree", o.dynamic_degree)
        .named("Dynamic degree")
        .says("Comprehensive land-use dynamic degree from the first to the last map.")
        .in("% a year");
}

}  // namespace

std::unique_ptr<Algorithm> make_transition_matrix() {
    return std::make_unique<BoundAlgorithm<TransitionMatrixOptions>>(describe, transition_matrix);
}

}  // namespace landcarbon
