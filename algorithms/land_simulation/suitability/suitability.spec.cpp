// Land Carbon Toolbox: suitability for land-cover classes: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/neighbour_shares.hpp"
#include "land_simulation/suitability/suitability.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const SuitabilityOptions& o) {
    std::vector<UserError> errors;
    if (o.present_class && !o.later_land_cover.given())
        errors.emplace_back("present_class",
                            "PRESENT_CLASS: the class of a cell can help to tell what it becomes only with a "
                            "LATER_LAND_COVER");
    if (o.present_class && o.trained_model.given())
        errors.emplace_back("present_class", "PRESENT_CLASS: the trained model says itself whether it uses the class");
    if (!o.neighbourhoods.empty() && o.trained_model.given())
        errors.emplace_back("neighbourhoods", "NEIGHBOURHOODS: the trained model says itself which it uses");
    gather(errors, [&] { read_distances(o.neighbourhoods); });
    return errors;
}

void describe(Spec& spec, SuitabilityOptions& o) {
    spec.id = "suitability";
    spec.name = "Suitability";
    spec.group = "land_simulation";
    spec.summary = "How suitable each cell is for each land-cover class, learned from drivers.";
    spec.description =
        "Learns from a land-cover map and drivers (terrain, distances, climate, population) where each class occurs, "
        "and writes for each cell the probability of each class: by a neural network with one hidden layer as FLUS "
        "does, a random forest or logistic regression.\n\n"
        "With a later map it learns the growth of each class instead, as PLUS does: cells that became a class between "
        "the two maps against all others.\n\n"
        "Accuracy is measured on held-out cells. The contribution of a driver is measured by permuting its values. The "
        "same seed gives the same model for any number of threads; the model can be kept in a file and applied to "
        "other drivers.";
    spec.references = {
        "Liu, X., Liang, X., Li, X., et al. (2017). A future land use simulation model (FLUS) for simulating multiple "
        "land "
        "use scenarios by coupling human and natural effects. Landscape and Urban Planning 168, 94-116. "
        "https://doi.org/10.1016/j.landurbplan.2017.09.019",
        "Liang, X., Guan, Q., Clarke, K. C., et al. (2021). Understanding the drivers of sustainable land expansion "
        "using "
        "a patch-generating land use simulation (PLUS) model. Computers, Environment and Urban Systems 85, 101569. "
        "https://doi.org/10.1016/j.compenvurbsys.2020.101569",
        "Breiman, L. (2001). Random forests. Machine Learning 45, 5-32. https://doi.org/10.1023/A:1010933404324",
        "Nocedal, J., Wright, S. J. (2006). Numerical Optimization, second edition. Springer. "
        "https://doi.org/10.1007/978-0-387-40065-5"};
    spec.tags = {"suitability",
                 "probability of occurrence",
                 "neural network",
                 "random forest",
                 "logistic regression",
                 "FLUS",
                 "PLUS",
                 "LEAS",
                 "drivers",
                 "permutation importance",
                 "land expansion"};
    spec.check = [&o] { return check(o); };
    spec.class_raster("land_cover", o.land_cover)
        .named("Land cover")
        .says("Class raster to learn from. Classes may be any whole numbers, at most 255 of them.");
    spec.raster_stack("drivers", o.drivers)
        .named("Drivers")
        .says(
            "Variables that may explain where classes occur: bands of one file or many files, on the grid of the land "
            "cover. Cells without a value of some driver become NoData.")
        .count_at_least(1);
    spec.class_raster("later_land_cover", o.later_land_cover)
        .named("Later land cover")
        .says(
            "Class raster of a later date: the growth of each class between the two maps is learned. If omitted, the "
            "class "
            "of each cell is learned.")
        .optional()
        .after("land_cover");
    spec.file_in("trained_model", o.trained_model)
        .named("Trained model")
        .says(
            "A model that this algorithm has written: nothing is learned, the model is applied to the drivers, which "
            "must "
            "be as many and in the same order.")
        .optional();
    spec.choice("method", o.method,
                {{{"neural_network", "Neural network (FLUS)"}, SuitabilityMethod::neural_network},
                 {{"random_forest", "Random forest (PLUS)"}, SuitabilityMethod::random_forest},
                 {{"logistic", "Logistic regression"}, SuitabilityMethod::logistic}})
        .named("Method")
        .says("What is trained. A trained model brings its own method.");
    spec.flag("present_class", o.present_class)
        .named("Use the present class")
        .says(
            "With a later map: let the class of a cell be one of the drivers, so that growth depends on the class that "
            "is replaced. The result is for the later map.");
    spec.text("neighbourhoods", o.neighbourhoods)
        .named("Neighbourhoods")
        .says(
            "Distances in cells, as in 1,3,8: the shares of all classes in the squares that reach so far around a "
            "cell, "
            "without the cell itself, become drivers as well. With a later map they are counted on the first map for "
            "learning and on the later one for the result. If omitted, there are none.")
        .optional();
    spec.table_in("classes", o.classes)
        .named("Class names")
        .says(
            "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours come "
            "from the maps.")
        .with_columns({"class", "name", "colour"})
        .optional();
    spec.integer("samples", o.samples)
        .named("Samples")
        .says("Cells to learn from and to hold out. Where the map has fewer, all are used.")
        .at_least(2)
        .at_most(5000000)
        .advanced();
    spec.choice("sampling", o.sampling,
                {{{"uniform", "As many of each class"}, Sampling::uniform},
                 {{"proportional", "In proportion to the classes"}, Sampling::proportional}})
        .named("Sampling")
        .says(
            "How samples are shared among classes. uniform: evenly, as far as a class has cells; with a later map half "
            "of "
            "them are cells without growth. proportional: as the classes are on the map, so that probabilities are as "
            "frequent as the classes.")
        .advanced();
    spec.real("test_share", o.test_share)
        .named("Share held out")
        .says("Share of the samples that is held out from learning and used for accuracy and contributions.")
        .at_least(0)
        .at_most(0.9)
        .advanced();
    spec.integer("hidden", o.hidden)
        .named("Hidden neurons")
        .says("Neurons of the network's hidden layer.")
        .at_least(1)
        .at_most(1000)
        .advanced();
    spec.integer("epochs", o.epochs)
        .named("Epochs")
        .says(
            "Maximum number of steps of the optimiser for network and logistic regression, each over all training "
            "cells. It stops earlier when the loss no longer falls.")
        .at_least(1)
        .at_most(100000)
        .advanced();
    spec.real("weight_decay", o.weight_decay)
        .named("Weight decay")
        .says("Half of this times the sum of squared weights is added to the loss, so that weights stay small.")
        .at_least(0)
        .at_most(10)
        .advanced();
    spec.integer("trees", o.trees)
        .named("Trees")
        .says("Trees of each class's random forest.")
        .at_least(1)
        .at_most(5000)
        .advanced();
    spec.integer("tree_depth", o.tree_depth)
        .named("Depth of trees")
        .says("Maximum number of decisions from the root of a tree to a leaf.")
        .at_least(1)
        .at_most(30)
        .advanced();
    spec.integer("permutations", o.permutations)
        .named("Permutations")
        .says("How often the values of each driver are permuted for the contributions; 0 omits them.")
        .at_least(0)
        .at_most(100)
        .advanced();
    spec.integer("seed", o.seed)
        .named("Seed")
        .says("Start of the random numbers. The same seed gives the same result.")
        .at_least(0)
        .advanced();
    spec.raster_out("suitability", o.suitability)
        .named("Suitability")
        .says(
            "One band for each class in ascending order, 0 to 1; the class is the band's metadata item "
            "LANDCARBON_CLASS "
            "and its name the band's description.");
    spec.table_out("contributions", o.contributions)
        .named("Contributions of the drivers")
        .says(
            "One row for each class and driver: decrease of the AUC when the driver's values are permuted, and its "
            "share in the decreases of all drivers.")
        .with_columns({"class", "name", "driver", "auc_fall", "share"});
    spec.table_out("accuracy", o.accuracy)
        .named("Accuracy of the suitability")
        .says("One row for each class: training and held-out cells, area under the ROC.")
        .with_columns({"class", "name", "training_samples", "test_samples", "auc"});
    spec.file_out("model", o.model)
        .named("Suitability model")
        .says("The trained model as a text file, which TRAINED_MODEL reads.")
        .on_request();
    spec.report_out("report", o.report)
        .named("Suitability report")
        .says("HTML report: ROC and accuracy of each class, learning curve, contributions of the drivers.");
    spec.number_out("training_samples", o.training_samples).named("Training cells").says("Cells used for learning.");
    spec.number_out("test_samples", o.test_samples).named("Held-out cells").says("Cells used for accuracy.");
    spec.number_out("test_accuracy", o.test_accuracy)
        .named("Accuracy")
        .says("Share of held-out cells whose likeliest class is the right one, 0 to 1; absent for growth.");
    spec.number_out("mean_auc", o.mean_auc)
        .named("Mean AUC")
        .says("Mean over classes of the area under the ROC, 0.5 for chance, 1 for certainty.");
    spec.number_out("test_log_loss", o.test_log_loss)
        .named("Cross entropy")
        .says("Mean of the negative logarithm of the probability given to the true class of held-out cells.");
}

}  // namespace

std::unique_ptr<Algorithm> make_suitability() {
    return std::make_unique<BoundAlgorithm<SuitabilityOptions>>(describe, suitability);
}

}  // namespace landcarbon
