// Land Carbon Toolbox: zones that take of each cell the share that lies inside them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>

#include "engine/zones.hpp"

namespace landcarbon {

/// The same zones, with a share for each cell instead of whole cells: `runs` gives cells inside a zone with the share
/// 1, and each cell at its edge with the share of it that lies inside, in map coordinates. Shares are exact but for
/// rounding (below 1e-12 counts as nothing, above 1 - 1e-12 as all), and have the same bits in any window. What lies
/// inside a polygon that crosses itself is told by the even-odd rule; where parts of one zone overlap, no cell counts
/// more than once.
/// @param parameter id of the argument that gave the zones
/// @throws UserError on a polygon that crosses itself so often that this cannot be mended in a while
std::unique_ptr<Zones> covered_zones(const std::string& parameter, std::unique_ptr<Zones> zones, const Grid& grid);

}  // namespace landcarbon
