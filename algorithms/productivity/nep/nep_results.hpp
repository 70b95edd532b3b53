// Land Carbon Toolbox: net ecosystem productivity: what a run finds, and its report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "engine/class_summary.hpp"
#include "engine/map_summary.hpp"
#include "productivity/nep/nep.hpp"

namespace landcarbon {

/// NEP of some cells.
struct NepPart {
    std::int64_t cells = 0;
    double hectares = 0;
    std::optional<double> mean;  ///< g C/m2 a year, over the area; nothing without cells
    double tonnes = 0;           ///< t C a year; 0 without cells
};

struct NepResults {
    NepPart all;  ///< cells with a mean NEP
    double sink_share = 0;
    double source_share = 0;
    ClassSummary classes;
    std::vector<NepPart> of_class;
    std::vector<double> times;
    bool dated = false;  ///< the times are years
    std::vector<NepPart> years;
    ValueSpread spread;  ///< of the cells' mean NEP
};

Report nep_report(const NepResults& results);

}  // namespace landcarbon
