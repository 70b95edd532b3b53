// Land Carbon Toolbox: how much land each class will need: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/land_demand/land_demand.hpp"
#include "spec/algorithm.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const LandDemandOptions& o) {
    std::vector<UserError> errors;
    if (!o.first.given() && !o.second.given() && !o.matrix.given())
        errors.emplace_back("first", "FIRST: give two maps, FIRST and SECOND, or a MATRIX of transitions");
    else if (o.first.given() != o.second.given())
        errors.emplace_back(o.first.given() ? "second" : "first", "FIRST and SECOND belong together: give both maps");
    else if (o.first.given() && o.matrix.given())
        errors.emplace_back("matrix", "MATRIX: give two maps or a matrix of transitions, not both");
    if (o.first.given() && o.years.empty())
        errors.emplace_back("years", "YEARS: the years of FIRST and SECOND are needed, as in 1990,2005");
    if (o.method == DemandMethod::fixed && !o.scenario.given())
        errors.emplace_back("scenario",
                            "SCENARIO: METHOD fixed needs a table with the columns class and area_ha or cells");
    if (!o.scenario_name.empty() && !o.scenario.given())
        errors.emplace_back("scenario_name", "SCENARIO_NAME: there is no SCENARIO to choose from");
    gather(errors, [&] { read_years(o.target_years, "target_years"); });
    return errors;
}

void describe(Spec& spec, LandDemandOptions& o) {
    spec.id = "land_demand";
    spec.name = "Land demand";
    spec.group = "land_simulation";
    spec.summary = "Number of cells of each land-cover class in future years.";
    spec.description =
        "Computes the demand for land from the change between two dates: by a Markov chain, by linear extrapolation, "
        "or from areas that a scenario fixes. The cells of each year add up to the cells of the map exactly, so that a "
        "simulation of land use can meet them.\n\n"
        "Years need not be whole intervals away: fractions use the principal power of the matrix of transition "
        "probabilities. Scenarios are tables of multipliers on transitions, or of areas.\n\n"
        "Classes may be any whole numbers and may be missing at one of the dates.";
    spec.references = {
        "Muller, M. R., Middleton, J. (1994). A Markov model of land-use change dynamics in the Niagara Region, "
        "Ontario, "
        "Canada. Landscape Ecology 9, 151-157. https://doi.org/10.1007/BF00124382",
        "Takada, T., Miyamoto, A., Hasegawa, S. F. (2010). Derivation of a yearly transition probability matrix for "
        "land-use dynamics and its applications. Landscape Ecology 25, 561-572. "
        "https://doi.org/10.1007/s10980-009-9433-x",
        "Higham, N. J., Lin, L. (2011). On pth roots of stochastic matrices. Linear Algebra and its Applications 435, "
        "448-463. https://doi.org/10.1016/j.laa.2010.04.007"};
    spec.tags = {"land use", "demand", "Markov chain", "scenario", "projection", "FLUS", "transition probability"};
    spec.check = [&o] { return check(o); };
    spec.class_raster("first", o.first)
        .named("First land-cover map")
        .says("Class raster of the first date. If omitted, the transitions come from MATRIX.")
        .optional();
    spec.class_raster("second", o.second)
        .named("Second land-cover map")
        .says("Class raster of the second date, where the demand starts from; all its cells are distributed.")
        .optional()
        .after("first", "years");
    spec.table_in("matrix", o.matrix)
        .named("Transitions")
        .says(
            "Instead of maps, the transitions between two dates, as the algorithm Transition matrix writes them: "
            "columns "
            "from, to and pixels and optionally period, area_ha, from_name and to_name.")
        .with_columns({"period", "from", "to", "pixels", "area_ha"})
        .optional();
    spec.text("period", o.period)
        .named("Period")
        .says("Which period of MATRIX is meant, as in 1990-2005. If omitted, the table must have one only.")
        .optional()
        .advanced();
    spec.text("years", o.years)
        .named("Years")
        .says(
            "Years of the first and the second date, as in 1990,2005. With MATRIX they are taken from the name of the "
            "period if omitted.")
        .optional();
    spec.text("target_years", o.target_years)
        .named("Target years")
        .says(
            "Years for which the demand is computed, after the second date: numbers and ranges, as in 2030,2060 or "
            "2021-2060. If omitted, as long after the second date as that is after the first.")
        .optional();
    spec.choice("method", o.method,
                {{{"markov", "Markov chain"}, DemandMethod::markov},
                 {{"linear", "Straight line"}, DemandMethod::linear},
                 {{"fixed", "Fixed by the scenario"}, DemandMethod::fixed}})
        .named("Method")
        .says(
            "How the demand is computed. markov: cells of the second date times powers of the matrix of transition "
            "probabilities. linear: as many cells move in every year as between the two dates. fixed: SCENARIO gives "
            "the areas.");
    spec.table_in("scenario", o.scenario)
        .named("Scenario")
        .says(
            "With markov and linear: multipliers of transitions, columns from, to and multiplier; a blank or * stands "
            "for every class, later rows win, what is not named is multiplied by 1. With fixed: demands, columns class "
            "and cells or area_ha and optionally year; classes that it does not name share what is left. A column "
            "scenario may distinguish several scenarios.")
        .with_columns({"scenario", "from", "to", "multiplier", "class", "area_ha"})
        .optional();
    spec.text("scenario_name", o.scenario_name)
        .named("Name of the scenario")
        .says("Which rows of SCENARIO hold, by the column scenario. If omitted, the table must have one scenario only.")
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours come "
            "from the maps or from MATRIX.")
        .with_columns({"class", "name", "colour"})
        .optional();
    spec.table_out("demand", o.demand)
        .named("Land demand")
        .dated({"target_years", "last_year"})
        .says("One row for each target year and class: cells, which add up to the cells of the map, and area in ha.")
        .with_columns({"year", "class", "name", "cells", "area_ha"});
    spec.table_out("probabilities", o.probabilities)
        .named("Transition probabilities")
        .dated({"target_years", "last_year"})
        .says(
            "Probabilities of the transitions from row's class to column's class within a number of years: within the "
            "interval between the dates, and with markov from the second date to each target year.")
        .with_columns({"years", "from", "from_name", "to", "to_name", "probability"});
    spec.report_out("report", o.report)
        .named("Demand report")
        .says("HTML report: the path of each class, its gains and losses, the matrix of transition probabilities.");
    spec.number_out("total_cells", o.total_cells).named("Cells").says("Cells that are distributed in each year.");
    spec.number_out("total_area_ha", o.total_area_ha)
        .named("Area")
        .says("Area that is distributed in each year; absent where MATRIX has no areas.")
        .in("ha");
    spec.number_out("interval_years", o.interval_years)
        .named("Interval")
        .says("Time between the two dates.")
        .in("years");
    spec.number_out("last_year", o.last_year).named("Last year").says("The last of the target years.");
    spec.number_out("net_change_share", o.net_change_share)
        .named("Net change")
        .says("Cells that growing classes gain from the second date to the last year, over all cells, 0 to 1.");
}

}  // namespace

std::unique_ptr<Algorithm> make_land_demand() {
    return std::make_unique<BoundAlgorithm<LandDemandOptions>>(describe, land_demand);
}

}  // namespace landcarbon
