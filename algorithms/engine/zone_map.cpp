// Land Carbon Toolbox: maps for reports: of a grid, and of the zones over it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/zone_map.hpp"

#include <algorithm>
#include <cmath>

#include "engine/geometry.hpp"

namespace landcarbon {

MapFigure map_of(const Grid& grid, const MapUnit& unit) {
    MapFigure map;
    map.metres_per_unit = unit.geographic ? unit.semi_major * unit.size : unit.size;
    const auto middle = grid.position(grid.width / 2.0, grid.height / 2.0);
    if (unit.geographic) map.x_stretch = std::max(0.01, std::cos(middle[1] * unit.size));
    return map;
}

void draw_zones(Report& report, const Run& run, const Zoning& zoning, const ZoneMap& drawing) {
    if (zoning.size() > most_zones_drawn) {
        report.paragraph("There are too many " + zoning.one() + "s to draw them here; open the output layer in a GIS.");
        return;
    }
    const Grid& grid = run.grid();
    MapFigure map = map_of(grid, MapUnit::of(grid, run.options().cell_area));
    map.title = drawing.title;
    map.legend = drawing.legend;
    const auto& t = grid.transform;
    const double cell = std::sqrt(std::abs(t[1] * t[5] - t[2] * t[4]));
    // No line finer than half a pixel of the drawing.
    const double tolerance = zoning.squares() ? 0 : cell * std::max(grid.width, grid.height) / 2000;
    for (std::size_t zone = 0; zone < zoning.size(); ++zone) {
        const ZoneLook& look = drawing.looks[zone];
        if (zoning.squares() && look.empty) continue;
        MapShape shape;
        shape.rings = rings_of(zoning.zones().geometry(zone), tolerance);
        shape.fill = look.fill;
        shape.stroke = zoning.squares() ? "#ffffff" : "#52606d";
        shape.stroke_width = zoning.squares() ? 0.3 : 0.8;
        shape.tooltip = zoning.name(zone) + ": " + look.text;
        map.shapes.push_back(std::move(shape));
    }
    report.figure(map_figure(map), drawing.caption);
}

}  // namespace landcarbon
