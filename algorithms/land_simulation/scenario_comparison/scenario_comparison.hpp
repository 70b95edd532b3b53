// Land Carbon Toolbox: land cover of several scenarios beside that of today: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "engine/class_match.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct ScenarioComparisonOptions {
    RasterInput land_cover;
    RasterStack scenarios;
    std::string names;
    TableInput pools;
    ClassMatch match = ClassMatch::codes_and_names;
    TableInput classes;

    TableOutput by_class;
    TableOutput summary;
    ReportOutput report;

    NumberOutput total_area_ha;
    NumberOutput present_storage_t;
    NumberOutput largest_storage_t;
    NumberOutput smallest_storage_t;
    TextOutput largest_scenario;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void scenario_comparison(ScenarioComparisonOptions& options, Run& run);

}  // namespace landcarbon
