// Land Carbon Toolbox: carbon density correction: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>

#include "carbon/carbon_density_correction/carbon_density_correction.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const CarbonDensityCorrectionOptions& o) {
    std::vector<UserError> errors;
    const auto need = [&](const char* id, const std::optional<double>& value, const char* method) {
        if (!value) errors.emplace_back(id, parameter_name(id) + ": missing; METHOD " + method + " needs it");
    };
    switch (o.method) {
        case CorrectionMethod::precipitation:
            need("region_precipitation", o.region_precipitation, "precipitation");
            need("reference_precipitation", o.reference_precipitation, "precipitation");
            break;
        case CorrectionMethod::temperature:
            need("region_temperature", o.region_temperature, "temperature");
            need("reference_temperature", o.reference_temperature, "temperature");
            need("temperature_slope", o.temperature_slope, "temperature");
            need("temperature_intercept", o.temperature_intercept, "temperature");
            break;
        case CorrectionMethod::factor:
            need("factor", o.factor, "factor");
            break;
    }
    const auto whole = [&](const std::string& prefix, const PoolShares& shares) {
        const double sum = shares.biomass + shares.soil + shares.dead;
        if (std::abs(sum - 1) > 1e-6)
            errors.emplace_back(prefix + "soil_share",
                                parameter_name(prefix + "soil_share") +
                                    ": the shares of biomass, soil and dead matter must add up to 1, not " +
                                    number_text(sum));
    };
    whole("", o.shares);
    whole("built_", o.built_shares);
    return errors;
}

void describe(Spec& spec, CarbonDensityCorrectionOptions& o) {
    spec.id = "carbon_density_correction";
    spec.name = "Carbon density correction";
    spec.group = "carbon";
    spec.summary =
        "Adjusts national carbon densities to a region by its climate, and writes a pools table for Carbon storage.";
    spec.description =
        "Soil carbon grows with precipitation. The factor K is the density that a linear relation gives for the "
        "region, divided by the one it gives for the area that the national densities stand for; soil carbon of each "
        "class is multiplied by K.\n\n"
        "The other pools follow from fixed shares of a class's total carbon and from its ratio of below- to "
        "above-ground biomass. Built-up classes have shares of their own. A class whose soil carbon is known for the "
        "region itself keeps that value.\n\n"
        "The relation may be linear in precipitation or in temperature, or the factor may be given.";
    spec.references = {
        "Qin, M., et al. (2023). Chinese Geographical Science 33(1). https://doi.org/10.1007/s11769-023-1327-3 (Beibu "
        "Gulf)",
        "Alam, S. A., Starr, M., Clark, B. J. F. (2013). Tree biomass and soil organic carbon densities across the "
        "Sudanese woodland savannah: a regional carbon "
        "sequestration study. Journal of Arid Environments 89, 67-76. https://doi.org/10.1016/j.jaridenv.2012.10.002"};
    spec.tags = {"carbon",  "carbon density", "pools",   "precipitation", "temperature",
                 "climate", "soil carbon",    "biomass", "InVEST"};
    spec.check = [&o] { return check(o); };
    spec.table_in("pools", o.pools)
        .named("National densities")
        .says(
            "Table with one row for each class: class, c_soil_national (soil carbon, t/ha), below_to_above (ratio of "
            "below- to above-ground biomass; may be "
            "blank where soil carbon is 0) and optionally name and c_soil_regional (soil carbon known for the region, "
            "t/ha: it is used instead, without "
            "correction). The algorithm Coefficient table writes such a table.")
        .with_columns({"class", "name", "c_soil_national", "below_to_above", "c_soil_regional"});
    spec.choice("method", o.method,
                {{{"precipitation", "Linear in precipitation"}, CorrectionMethod::precipitation},
                 {{"temperature", "Linear in temperature"}, CorrectionMethod::temperature},
                 {{"factor", "Factor as given"}, CorrectionMethod::factor}})
        .named("Method")
        .says(
            "Where the correction factor comes from. Each method uses its own parameters and ignores those of the "
            "others.");
    spec.real("region_precipitation", o.region_precipitation)
        .named("Precipitation of the region")
        .says("Mean annual precipitation of the region; needed with the method precipitation.")
        .in("mm")
        .at_least(0)
        .optional();
    spec.real("reference_precipitation", o.reference_precipitation)
        .named("Precipitation of the reference")
        .says(
            "Mean annual precipitation of the area that the national densities stand for; needed with the method "
            "precipitation.")
        .in("mm")
        .at_least(0)
        .optional();
    spec.real("slope", o.slope)
        .named("Slope for precipitation")
        .says(
            "Slope of soil carbon density against annual precipitation. Only the ratio of slope and intercept matters, "
            "so any unit of density will do.")
        .in("density/mm")
        .advanced();
    spec.real("intercept", o.intercept)
        .named("Intercept for precipitation")
        .says("Soil carbon density at no precipitation, in the same unit of density as the slope.")
        .in("density")
        .advanced();
    spec.real("region_temperature", o.region_temperature)
        .named("Temperature of the region")
        .says("Mean annual temperature of the region; needed with the method temperature.")
        .in("\u00b0C")
        .optional()
        .advanced();
    spec.real("reference_temperature", o.reference_temperature)
        .named("Temperature of the reference")
        .says(
            "Mean annual temperature of the area that the national densities stand for; needed with the method "
            "temperature.")
        .in("\u00b0C")
        .optional()
        .advanced();
    spec.real("temperature_slope", o.temperature_slope)
        .named("Slope for temperature")
        .says(
            "Slope of carbon density against mean annual temperature; needed with the method temperature. There is no "
            "default.")
        .in("density/\u00b0C")
        .optional()
        .advanced();
    spec.real("temperature_intercept", o.temperature_intercept)
        .named("Intercept for temperature")
        .says(
            "Carbon density at 0 \u00b0C, in the same unit of density as the slope; needed with the method "
            "temperature. There is no default.")
        .in("density")
        .optional()
        .advanced();
    spec.real("factor", o.factor)
        .named("Factor")
        .says("Correction factor K, by which national soil carbon is multiplied; needed with the method factor.")
        .above(0)
        .optional()
        .advanced();
    const auto share = [&](const std::string& id, double& member, const char* name, const char* help) -> Argument& {
        return spec.real(id, member).named(name).says(help).at_least(0).at_most(1).advanced();
    };
    share(
        "biomass_share", o.shares.biomass, "Share of biomass",
        "Part of a class's carbon that is in biomass, above and below ground together. The three shares add up to 1.");
    share("soil_share", o.shares.soil, "Share of soil",
          "Part of a class's carbon that is in the soil; above 0. The three shares add up to 1.")
        .above(0);
    share("dead_share", o.shares.dead, "Share of dead matter",
          "Part of a class's carbon that is in dead organic matter. The three shares add up to 1.");
    spec.text("built_classes", o.built_classes)
        .named("Built-up classes")
        .says(
            "Classes of built-up land, joined by commas, for example 4 or 51,52; they get shares of their own. If "
            "omitted, all classes have the same shares.")
        .optional()
        .advanced();
    share("built_biomass_share", o.built_shares.biomass, "Share of biomass, built-up",
          "Part of a built-up class's carbon that is in biomass. The three shares add up to 1.");
    share("built_soil_share", o.built_shares.soil, "Share of soil, built-up",
          "Part of a built-up class's carbon that is in the soil; above 0. The three shares add up to 1.")
        .above(0);
    share("built_dead_share", o.built_shares.dead, "Share of dead matter, built-up",
          "Part of a built-up class's carbon that is in dead organic matter. The three shares add up to 1.");
    spec.integer("decimals", o.decimals)
        .named("Decimals")
        .says("Decimals that densities are rounded to. If omitted, nothing is rounded.")
        .at_least(0)
        .at_most(10)
        .optional()
        .advanced();
    spec.choice("rounding", o.rounding,
                {{{"result", "Finished pools only"}, Rounding::result},
                 {{"steps", "Soil and biomass first, then the pools made from them"}, Rounding::steps}})
        .named("Rounding")
        .says(
            "What is rounded when decimals are given: the finished pools, or also soil and biomass before the pools "
            "are made from them. The second is how the "
            "published table of Qin et al. (2023) was computed.")
        .advanced();
    spec.table_out("corrected_pools", o.corrected_pools)
        .named("Corrected carbon pools")
        .says(
            "One row for each class in ascending order: carbon density above ground, below ground, in the soil and in "
            "dead matter, in t/ha. It is the pools "
            "table of Carbon storage.")
        .with_columns({"class", "name", "c_above", "c_below", "c_soil", "c_dead"});
    spec.report_out("report", o.report)
        .named("Correction report")
        .says("HTML report: the factor, and the densities by class and pool as a chart and a table.");
    spec.number_out("correction_factor", o.correction_factor)
        .named("Correction factor")
        .says("The factor K that national soil carbon was multiplied by.");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_density_correction() {
    return std::make_unique<BoundAlgorithm<CarbonDensityCorrectionOptions>>(describe, carbon_density_correction);
}

}  // namespace landcarbon
