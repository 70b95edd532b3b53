// Land Carbon Toolbox: maps for reports: of a grid, and of the zones over it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/report/map_figure.hpp"
#include "engine/zoning.hpp"

namespace landcarbon {

/// A map without shapes: its scale and, in geographic coordinates, how much narrower than high a degree is.
MapFigure map_of(const Grid& grid, const MapUnit& unit);

/// How one zone is drawn.
struct ZoneLook {
    std::string fill = {};
    std::string text = {};  ///< behind the zone's name in the tooltip
    bool empty = false;     ///< none of its cells counts; such squares are not drawn
};

/// What a report's map of zones shows.
struct ZoneMap {
    std::string title;
    std::string caption;
    std::vector<ZoneLook> looks;                              ///< one for each zone
    std::vector<std::pair<std::string, std::string>> legend;  ///< name, colour
};

/// A report draws no more zones than these.
constexpr std::size_t most_zones_drawn = 4000;

/// Draws the zones, or says that there are too many to be drawn.
void draw_zones(Report& report, const Run& run, const Zoning& zoning, const ZoneMap& drawing);

}  // namespace landcarbon
