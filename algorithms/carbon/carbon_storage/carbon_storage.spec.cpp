// Land Carbon Toolbox: carbon storage: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_storage/carbon_storage.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const CarbonStorageOptions& o) {
    std::vector<UserError> errors;
    const bool later = o.later_land_cover.given();
    const bool any = o.price || o.years_between || o.discount_rate || o.price_change;
    const bool valued = o.price && o.years_between && later;
    if (any && !valued) {
        const std::vector<std::pair<const char*, bool>> needed = {{"price", o.price.has_value()},
                                                                  {"later_land_cover", later},
                                                                  {"years_between", o.years_between.has_value()}};
        for (const auto& [id, given] : needed)
            if (!given)
                errors.emplace_back(
                    id, parameter_name(id) +
                            ": missing; a valuation needs PRICE, LATER_LAND_COVER and YEARS_BETWEEN together");
    }
    if (o.value_map.wanted() && !any)
        errors.emplace_back("value_map", "VALUE_MAP needs PRICE, LATER_LAND_COVER and YEARS_BETWEEN");
    return errors;
}

void describe(Spec& spec, CarbonStorageOptions& o) {
    spec.id = "carbon_storage";
    spec.name = "Carbon storage";
    spec.group = "carbon";
    spec.summary = "Carbon stored in the land, and its change when land cover changes.";
    spec.description =
        "Gives each land-cover class the carbon densities of a table (above ground, below ground, soil, dead matter) "
        "and sums them over the exact areas of "
        "the cells: storage by class and pool, total storage, mean density, and maps in t/ha.\n\n"
        "With a later land-cover map it gives the change of storage as a map, by class and in total, and on request "
        "its net present value. Only cells that "
        "have a class on both maps count then.\n\n"
        "With standard deviations in the table it gives the standard deviation of every total and, with two maps, the "
        "confidence that storage grew. "
        "A class without a row in the table is an error, never zero.";
    spec.references = {
        "Sharp, R., Douglass, J., Wolny, S., et al. (2020). InVEST 3.8 User's Guide: Carbon storage and sequestration. "
        "The Natural Capital Project, Stanford "
        "University.",
        "IPCC (2006). Guidelines for National Greenhouse Gas Inventories, volume 4: Agriculture, forestry and other "
        "land use. IGES, Hayama.",
        "Qin, M., et al. (2023). Chinese Geographical Science 33(1), table 6 (carbon pools of the Beibu Gulf). "
        "https://doi.org/10.1007/s11769-023-1327-3"};
    spec.tags = {"carbon", "carbon stock",      "storage",     "sequestration", "InVEST",
                 "pools",  "net present value", "uncertainty", "land cover"};
    spec.check = [&o] { return check(o); };
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster; with a later map, the first of the two dates. Classes may be any whole numbers.");
    spec.table_in("pools", o.pools)
        .named("Carbon pools")
        .says(
            "Table with one row for each class: class, c_above, c_below, c_soil, c_dead (carbon density of each pool) "
            "and optionally name and the standard "
            "deviations sd_above, sd_below, sd_soil, sd_dead. Every class of the maps needs a row; densities cannot be "
            "negative.")
        .with_columns(
            {"class", "name", "c_above", "c_below", "c_soil", "c_dead", "sd_above", "sd_below", "sd_soil", "sd_dead"});
    spec.class_raster("later_land_cover", o.later_land_cover)
        .named("Later land cover")
        .says(
            "Class raster of a later (past, present or simulated) date on the same grid. If omitted, only the storage "
            "of "
            "the first map is computed.")
        .optional()
        .after("land_cover");
    spec.real("price", o.price)
        .named("Carbon price")
        .says(
            "Price of one tonne of elemental carbon, in any currency. A price per tonne of CO2 must be divided by "
            "12/44 (multiplied by 3.667) first. If "
            "omitted, nothing is valued.")
        .in("currency/t C")
        .at_least(0);
    spec.integer("years_between", o.years_between)
        .named("Years between the maps")
        .says(
            "Years from the first to the later map; needed with a price. The change is taken to happen evenly over "
            "them.")
        .in("years")
        .years_from("land_cover", "later_land_cover", "price")
        .at_least(1)
        .at_most(10000);
    spec.real("discount_rate", o.discount_rate)
        .named("Discount rate")
        .says(
            "Rate at which later years count less. The first year is not discounted. If omitted, with a price, it is "
            "0.")
        .in("% a year")
        .above(-100)
        .at_most(1000);
    spec.real("price_change", o.price_change)
        .named("Rate of price change")
        .says(
            "A second rate by which the value of carbon taken up later is divided, as in InVEST: a positive rate "
            "lowers the present value, a negative one "
            "raises it. If omitted, with a price, it is 0.")
        .in("% a year")
        .above(-100)
        .at_most(1000);
    spec.choice("density_unit", o.density_unit,
                {{{"t_ha", "Tonnes per hectare (t/ha, Mg/ha)"}, DensityUnit::t_ha},
                 {{"kg_m2", "Kilograms per square metre (kg/m2)"}, DensityUnit::kg_m2}})
        .named("Unit of the densities")
        .says(
            "Unit of the densities and standard deviations in the pools table; 1 kg/m2 is 10 t/ha. Results are in t/ha "
            "and t.");
    spec.choice("map_unit", o.map_unit,
                {{{"t_ha", "Per hectare (t/ha)"}, CellContent::per_ha},
                 {{"t_cell", "Per cell (t)"}, CellContent::per_cell}})
        .named("Unit of the maps")
        .says("What the cells of the maps hold: tonnes (or value) per hectare, or of the cell.")
        .advanced();
    spec.choice("uncertainty", o.uncertainty,
                {{{"shared", "The same densities hold at both dates"}, DensityModel::shared},
                 {{"independent", "The densities of the two dates are independent"}, DensityModel::independent}})
        .named("Uncertainty of a change")
        .says(
            "How the standard deviation of a change follows from those of the densities. shared: one uncertain density "
            "per class and pool, the same at both "
            "dates, so that only area that changed its class adds uncertainty. independent: the variances of the two "
            "totals add, as in InVEST's former "
            "uncertainty model.")
        .advanced();
    match_argument(spec, o.match, "the carbon pools");
    spec.flag("blank_is_zero", o.blank_is_zero)
        .named("Empty cells are zero")
        .says("Count an empty cell of the pools table as 0. Without it, an empty cell is an error.")
        .advanced();
    spec.raster_out("storage_map", o.storage_map)
        .named("Carbon storage")
        .dated({"land_cover"})
        .says("Carbon storage of all pools of the first map.")
        .in("t/ha");
    spec.raster_out("pool_maps", o.pool_maps)
        .named("Carbon storage by pool")
        .dated({"land_cover"})
        .says("Carbon storage of the first map by pool, as four bands: above ground, below ground, soil, dead matter.")
        .in("t/ha")
        .on_request();
    spec.raster_out("change_map", o.change_map)
        .named("Change of carbon storage")
        .dated({"land_cover", "later_land_cover"})
        .says("Later storage - first storage; needs the later land cover.")
        .with("later_land_cover")
        .in("t/ha");
    spec.raster_out("value_map", o.value_map)
        .named("Value of the change of storage")
        .dated({"land_cover", "later_land_cover"})
        .says("Net present value of the change; needs the later land cover, the price and the years between.")
        .in("currency/ha")
        .on_request();
    spec.raster_out("confidence_map", o.confidence_map)
        .named("Confidence that storage grew")
        .dated({"land_cover", "later_land_cover"})
        .says(
            "Probability (0 to 1) that the storage of a cell grew; 0.5 where the class stayed the same. Needs the "
            "later land cover and standard deviations.")
        .with("later_land_cover")
        .on_request();
    spec.table_out("by_class", o.by_class)
        .named("Carbon storage by class")
        .says(
            "One row for each class at the first date and, with a later map, at the later date and for the change: "
            "area in ha, density in t/ha, storage of "
            "each pool and of all in t, standard deviations where the pools table gives them.")
        .with_columns({"date", "class", "name", "area_ha", "density_t_ha", "density_sd_t_ha", "above_t", "below_t",
                       "soil_t", "dead_t", "storage_t", "storage_sd_t"});
    spec.report_out("report", o.report)
        .named("Storage report")
        .says("HTML report: storage by class and pool, transitions that gained or lost carbon, uncertainty, value.");
    spec.number_out("total_storage_t", o.total_storage_t)
        .named("Total storage")
        .says("Carbon storage of the first map.")
        .in("t");
    spec.number_out("total_storage_sd_t", o.total_storage_sd_t)
        .named("Standard deviation of the storage")
        .says("Standard deviation of the total storage; absent without standard deviations in the pools table.")
        .in("t");
    spec.number_out("mean_density_t_ha", o.mean_density_t_ha)
        .named("Mean density")
        .says("Total storage / area.")
        .in("t/ha");
    spec.number_out("later_storage_t", o.later_storage_t)
        .named("Later storage")
        .says("Carbon storage of the later map; absent without one.")
        .in("t");
    spec.number_out("storage_change_t", o.storage_change_t)
        .named("Change of storage")
        .says("Later storage - first storage; absent without a later map.")
        .in("t");
    spec.number_out("storage_change_sd_t", o.storage_change_sd_t)
        .named("Standard deviation of the change")
        .says("Standard deviation of the change of storage; absent without a later map or standard deviations.")
        .in("t");
    spec.number_out("confidence", o.confidence)
        .named("Confidence")
        .says("Probability (0 to 1) that the storage grew; absent without a later map or standard deviations.");
    spec.number_out("net_present_value", o.net_present_value)
        .named("Net present value")
        .says("Net present value of the change of storage; absent without a valuation.")
        .in("currency");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_storage() {
    return std::make_unique<BoundAlgorithm<CarbonStorageOptions>>(describe, carbon_storage);
}

}  // namespace landcarbon
