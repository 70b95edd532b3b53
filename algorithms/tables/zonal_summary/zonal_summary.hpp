// Land Carbon Toolbox: what maps hold inside zones: means, spreads and totals of measurements, areas of classes: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "engine/zoning.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// How the table holds several dates.
enum class SummaryLayout {
    wide,  ///< one row a zone, columns for each raster
    rows   ///< one row for each zone and year
};

struct ZonalSummaryOptions {
    RasterStack rasters;
    std::string raster_names;
    std::string years;
    std::string continuous;
    std::string categorical;
    TableInput class_names;
    VectorInput zones;
    std::string name_field;
    std::optional<double> grid_size;
    GridShape cell_shape = GridShape::square;
    Coverage coverage = Coverage::centre;
    bool median = false;
    SummaryLayout layout = SummaryLayout::wide;

    VectorOutput summary;
    TableOutput table;
    ReportOutput report;

    NumberOutput zone_count;
    NumberOutput empty_zones;
    NumberOutput zone_area_ha;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void zonal_summary(ZonalSummaryOptions& options, Run& run);

}  // namespace landcarbon
