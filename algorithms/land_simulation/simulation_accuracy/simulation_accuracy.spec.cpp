// Land Carbon Toolbox: accuracy of a simulated map: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_accuracy/simulation_accuracy.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, SimulationAccuracyOptions& o) {
    spec.id = "simulation_accuracy";
    spec.name = "Simulation accuracy";
    spec.group = "land_simulation";
    spec.summary =
        "Agreement of a simulated land-cover map with the observed one, and of its changes with the observed changes.";
    spec.description =
        "Compares a simulated land-cover map with the observed one over all cells: overall accuracy, kappa and its "
        "parts of location and histogram, quantity and allocation disagreement, accuracies by class.\n\n"
        "Most land does not change, so that even a map without any change agrees well. With the initial map the "
        "changes themselves are compared: misses, hits, hits of a wrong class and false alarms, the figure of merit, "
        "and kappa simulation; and the initial map, taken as a simulation, gives the accuracy to beat.\n\n"
        "Agreement at coarser resolutions distinguishes near from far misses. Nothing is sampled.";
    spec.references = {
        "Pontius, R. G., Millones, M. (2011). Death to Kappa: birth of quantity disagreement and allocation "
        "disagreement "
        "for accuracy assessment. International Journal of Remote Sensing 32, 4407-4429. "
        "https://doi.org/10.1080/01431161.2011.552923",
        "Pontius, R. G., Boersma, W., Castella, J.-C., et al. (2008). Comparing the input, output, and validation maps "
        "for several models of land change. Annals of Regional Science 42, 11-37. "
        "https://doi.org/10.1007/s00168-007-0138-2",
        "van Vliet, J., Bregt, A. K., Hagen-Zanker, A. (2011). Revisiting Kappa to account for change in the accuracy "
        "assessment of land-use change models. Ecological Modelling 222, 1367-1375. "
        "https://doi.org/10.1016/j.ecolmodel.2011.01.017",
        "Pontius, R. G., Huffaker, D., Denman, K. (2004). Useful techniques of validation for spatially explicit "
        "land-change models. Ecological Modelling 179, 445-461. https://doi.org/10.1016/j.ecolmodel.2004.05.010",
        "Costanza, R. (1989). Model goodness of fit: a multiple resolution procedure. Ecological Modelling 47, "
        "199-215. "
        "https://doi.org/10.1016/0304-3800(89)90001-X"};
    spec.tags = {"validation",
                 "kappa",
                 "figure of merit",
                 "quantity disagreement",
                 "allocation disagreement",
                 "FoM",
                 "FLUS",
                 "PLUS",
                 "multiple resolution",
                 "accuracy"};
    spec.class_raster("observed", o.observed)
        .named("Observed land cover")
        .says("Class raster of the date that was simulated: the reference.")
        .after("initial");
    spec.class_raster("simulated", o.simulated)
        .named("Simulated land cover")
        .says("Class raster that a model made for the same date. Classes may be missing on either map.");
    spec.class_raster("initial", o.initial)
        .named("Initial land cover")
        .says("Class raster that the simulation started from. If omitted, changes are not compared.")
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours come "
            "from the maps.")
        .with_columns({"class", "name", "colour"})
        .optional();
    spec.text("resolutions", o.resolutions)
        .named("Resolutions")
        .says(
            "Sides of the squares into which cells are merged, in cells, ascending, as in 1,2,4,8. If omitted, "
            "doubling from 1 until one square holds the map.")
        .optional()
        .advanced();
    spec.real("decay", o.decay)
        .named("Decay of the weights")
        .says(
            "The k of the weights exp(-k (side - 1)) with which the agreement at the resolutions goes into the "
            "weighted fit of Costanza. 0: all weigh the same.")
        .at_least(0)
        .at_most(100)
        .advanced();
    spec.table_out("measures", o.measures)
        .named("Measures of accuracy")
        .says("One row for each measure of the whole map: value (empty where it is not defined) and meaning.")
        .with_columns({"measure", "value", "meaning"});
    spec.table_out("by_class", o.by_class)
        .named("Accuracy by class")
        .says(
            "One row for each class: observed and simulated cells, those that agree, producer's and user's accuracy, "
            "F1, quantity and allocation disagreement as shares of the map; with an initial map the gains of the "
            "class: hits, misses, cells simulated as another change or observed as one, false alarms, figure of merit.")
        .with_columns({"class", "name", "observed_cells", "simulated_cells", "agreeing_cells", "producer_accuracy",
                       "user_accuracy", "f1", "quantity_disagreement", "allocation_disagreement", "hits", "misses",
                       "simulated_as_other", "observed_as_other", "false_alarms", "figure_of_merit"});
    spec.table_out("confusion", o.confusion)
        .named("Confusion matrix")
        .says("One row for each pair of observed and simulated class: cells, area in ha and share of the map.")
        .with_columns({"observed", "observed_name", "simulated", "simulated_name", "cells", "area_ha", "share"});
    spec.table_out("by_resolution", o.by_resolution)
        .named("Accuracy by resolution")
        .says(
            "One row for each side of squares: agreement, quantity and allocation disagreement as shares of the map, "
            "and with an initial map the agreement of that map taken as a simulation.")
        .with_columns(
            {"side_cells", "agreement", "quantity_disagreement", "allocation_disagreement", "null_agreement"});
    spec.raster_out("map", o.map)
        .named("Agreement of the maps")
        .dated({"observed"})
        .says(
            "1 persistence simulated as such, 2 hit, 3 hit of a wrong class, 4 miss, 5 false alarm; without an initial "
            "map 6 agreement, 7 disagreement. 0 is NoData.");
    spec.report_out("report", o.report)
        .named("Accuracy report")
        .says("HTML report: measures, map of hits and misses, confusion matrix, accuracy by class and by resolution.");
    spec.number_out("cells", o.cells).named("Cells").says("Cells that have a class on all maps.");
    spec.number_out("oa", o.oa).named("Overall accuracy").says("Share of cells with the right class, 0 to 1.");
    spec.number_out("kappa", o.kappa)
        .named("Kappa")
        .says("Cohen's kappa; absent where both maps have one and the same class only.");
    spec.number_out("kappa_location", o.kappa_location)
        .named("Kappa of location")
        .says("Agreement of places given the quantities; absent where the quantities leave no choice.");
    spec.number_out("kappa_histogram", o.kappa_histogram)
        .named("Kappa of the histogram")
        .says("Agreement of quantities; kappa is this times kappa of location.");
    spec.number_out("quantity_disagreement", o.quantity_disagreement)
        .named("Quantity disagreement")
        .says("Share of cells that disagree because classes have too many or too few cells, 0 to 1.");
    spec.number_out("allocation_disagreement", o.allocation_disagreement)
        .named("Allocation disagreement")
        .says("Share of cells that disagree because classes lie elsewhere, 0 to 1.");
    spec.number_out("figure_of_merit", o.figure_of_merit)
        .named("Figure of merit")
        .says("Hits over misses, hits, wrong hits and false alarms, 0 to 1; absent where nothing changes.");
    spec.number_out("producer_accuracy", o.producer_accuracy)
        .named("Producer's accuracy of change")
        .says("Hits over observed change, 0 to 1; absent without observed change.");
    spec.number_out("user_accuracy", o.user_accuracy)
        .named("User's accuracy of change")
        .says("Hits over simulated change, 0 to 1; absent without simulated change.");
    spec.number_out("kappa_simulation", o.kappa_simulation)
        .named("Kappa simulation")
        .says("Kappa given the transitions from the initial map; absent without it.");
    spec.number_out("kappa_transition", o.kappa_transition)
        .named("Kappa transition")
        .says("Part of kappa simulation: agreement of the amounts of the transitions.");
    spec.number_out("kappa_translocation", o.kappa_translocation)
        .named("Kappa translocation")
        .says("Part of kappa simulation: agreement of the places of the transitions.");
    spec.number_out("null_oa", o.null_oa)
        .named("Accuracy of no change")
        .says("Overall accuracy of the initial map taken as a simulation.");
    spec.number_out("null_resolution", o.null_resolution)
        .named("Null resolution")
        .says(
            "Side of the smallest squares at which the simulation agrees better than the initial map does; absent "
            "where "
            "it never does.")
        .in("cells");
    spec.number_out("weighted_fit", o.weighted_fit)
        .named("Weighted fit")
        .says("Agreement over all resolutions, weighted as DECAY says, 0 to 1.");
}

}  // namespace

std::unique_ptr<Algorithm> make_simulation_accuracy() {
    return std::make_unique<BoundAlgorithm<SimulationAccuracyOptions>>(describe, simulation_accuracy);
}

}  // namespace landcarbon
