// Land Carbon Toolbox: how well a simulated land-cover map agrees with the observed one: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct SimulationAccuracyOptions {
    RasterInput observed;
    RasterInput simulated;
    RasterInput initial;
    TableInput classes;
    std::string resolutions;
    double decay = 0.1;

    TableOutput measures;
    TableOutput by_class;
    TableOutput confusion;
    TableOutput by_resolution;
    RasterOutput map;
    ReportOutput report;

    NumberOutput cells;
    NumberOutput oa;
    NumberOutput kappa;
    NumberOutput kappa_location;
    NumberOutput kappa_histogram;
    NumberOutput quantity_disagreement;
    NumberOutput allocation_disagreement;
    NumberOutput figure_of_merit;
    NumberOutput producer_accuracy;
    NumberOutput user_accuracy;
    NumberOutput kappa_simulation;
    NumberOutput kappa_transition;
    NumberOutput kappa_translocation;
    NumberOutput null_oa;
    NumberOutput null_resolution;
    NumberOutput weighted_fit;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void simulation_accuracy(SimulationAccuracyOptions& options, Run& run);

}  // namespace landcarbon
