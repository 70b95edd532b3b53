// Land Carbon Toolbox: carbon-neutral zoning of counties by scores: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_zoning/carbon_zoning.hpp"

#include "spec/algorithm.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const CarbonZoningOptions& o) {
    std::vector<UserError> errors;
    if (!o.scenario.empty() && !o.cep.given()) errors.emplace_back("scenario", "SCENARIO: it needs CEP");
    if (!o.intensity_field.empty() && !o.intensity.given())
        errors.emplace_back("intensity_field", "INTENSITY_FIELD: it needs INTENSITY");
    if (const auto names = split_list(o.zone_names);
        !names.empty() && static_cast<std::int64_t>(names.size()) != o.zones)
        errors.emplace_back("zone_names", "ZONE_NAMES: " + counted(names.size(), "name") + " for " +
                                              std::to_string(o.zones) + " zones");
    return errors;
}

void describe(Spec& spec, CarbonZoningOptions& o) {
    spec.id = "carbon_zoning";
    spec.name = "Carbon zoning";
    spec.group = "carbon";
    spec.summary = "Zones for a carbon-neutral region: counties scored by their trends, peaking and land use.";
    spec.description =
        "Each unit (county, city) gets a score from 1 to 5 for the trend of each of its carbon indices, for its path "
        "to peak and neutrality (CEP) and for its land-use intensity (CLI). The scores are summed, and natural breaks "
        "of the totals make the zones: carbon sink functional, low-carbon development, net-carbon stabilisation, "
        "high-carbon control and carbon source optimisation.\n\n"
        "The rules of scoring are a table that can be edited; if omitted, the published one is used. Its rows "
        "determine which indices count.";
    spec.references = {published_table("qinba_zoning_scores").source,
                       "Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American Statistical "
                       "Association 53(284), 789-798. https://doi.org/10.1080/01621459.1958.10501479"};
    spec.tags = {"zoning", "carbon neutrality", "scores", "natural breaks", "counties", "planning", "CEP", "CLI"};
    spec.check = [&o] { return check(o); };
    spec.table_in("units", o.units)
        .named("Units")
        .says(
            "Layer or table with a row for each unit; its polygons are kept. Where a unit has several rows (years), "
            "the "
            "first one counts. An index of SCORES that is no trend may be a column here.")
        .with_columns({"unit", "cep", "cli"});
    spec.table_in("trends", o.trends)
        .named("Trends")
        .says(
            "Trends of the indices as Trend of a table writes them from Carbon indices: a row for each unit and "
            "quantity with its z. The quantity is the index, with or without its unit: ce or ce_t.")
        .with_columns({"unit", "quantity", "z"});
    spec.field_of("unit_field", o.unit_field)
        .named("Unit")
        .says(
            "Column of UNITS with the unit's name; the other tables are joined by name. If omitted, it is found by its "
            "name: unit, county, name and the like.")
        .of("units")
        .optional();
    spec.table_in("cep", o.cep)
        .named("Carbon emission peaking")
        .says(
            "Table with the class of each unit, as STIRPAT scenarios writes it: unit, cep (5 peaks and becomes "
            "neutral, "
            "1 rises strongly, or the words of SCORES) and optionally scenario.")
        .with_columns({"unit", "scenario", "cep"})
        .optional();
    spec.text("scenario", o.scenario)
        .named("Scenario")
        .says("Scenario whose CEP counts. If omitted, all rows of a unit must have the same class.")
        .optional();
    spec.table_in("intensity", o.intensity)
        .named("Land-use intensity")
        .says("Table with the land-use intensity of each unit, 0 to 1, as Land-use intensity writes it for zones.")
        .with_columns({"unit", "scaled"})
        .optional();
    spec.field_of("intensity_field", o.intensity_field)
        .named("Column of the intensity")
        .says("Column of INTENSITY with the index from 0 to 1. If omitted, cli, else scaled.")
        .of("intensity")
        .optional()
        .advanced();
    spec.table_in("scores", o.scores)
        .named("Scores")
        .says(
            "Table with a row for each index that counts: index, the condition of each score (score5: Z>1.66, score4: "
            "0<Z<=1.66, 0.6..0.8 or a word) and optionally group and attribute. If omitted, the published table; "
            "Coefficient table writes it, to be edited.")
        .with_columns({"group", "index", "score5", "score4", "score3", "score2", "score1"})
        .optional();
    spec.integer("zones", o.zones).named("Number of zones").says("How many zones are made.").at_least(1).at_most(20);
    spec.text("zone_names", o.zone_names)
        .named("Names of the zones")
        .says(
            "Names joined by commas, the zone with the highest totals first. If omitted, those of the study, or "
            "numbers.")
        .optional()
        .advanced();
    spec.vector_out("zoned", o.zoned)
        .named("Carbon zones")
        .says(
            "One row for each unit, with its polygons: for each index the Z of its trend (z_ce) or its value "
            "(value_cep) and its score (score_ce), then the total, the zone and a note where a score is missing.")
        .with_columns({"unit", "total", "zone", "zone_name", "note"});
    spec.table_out("summary", o.summary)
        .named("Summary of the carbon zones")
        .says("For each zone its units, its totals, and the mean score of each index (mean_ce).")
        .with_columns({"zone", "zone_name", "units", "share", "total_lowest", "total_highest", "total_mean"});
    spec.report_out("report", o.report)
        .named("Zoning report")
        .says("HTML report: map of the zones, the parts of their scores, all units and the rules of scoring.");
    spec.number_out("zoned_units", o.zoned_units)
        .named("Units with a zone")
        .says("How many units have all scores and so a zone.");
    spec.number_out("goodness", o.goodness)
        .named("Goodness of fit")
        .says(
            "Goodness of variance fit of the natural breaks: 1 - (spread within the zones) / (spread of all), 0 to 1.");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_zoning() {
    return std::make_unique<BoundAlgorithm<CarbonZoningOptions>>(describe, carbon_zoning);
}

}  // namespace landcarbon
