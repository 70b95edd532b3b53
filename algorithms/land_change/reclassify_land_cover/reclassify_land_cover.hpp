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
    TableInput table;
    std::string system = "clcd_to_six";  ///< the table that ships with the toolbox, where `table` is not given
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
