// Land Carbon Toolbox: comparison of scenarios: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/scenario_comparison/scenario_comparison.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, ScenarioComparisonOptions& o) {
    spec.id = "scenario_comparison";
    spec.name = "Scenario comparison";
    spec.group = "land_simulation";
    spec.summary = "Land cover and carbon storage of several scenarios compared with those of today.";
    spec.description =
        "Compares the simulated land cover of several scenarios with the land cover of today: area of each class, "
        "change against today and, with a table of carbon pools, carbon storage and its change.\n\n"
        "The report shows all maps with one legend. Only cells that have a class on all maps count.";
    spec.references = {
        "Qin, M., Zhao, Y., Liu, Y., et al. (2023). Multi-scenario simulation for 2060 and driving factors of the "
        "eco-spatial carbon sink in the Beibu Gulf urban agglomeration, China. Chinese Geographical Science 33, "
        "85-101. "
        "https://doi.org/10.1007/s11769-023-1327-3"};
    spec.tags = {"scenario", "land use simulation", "carbon storage", "comparison", "FLUS", "PLUS", "InVEST"};
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover of today")
        .says("Class raster that the scenarios are compared with.");
    spec.raster_stack("scenarios", o.scenarios)
        .named("Scenarios")
        .says("Class rasters on the same grid, one for each scenario, at most 20.")
        .classes()
        .count_at_least(1);
    spec.text("names", o.names)
        .named("Names of the scenarios")
        .says("One name for each scenario, joined by commas. If omitted, they are called Scenario 1 and so on.")
        .optional();
    spec.table_in("pools", o.pools)
        .named("Carbon pools")
        .says(
            "Table with one row for each class: class, c_above, c_below, c_soil, c_dead in t/ha. If omitted, areas "
            "only "
            "are "
            "compared.")
        .with_columns({"class", "c_above", "c_below", "c_soil", "c_dead"})
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours come "
            "from the maps.")
        .with_columns({"class", "name", "colour"})
        .optional();
    match_argument(spec, o.match, "the carbon pools");
    spec.table_out("by_class", o.by_class)
        .named("Scenarios by class")
        .says(
            "One row for each map and class: cells, area and its change against today in ha, storage and its change in "
            "t "
            "C (empty without pools).")
        .with_columns({"scenario", "class", "name", "cells", "area_ha", "change_ha", "storage_t", "storage_change_t"});
    spec.table_out("summary", o.summary)
        .named("Comparison of the scenarios")
        .says(
            "One row for each map: area that is of another class than today, in ha and as a share of the map; storage, "
            "its change against today and mean density.")
        .with_columns(
            {"scenario", "changed_ha", "changed_share", "storage_t", "storage_change_t", "mean_density_t_ha"});
    spec.report_out("report", o.report)
        .named("Comparison report")
        .says("HTML report: maps side by side, change of areas and of carbon storage.");
    spec.number_out("total_area_ha", o.total_area_ha)
        .named("Total area")
        .says("Area of all cells that have a class on all maps.")
        .in("ha");
    spec.number_out("present_storage_t", o.present_storage_t)
        .named("Storage today")
        .says("Carbon storage of the land cover of today.")
        .in("t C");
    spec.number_out("largest_storage_t", o.largest_storage_t)
        .named("Largest storage")
        .says("Carbon storage of the scenario that stores most.")
        .in("t C");
    spec.number_out("smallest_storage_t", o.smallest_storage_t)
        .named("Smallest storage")
        .says("Carbon storage of the scenario that stores least.")
        .in("t C");
    spec.text_out("largest_scenario", o.largest_scenario)
        .named("Scenario of the largest storage")
        .says("Name of the scenario that stores most carbon; the first of equal ones.");
}

}  // namespace

std::unique_ptr<Algorithm> make_scenario_comparison() {
    return std::make_unique<BoundAlgorithm<ScenarioComparisonOptions>>(describe, scenario_comparison);
}

}  // namespace landcarbon
