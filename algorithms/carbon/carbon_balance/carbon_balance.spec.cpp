// Land Carbon Toolbox: carbon balance: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_balance/carbon_balance.hpp"

#include "engine/zoning.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const CarbonBalanceOptions& o) {
    std::vector<UserError> errors = check_zoning(o.zones, o.grid_size);
    if (o.later_storage_map.given() && !o.years_between)
        errors.emplace_back("years_between",
                            "YEARS_BETWEEN: missing; LATER_STORAGE_MAP needs the years between the two storage maps");
    if (!o.later_storage_map.given() && o.years_between)
        errors.emplace_back("later_storage_map",
                            "LATER_STORAGE_MAP: missing; YEARS_BETWEEN is given, but there is only one storage map");
    return errors;
}

void describe(Spec& spec, CarbonBalanceOptions& o) {
    spec.id = "carbon_balance";
    spec.name = "Carbon balance";
    spec.group = "carbon";
    spec.summary =
        "Carbon stored in the land against carbon emitted in a year: by zone, by square, by cell and in total.";
    spec.description =
        "The carbon balance index is storage divided by yearly emission: the number of years of present emission that "
        "the storage equals. It is computed for the whole map and for each zone of a polygon layer or each square of a "
        "regular grid. Where emission is not above zero the land is a net sink: it gets a flag instead of a ratio that "
        "would mislead.\n\n"
        "With a storage map of a later date it also gives the carbon accumulation rate, the change of storage by year "
        "and area.\n\n"
        "Maps of storage and emission come from Carbon storage and Carbon emission. Areas are exact: of the "
        "ellipsoid's surface where the maps are in geographic coordinates, of the plane where they are projected. A "
        "cell counts where all given maps hold a value.";
    spec.references = {
        "Zhang, X., et al. (2026). Arid Zone Research 43(1). https://doi.org/10.13866/j.azr.2026.01.18 (Mu Us region)"};
    spec.tags = {"carbon", "balance",           "storage",          "emission",         "sink",
                 "source", "accumulation rate", "zonal statistics", "carbon neutrality"};
    spec.check = [&o] { return check(o); };
    spec.raster_in("storage_map", o.storage_map)
        .named("Storage map")
        .says("Carbon storage as a density, for example STORAGE_MAP of Carbon storage.")
        .in("t/ha");
    spec.raster_in("emission_map", o.emission_map)
        .named("Emission map")
        .says(
            "Yearly carbon emission by area, negative where land takes up carbon, for example EMISSION_MAP of Carbon "
            "emission. It must lie on the grid of the "
            "storage map and count the same substance (carbon, not CO2).")
        .in("t/ha/yr");
    spec.vector_in("zones", o.zones)
        .named("Zones")
        .says(
            "Polygons, for example administrative units, for which the balance is computed. A cell belongs to every "
            "zone that its centre lies in, so that overlapping zones each count it. If omitted, the whole map is one "
            "zone, unless a size of squares is given.")
        .optional();
    spec.real("grid_size", o.grid_size)
        .named("Size of squares")
        .says(
            "Side of the squares of a regular grid for which the balance is computed, counted from the upper left "
            "corner of the maps. If omitted, there are no squares. Not together with zones.")
        .in("map units")
        .above(0)
        .optional();
    spec.raster_in("later_storage_map", o.later_storage_map)
        .named("Later storage map")
        .says(
            "Carbon storage at a later date, on the same grid, for the accumulation rate. Cells without a value on it "
            "do not count anywhere. If omitted, there "
            "is no accumulation rate.")
        .in("t/ha")
        .optional()
        .after("storage_map");
    spec.real("years_between", o.years_between)
        .named("Years between the storage maps")
        .says("Years from the storage map to the later one; needed with a later map.")
        .in("years")
        .years_from("storage_map", "later_storage_map")
        .above(0)
        .optional();
    spec.vector_out("balance", o.balance)
        .named("Carbon balance by zone")
        .dated({"storage_map", "emission_map"})
        .says(
            "The zones with their attributes, the squares (row and column from 1; those without a valid cell are left "
            "out) or the outline of the whole map, "
            "with area, storage, yearly emission, balance index (empty for net sinks), sink (1 for a net sink, 0 for a "
            "net source) and, with a later map, "
            "the accumulation rate. A zone without a valid cell has an area of 0 and no other value.")
        .with_columns({"area_ha", "storage_t", "emission_t", "balance_index", "sink", "car_t_km2_yr"});
    spec.raster_out("balance_map", o.balance_map)
        .named("Carbon balance index")
        .dated({"storage_map", "emission_map"})
        .says(
            "Balance index of the zone or square that each cell lies in; without zones and squares, storage / emission "
            "of the cell itself. NoData where the "
            "zone, square or cell is a net sink, outside all zones, and where a map holds no value.");
    spec.report_out("report", o.report)
        .named("Balance report")
        .says("HTML report: the totals, sources and sinks, a map, a chart and a table of zones or squares.");
    spec.number_out("total_storage_t", o.total_storage_t)
        .named("Total storage")
        .says("Carbon stored on the whole map, also outside all zones.")
        .in("t");
    spec.number_out("total_emission_t", o.total_emission_t)
        .named("Total emission")
        .says("Net emission of the whole map in a year; negative where it takes up more than it emits.")
        .in("t/yr");
    spec.number_out("balance_index", o.balance_index)
        .named("Balance index")
        .says(
            "Storage / emission of the whole map. Absent when emission is not above zero: then the map is a net sink.")
        .in("years");
    spec.number_out("accumulation_rate", o.accumulation_rate)
        .named("Accumulation rate")
        .says(
            "Change of storage by year and area of the whole map; above zero a sink, below zero a source. Absent "
            "without a later storage map.")
        .in("t/km2/yr");
    spec.text_out("balance_state", o.balance_state)
        .named("State")
        .says("The word net_source when the emission of the whole map is above zero, else net_sink.");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_balance() {
    return std::make_unique<BoundAlgorithm<CarbonBalanceOptions>>(describe, carbon_balance);
}

}  // namespace landcarbon
