// Land Carbon Toolbox: carbon emission: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_emission/carbon_emission.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, CarbonEmissionOptions& o) {
    spec.id = "carbon_emission";
    spec.name = "Carbon emission";
    spec.group = "carbon";
    spec.summary = "Carbon that each land-cover class emits or takes up in a year.";
    spec.description =
        "Multiplies the exact area of each land-cover class with its emission factor in t of carbon per ha and year. "
        "Positive factors are sources (cropland, built-up land), negative ones sinks (forest, grassland).\n\n"
        "Results are in tonnes of elemental carbon; AS_CO2 gives tonnes of CO2 instead (times 44/12). A class without "
        "a row in the table is an error, never zero.";
    spec.references = {
        "Zhang, X., et al. (2026). Arid Zone Research 43(1), section 1.3.2 (emission factors of the Mu Us region). "
        "https://doi.org/10.13866/j.azr.2026.01.18",
        "IPCC (2006). Guidelines for National Greenhouse Gas Inventories, volume 4: Agriculture, forestry and other "
        "land use. IGES, Hayama."};
    spec.tags = {"carbon", "emission", "source", "sink", "emission factor", "CO2", "land cover"};
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster. Classes may be any whole numbers.");
    spec.table_in("factors", o.factors)
        .named("Emission factors")
        .says(
            "Table with one row for each class: class, factor in t C/ha a year (negative for a sink) and optionally "
            "name. Every class of the map needs a row.")
        .with_columns({"class", "name", "factor"});
    spec.flag("as_co2", o.as_co2)
        .named("As CO2")
        .says(
            "Give all results in tonnes of CO2 instead of tonnes of carbon: times 44/12. The factors are in carbon all "
            "the same.");
    spec.choice("map_unit", o.map_unit,
                {{{"t_ha", "Per hectare (t/ha a year)"}, CellContent::per_ha},
                 {{"t_cell", "Per cell (t a year)"}, CellContent::per_cell}})
        .named("Unit of the map")
        .says("What the cells of the map hold: tonnes per hectare, or of the cell.")
        .advanced();
    match_argument(spec, o.match, "the emission factors");
    spec.raster_out("emission_map", o.emission_map)
        .named("Carbon emission")
        .dated({"land_cover"})
        .says("Yearly emission of each cell; sinks are negative.")
        .in("t/ha/yr");
    spec.table_out("by_class", o.by_class)
        .named("Carbon emission by class")
        .says(
            "One row for each class: area in ha, factor in t/ha a year, emission in t a year, and the substance (C or "
            "CO2) that factor and emission count.")
        .with_columns({"class", "name", "area_ha", "factor", "emission_t", "substance"});
    spec.report_out("report", o.report).named("Emission report").says("HTML report: sources and sinks by class.");
    spec.number_out("total_emission_t", o.total_emission_t)
        .named("Net emission")
        .says("Sources and sinks together; negative for a net sink.")
        .in("t/yr");
    spec.number_out("total_source_t", o.total_source_t)
        .named("Sources")
        .says("Emission of the classes with a positive factor.")
        .in("t/yr");
    spec.number_out("total_sink_t", o.total_sink_t)
        .named("Sinks")
        .says("Emission of the classes with a negative factor; negative or 0.")
        .in("t/yr");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_emission() {
    return std::make_unique<BoundAlgorithm<CarbonEmissionOptions>>(describe, carbon_emission);
}

}  // namespace landcarbon
