// Land Carbon Toolbox: transition matrix of two or more dated land-cover maps: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct TransitionMatrixOptions {
    RasterStack maps;
    std::string years;
    TableInput classes;
    VectorInput zones;
    bool zero_unchanged = false;

    TableOutput transitions;
    TableOutput summary;
    TableOutput intensity;
    RasterOutput change_map;
    RasterOutput change_frequency;
    VectorOutput zone_change;
    TableOutput zone_transitions;
    ReportOutput report;

    NumberOutput total_area_ha;
    NumberOutput changed_area_ha;
    NumberOutput changed_share;
    NumberOutput dynamic_degree;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void transition_matrix(TransitionMatrixOptions& options, Run& run);

}  // namespace landcarbon
