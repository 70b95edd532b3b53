// Land Carbon Toolbox: trend of a stack of rasters (Theil-Sen and Mann-Kendall), cell by cell: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spec/values.hpp"
#include "time_series/trend_classes.hpp"

namespace landcarbon {

class Run;

struct TrendOptions {
    RasterStack series;
    TrendChoices choices;

    RasterOutput trend;
    RasterOutput classes;
    TableOutput summary;
    ReportOutput report;

    NumberOutput area_ha;
    NumberOutput mean_slope;
    NumberOutput median_slope;
    NumberOutput increase_share;
    NumberOutput decrease_share;
    NumberOutput largest_significant_p;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void trend(TrendOptions& options, Run& run);

}  // namespace landcarbon
