// Land Carbon Toolbox: how suitable each cell is for each land-cover class: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "land_simulation/suitability/suitability_model.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class Sampling {
    uniform,      ///< as many cells of each class
    proportional  ///< as many as the class has on the map
};

struct SuitabilityOptions {
    RasterInput land_cover;
    RasterStack drivers;
    RasterInput later_land_cover;
    FileInput trained_model;
    SuitabilityMethod method = SuitabilityMethod::neural_network;
    bool present_class = false;
    std::string neighbourhoods;
    TableInput classes;
    std::int64_t samples = 20000;
    Sampling sampling = Sampling::uniform;
    double test_share = 0.3;
    std::int64_t hidden = 13;
    std::int64_t epochs = 300;
    double weight_decay = 1e-5;
    std::int64_t trees = 50;
    std::int64_t tree_depth = 12;
    std::int64_t permutations = 3;
    std::int64_t seed = 1;

    RasterOutput suitability;
    TableOutput contributions;
    TableOutput accuracy;
    FileOutput model;
    ReportOutput report;

    NumberOutput training_samples;
    NumberOutput test_samples;
    NumberOutput test_accuracy;
    NumberOutput mean_auc;
    NumberOutput test_log_loss;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void suitability(SuitabilityOptions& options, Run& run);

}  // namespace landcarbon
