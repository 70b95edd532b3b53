// Land Carbon Toolbox: zonal summary: medians of the cells of each zone, by area, in bounded memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "tables/zonal_summary/summary_sums.hpp"

namespace landcarbon {

/// The median by area of each measurement in each zone: the least value that the cells with this or a smaller value
/// reach half of the area with, or, where they reach exactly half of it, the mean of this value and the next one; with
/// cells of equal areas that is the usual median. By zone and place; nothing where no cell has a value.
///
/// Exact, by selection: a pass counts cells and areas in bins between the bounds that are known of each median, and the
/// bin that holds it becomes the new bounds; when the cells between all bounds fit the memory they are taken and
/// sorted. Usually two passes.
std::vector<std::vector<std::optional<double>>> zone_medians(const SummaryRasters& rasters, const Zones& zones,
                                                             const std::vector<ZoneTally>& tallies, Run& run);

/// For tests: what the cells or bins of a pass may take; 0: a quarter of MEMORY again.
void set_median_budget(std::size_t bytes);

}  // namespace landcarbon
