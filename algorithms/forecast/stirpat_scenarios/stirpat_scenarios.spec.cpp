// Land Carbon Toolbox: STIRPAT scenarios: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/stirpat_scenarios.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const StirpatScenariosOptions& o) {
    std::vector<UserError> errors;
    const auto within = [&](const char* id, std::int64_t year) {
        if (year > o.horizon)
            errors.emplace_back(id, parameter_name(id) + ": " + std::to_string(year) + " is after HORIZON " +
                                        std::to_string(o.horizon) + ", where the paths end; set HORIZON to " +
                                        std::to_string(year) + ", or " + parameter_name(id) + " to " +
                                        std::to_string(o.horizon) + " or earlier");
    };
    within("peak_by", o.peak_by);
    within("neutral_by", o.neutral_by);
    if (!o.unit_field.empty() && o.unit_field == o.year_field)
        errors.emplace_back("year_field", "YEAR_FIELD: is the same column as UNIT_FIELD");
    return errors;
}

void describe(Spec& spec, StirpatScenariosOptions& o) {
    spec.id = "stirpat_scenarios";
    spec.name = "STIRPAT scenarios";
    spec.group = "forecast";
    spec.summary = "Emissions of each unit under scenarios of its drivers: paths, peak years, neutrality, peak class.";
    spec.description =
        "Projects the drivers of a STIRPAT model for every unit, for example every county, by a table of scenarios, "
        "and computes the emission of each year by the model's equation. Rates and thresholds of the table are numbers "
        "or formulas with the words D, min and max, which stand for the unit's own mean, smallest and largest yearly "
        "growth (or value): D*1.2, min-5%, -D*0.8.\n\n"
        "Every unit gets, in each scenario, the year of its peak and, where its sink is given, the year from which on "
        "it is carbon neutral; and over all scenarios a class of the carbon emission peak (CEP) from 5, peaks and "
        "becomes neutral, to 1, rises strongly.\n\n"
        "The scenarios of the Qinba mountains come out of the algorithm Coefficient table as a table to be edited.";
    spec.references = {
        "Huo, J., et al. (2025). Scientific Reports. https://doi.org/10.1038/s41598-025-95156-x (Qinba mountains)",
        "York, R., Rosa, E. A., Dietz, T. (2003). STIRPAT, IPAT and ImPACT: analytic tools for unpacking the driving "
        "forces of environmental impacts. Ecological Economics 46(3), 351-365. "
        "https://doi.org/10.1016/S0921-8009(03)00188-5",
        "Duan, N. (1983). Smearing estimate: a nonparametric retransformation method. Journal of the American "
        "Statistical "
        "Association 78(383), 605-610. https://doi.org/10.1080/01621459.1983.10478017"};
    spec.tags = {"STIRPAT", "scenario", "carbon peak", "carbon neutrality", "2030", "2060", "projection", "CEP"};
    spec.check = [&o] { return check(o); };
    spec.file_in("model", o.model)
        .named("Model")
        .says("Model file written by STIRPAT, or a JSON file of the same form with a published equation.");
    spec.table_in("base", o.base)
        .named("Units")
        .says(
            "Table with a row for each unit and year, and a column for each driver of the model under its name. All "
            "years "
            "up to the first of the scenarios are the unit's history, which D, min and max are taken from; missing "
            "years "
            "and empty cells are gaps in it. The first year of the scenarios must be there for every unit. The columns "
            "below are an example.")
        .with_columns({"county", "year", "population", "affluence", "urban", "carbon_sink"});
    spec.field_of("unit_field", o.unit_field).named("Unit").says("Column with the unit's name or code.").of("base");
    spec.field_of("year_field", o.year_field).named("Year").says("Column with the year.").of("base");
    spec.table_in("scenarios", o.scenarios)
        .named("Scenarios")
        .says(
            "Table with the columns scenario, period (2020-2030) and for each driver NAME_growth (yearly rate, 0.02 or "
            "2%) or NAME_threshold (value reached at the period's end). A sink may have such a column as well. Every "
            "scenario begins in the same year and reaches HORIZON without gaps. The columns below are an example.")
        .with_columns({"scenario", "period", "population_growth", "affluence_growth", "urban_threshold"});
    spec.field_of("sink", o.sink)
        .named("Sink")
        .says(
            "Column of the units with the yearly carbon sink, in the unit of the emission. It stays as in the first "
            "year unless the scenarios have a column for it. If omitted, neutrality is not assessed and class 5 is not "
            "given.")
        .of("base")
        .optional();
    spec.integer("horizon", o.horizon).named("Horizon").says("Last year of the paths.").at_least(1001).at_most(3000);
    spec.integer("step", o.step)
        .named("Step")
        .says(
            "Years from one value of a path to the next. It does not change the values, only the years for which they "
            "are given.")
        .in("years")
        .at_least(1)
        .at_most(100);
    spec.integer("peak_by", o.peak_by)
        .named("Peak by")
        .says("Year until which a unit must have had its peak, for the CEP class.")
        .at_least(1001)
        .at_most(3000);
    spec.integer("neutral_by", o.neutral_by)
        .named("Neutral by")
        .says("Year from which on a unit must be neutral, for the CEP class 5.")
        .at_least(1001)
        .at_most(3000);
    spec.real("strong_rise", o.strong_rise)
        .named("Strong rise")
        .says(
            "Units that peak in no scenario rise strongly (class 1) where their emission grows faster than this up to "
            "PEAK_BY, as a mean of the scenarios, and moderately (class 2) where not.")
        .in("% a year")
        .advanced();
    spec.choice("level", o.level,
                {{{"equation", "As the equation says (median)"}, PathLevel::equation},
                 {{"smearing", "The equation times Duan's smearing factor (mean)"}, PathLevel::smearing},
                 {{"base_year", "Scaled to the unit's own emission in the first year"}, PathLevel::base_year}})
        .named("Level of the paths")
        .says(
            "One equation for all units cannot meet the level of each. With base_year, paths begin with the unit's own "
            "emission, in the column of BASE that the model calls the response. Peak years do not depend on it, "
            "neutrality does.")
        .advanced();
    spec.choice("mean_rate", o.mean_rate,
                {{{"compound", "Compound rate from the first to the last year"}, MeanRate::compound},
                 {{"arithmetic", "Arithmetic mean of the yearly rates"}, MeanRate::arithmetic}})
        .named("Mean growth rate")
        .says("Definition of D for growth rates.")
        .advanced();
    spec.table_out("paths", o.paths)
        .named("Emission paths")
        .says("One row for each unit, scenario and year: emission in the unit of the model's response, and the sink.")
        .with_columns({"unit", "scenario", "year", "emission", "sink"});
    spec.table_out("milestones", o.milestones)
        .named("Milestones of the paths")
        .says(
            "One row for each unit and scenario: year of the peak (empty where the emission still rises at the end), "
            "year "
            "from which on it is neutral (empty where it is not), CEP class of the unit over all scenarios, first, "
            "largest and last emission, yearly growth up to PEAK_BY in %.")
        .with_columns({"unit", "scenario", "peak_year", "neutral_year", "cep", "first_emission", "largest_emission",
                       "last_emission", "growth_percent"});
    spec.report_out("report", o.report)
        .named("Scenario report")
        .says("HTML report: emission of the region by scenario, stacked by unit, years of the peak, classes.");
    spec.number_out("units", o.units).named("Number of units").says("Units that paths were computed for.");
    spec.number_out("peaking", o.peaking)
        .named("Peaking units")
        .says("Units that peak by PEAK_BY in every scenario (classes 4 and 5).");
    spec.number_out("neutral", o.neutral)
        .named("Neutral units")
        .says("Units of class 5: they are neutral by NEUTRAL_BY in every scenario as well; absent without SINK.");
}

}  // namespace

std::unique_ptr<Algorithm> make_stirpat_scenarios() {
    return std::make_unique<BoundAlgorithm<StirpatScenariosOptions>>(describe, stirpat_scenarios);
}

}  // namespace landcarbon
