// Land Carbon Toolbox: land simulation: what users see of FLUS and PLUS alike.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation.hpp"

namespace landcarbon {

void describe_simulation_inputs(Spec& spec, SimulationOptions& o) {
    const bool plus = o.patches.has_value();
    spec.check = [&o] {
        std::vector<UserError> errors;
        if (o.window % 2 == 0)
            errors.emplace_back("window", "WINDOW: the window must have an odd number of cells a side");
        if (o.rules != RulesPreset::as_given && o.conversion.given())
            errors.emplace_back("conversion",
                                "CONVERSION is given, but RULES takes a published table; use RULES=as_given");
        if (!o.scenario.empty() && !o.conversion.given())
            errors.emplace_back("scenario", "SCENARIO names a scenario of the table CONVERSION, which is not given");
        if (o.weighting != WeightsPreset::as_given && o.weights.given())
            errors.emplace_back("weights",
                                "WEIGHTS is given, but WEIGHTING takes a published table; use WEIGHTING=as_given");
        return errors;
    };
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster of the date to start from. Classes may be any whole numbers, at most 254 of them.");
    spec.raster_stack("suitability", o.suitability)
        .named(plus ? "Growth probabilities" : "Suitability")
        .says(std::string(plus ? "Probability (0 to 1) that each cell becomes a class, as a random forest on the cells "
                                 "where classes expanded gives it"
                               : "Probability (0 to 1) of each class in each cell, as Suitability gives it") +
              ": one band a class. Bands name their class in the metadata item LANDCARBON_CLASS; where none does, they "
              "are taken in ascending order of the classes of the map and of the demand. Cells without a value in some "
              "band (NoData) keep their class.");
    spec.table_in("demand", o.demand)
        .named("Demand")
        .says(
            "Table with one row for each class (and year): class, and cells or area_ha. Where both columns are there, "
            "cells count. Every class of the map needs a row; 0 removes it.")
        .with_columns({"year", "class", "cells", "area_ha"});
    spec.real("year", o.year)
        .named("Year")
        .says("Year of the demand that is to be met. If omitted, it is the last year of the table.")
        .optional();
    spec.choice("demand_total", o.demand_total,
                {{{"exact", "Must be that of the map"}, DemandTotal::exact},
                 {{"scale", "Is scaled to that of the map"}, DemandTotal::scale}})
        .named("Sum of the demand")
        .says(
            "How to treat a demand whose sum is not that of the map's cells. exact: an error that names both sums. "
            "scale: all classes are scaled in proportion.")
        .advanced();
    spec.choice("unreachable", o.unreachable,
                {{{"error", "Is an error"}, Unreachable::error},
                 {{"nearest", "Come as near as possible"}, Unreachable::nearest}})
        .named("Demand out of reach")
        .says(
            "How to treat a demand that restricted cells, conversion rules and suitabilities do not let the map meet. "
            "It is checked before the run, exactly. error: a message with the counts that can be reached. nearest: the "
            "simulation aims at the counts that come nearest.")
        .advanced();
    spec.choice("rules", o.rules,
                {{{"as_given", "As the conversion table says, else everything"}, RulesPreset::as_given},
                 {{"beibu_urbanized", "Beibu Gulf, urbanized scenario"}, RulesPreset::beibu_urbanized},
                 {{"beibu_agricultural", "Beibu Gulf, agricultural scenario"}, RulesPreset::beibu_agricultural},
                 {{"beibu_ecological", "Beibu Gulf, ecological scenario"}, RulesPreset::beibu_ecological}})
        .named("Conversion rules")
        .says(
            "Allowed conversions between classes. The published scenarios are for classes 1 cropland, 2 forest, 3 "
            "grassland, 4 construction land, 5 water, 6 unutilised land.");
    spec.table_in("conversion", o.conversion)
        .named("Conversion table")
        .says(
            "Table with the columns from, to, allowed (one row for each pair of classes; pairs without a row are not "
            "allowed), or from and one column to_<class> for each class. Rows are the present class, columns the "
            "future "
            "one; 1 is allowed, 0 not, numbers between make it harder (1 - conversion cost). With a column scenario it "
            "may hold several. If omitted, everything is allowed.")
        .with_columns({"from", "to", "allowed"})
        .optional();
    spec.text("scenario", o.scenario)
        .named("Scenario of the table")
        .says("Which scenario of the conversion table to use, where it has a column scenario.")
        .optional()
        .advanced();
    spec.matrix("conversion_changes", o.conversion_changes)
        .named("Changes to the rules")
        .says("Single conversions that differ from the rules: from, to, allowed (1 or 0).")
        .with_columns({"from", "to", "allowed"})
        .optional()
        .advanced();
    spec.choice("weighting", o.weighting,
                {{{"as_given", "As the table of weights says, else 1"}, WeightsPreset::as_given},
                 {{"beibu", "Beibu Gulf, published weights"}, WeightsPreset::beibu}})
        .named("Neighbourhood weights")
        .says(
            "How strongly each class grows from its own cells. The published weights are for classes 1 to 6, see "
            "RULES.")
        .advanced();
    spec.table_in("weights", o.weights)
        .named("Table of weights")
        .says("Table with the columns class and weight (0 or more). If omitted, all weights are 1.")
        .with_columns({"class", "weight"})
        .optional()
        .advanced();
    match_argument(spec, o.match, "the tables of conversions and weights");
    spec.integer("window", o.window)
        .named("Neighbourhood window")
        .says("Cells a side of the square window whose classes count as neighbours; an odd number.")
        .in("cells")
        .at_least(3)
        .at_most(15)
        .advanced();
    spec.raster_in("restricted", o.restricted)
        .named("Restricted cells")
        .says("Cells with another value than 0 keep their class; NoData and 0 do not restrict.")
        .optional();
}

void describe_simulation_choices(Spec& spec, SimulationOptions& o) {
    spec.choice("allocation", o.allocation,
                {{{"roulette", "By chance, in proportion to the probability"}, Allocation::roulette},
                 {{"likeliest", "Where it is most probable"}, Allocation::likeliest}})
        .named("Choice of cells")
        .says(
            "How the cells that change are chosen. roulette: each cell draws a class with the chances of its "
            "transition probabilities, as in the papers. likeliest: the cells with the largest transition probability "
            "to a class in demand.")
        .advanced();
    spec.choice("control", o.control,
                {{{"gap", "As many as the demand asks for"}, Control::gap},
                 {{"inertia", "A share of all, steered by the inertia"}, Control::inertia}})
        .named("Number of conversions")
        .says(
            "How many of the proposed conversions happen in an iteration. gap: as many of each pair of classes as "
            "bring "
            "the map nearer to the demand. inertia: a share (ACCELERATION) of all of them, steered by the classes' "
            "inertia alone as in the papers, for nine tenths of the iterations; then gap. It changes far more cells "
            "than the demand asks for.")
        .advanced();
    spec.choice("centre", o.centre,
                {{{"isolated", "Counts where it has no neighbour of its class"}, CentreCount::isolated},
                 {{"excluded", "Never counts"}, CentreCount::excluded}})
        .named("Centre of the window")
        .says(
            "Whether a cell counts as its own neighbour. In the papers it never does, so that a single cell of a class "
            "always turns into another one; isolated lets it count there, and only there.")
        .advanced();
    spec.integer("iterations", o.iterations)
        .named("Maximum number of iterations")
        .says("The simulation stops then, whether the demand is met or not.")
        .at_least(1)
        .at_most(100000)
        .advanced();
    spec.real("tolerance", o.tolerance)
        .named("Tolerance")
        .says("Share of the cells that may be in a class that has more than its demand; 0 asks for an exact result.")
        .at_least(0)
        .at_most(1)
        .advanced();
    spec.real("acceleration", o.acceleration)
        .named("Acceleration")
        .says(
            "Share of the first gap that one iteration may close. Small values let classes grow in more and smaller "
            "steps; 1 does it at once.")
        .above(0)
        .at_most(1)
        .advanced();
    spec.real("exchange", o.exchange)
        .named("Exchange")
        .says(
            "Share of the cells that are exchanged beyond the demand: as many from A to B as from B to A, over the "
            "whole run. Classes without a net demand take part. The swap of a Transition matrix gives its observed "
            "value.")
        .at_least(0)
        .at_most(1)
        .advanced();
    spec.integer("seed", o.seed)
        .named("Seed")
        .says(
            "Start of the random numbers. The same seed gives the same map, on any computer and with any number of "
            "threads.")
        .at_least(0)
        .advanced();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name, colour (#rrggbb) and grade. If omitted, names and "
            "colours "
            "come from the map.")
        .with_columns({"class", "name", "colour", "grade"})
        .optional();
}

void describe_simulation_outputs(Spec& spec, SimulationOptions& o) {
    spec.raster_out("simulated", o.simulated)
        .named("Simulated land cover")
        .dated({"target_year"})
        .says("Class raster with the codes and colours of the first map.");
    spec.table_out("history", o.history)
        .named("History of the simulation")
        .says(
            "One row for each iteration (0 is the start) and class: cells, gap (demand - allocated cells) and inertia.")
        .with_columns({"iteration", "class", "name", "cells", "gap", "inertia"});
    spec.report_out("report", o.report)
        .named("Simulation report")
        .says(
            "HTML report: demand against result, the first map beside the simulated one, changes, gap curves, why the "
            "simulation stopped.");
    spec.number_out("iterations_done", o.iterations_done)
        .named("Iterations done")
        .says("How many iterations the simulation took.");
    spec.number_out("residual_cells", o.residual_cells)
        .named("Residual")
        .says("Cells in classes with more than their demand at the end; other classes lack as many.")
        .in("cells");
    spec.number_out("residual_share", o.residual_share)
        .named("Share of the residual")
        .says("Residual / cells that have a class (0 to 1): the quantity disagreement with the demand.");
    spec.number_out("changed_cells", o.changed_cells)
        .named("Changed cells")
        .says("Cells whose class differs from that of the first map.")
        .in("cells");
    spec.number_out("seed_used", o.seed_used).named("Seed used").says("The seed that gives this map again.");
    spec.number_out("target_year", o.target_year)
        .named("Target year")
        .says("The year whose demand is met; absent where the demand has no years.");
    spec.text_out("stop_reason", o.stop_reason)
        .named("Why it stopped")
        .says("Demand met, met within TOLERANCE, out of iterations, or no helpful conversion possible any more.");
}

}  // namespace landcarbon
