// Land Carbon Toolbox: series of zones or classes over a stack of rasters, and their trends: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "spec/values.hpp"
#include "time_series/trend_classes.hpp"
#include "time_series/zonal_series/zonal_sums.hpp"

namespace landcarbon {

class Run;

/// What is taken of the cells of a zone at each step.
enum class ZonalStatistic {
    mean,           ///< by area
    sum,            ///< of the cells' values: amounts for each cell
    total_per_m2,   ///< of values times areas: densities for each m2
    total_per_ha,   ///< the same for ha
    total_per_km2,  ///< the same for km2
};

struct ZonalSeriesOptions {
    RasterStack series;
    VectorInput zones;
    std::string name_field;
    RasterInput classes;
    TableInput class_names;
    ZonalStatistic statistic = ZonalStatistic::mean;
    ZonalCells cells = ZonalCells::each_step;
    double min_share = 0.5;
    TrendChoices choices;

    TableOutput table;
    TableOutput rates;
    VectorOutput zoned;
    ReportOutput report;

    NumberOutput units;
    NumberOutput increasing;
    NumberOutput decreasing;
    NumberOutput median_slope;
    NumberOutput largest_significant_p;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void zonal_series(ZonalSeriesOptions& options, Run& run);

}  // namespace landcarbon
