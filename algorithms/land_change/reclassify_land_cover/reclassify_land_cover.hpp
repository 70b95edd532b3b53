// Land Carbon Toolbox: land-cover maps with the classes of another system: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "engine/class_match.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// What becomes of a class of the map without a row in the table.
enum class OtherClasses { stop, keep, no_data };

struct ReclassifyLandCoverOptions {
    RasterInput land_cover;
    std::string system = "table";  ///< "table", or a table that ships with the toolbox
    TableInput table;
    ClassMatch match = ClassMatch::codes_and_names;
    OtherClasses others = OtherClasses::stop;

    RasterOutput reclassified;
    TableOutput changes;
    ReportOutput report;

    NumberOutput class_count;
    NumberOutput total_area_ha;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void reclassify_land_cover(ReclassifyLandCoverOptions& options, Run& run);

}  // namespace landcarbon
