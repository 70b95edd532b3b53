// Land Carbon Toolbox: a small map for reports: polygons, marks, a scale bar and a legend.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/map_figure.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr double margin = 14, bar_room = 38;

struct Extent {
    double left = 1e300, bottom = 1e300, right = -1e300, top = -1e300;
    void add(double x, double y) {
        if (!is_drawable(x) || !is_drawable(y)) return;
        left = std::min(left, x);
        right = std::max(right, x);
        bottom = std::min(bottom, y);
        top = std::max(top, y);
    }
};

}  // namespace

std::string map_figure(const MapFigure& map) {
    Extent extent;
    for (const auto& shape : map.shapes)
        for (const auto& ring : shape.rings)
            for (const auto& point : ring) extent.add(point[0], point[1]);
    for (const auto& mark : map.marks) extent.add(mark.x, mark.y);
    if (extent.left > extent.right) return no_data_figure(map.title, map.width);

    ChartLegend legend;
    for (const auto& [name, colour] : map.legend) legend.add(name, colour, ChartLegend::Symbol::box);
    const double head = legend.empty() ? 0 : legend.height(map.width) + 8;
    const double reach = std::max({(extent.right - extent.left) * map.x_stretch, extent.top - extent.bottom, 1e-12});
    const double wide = std::max((extent.right - extent.left) * map.x_stretch, reach * 1e-3);
    const double high = std::max(extent.top - extent.bottom, reach * 1e-3);
    const double scale =
        std::min((map.width - 2 * margin) / wide, (map.largest_height - 2 * margin) / high);  // pixels a y unit
    const double left = (map.width - wide * scale) / 2;
    const double top = head + margin;
    const double bottom = top + high * scale;
    const auto place = [&](double x, double y) {
        return SvgPoint{left + (x - extent.left) * map.x_stretch * scale, bottom - (y - extent.bottom) * scale};
    };
    Svg svg(map.width, bottom + margin + (map.metres_per_unit > 0 ? bar_room : 0));
    legend.draw(svg, 0, 0, map.width);
    for (const auto& shape : map.shapes) {
        SvgPath path;
        for (const auto& ring : shape.rings) {
            bool first = true;
            for (const auto& point : ring) {
                if (!is_drawable(point[0]) || !is_drawable(point[1])) continue;
                first ? path.move(place(point[0], point[1])) : path.line(place(point[0], point[1]));
                first = false;
            }
            if (!first) path.close();
        }
        if (!shape.fill.empty()) svg.path(path.str(), {shape.fill, {}, 1, shape.fill_opacity, {}}, shape.tooltip);
        if (!shape.stroke.empty())
            svg.path(path.str(), {{}, shape.stroke, shape.stroke_width, 1, shape.dash}, shape.tooltip);
    }
    for (const auto& mark : map.marks)
        svg.circle(place(mark.x, mark.y), 5, {mark.colour, "#ffffff", 1.5, 1, {}}, mark.tooltip);

    const double metres = map.metres_per_unit > 0 ? round_length(map.width / 5 / scale * map.metres_per_unit) : 0;
    if (metres > 0) {
        const double length = metres / map.metres_per_unit * scale;
        const double y = bottom + margin + 10;
        const SvgPaint line{{}, muted_colour, 1.5, 1, {}};
        svg.line({margin, y}, {margin + length, y}, line);
        svg.line({margin, y - 4}, {margin, y + 4}, line);
        svg.line({margin + length, y - 4}, {margin + length, y + 4}, line);
        SvgTextStyle style;
        style.size = tick_size;
        style.colour = muted_colour;
        svg.text(margin + length + 10, y + 4,
                 metres >= 1000 ? format_value(metres / 1000) + " km" : format_value(metres) + " m", style);
        const double x = map.width - margin - 8;
        svg.polygon({{x, y - 12}, {x - 6, y + 6}, {x, y + 2}, {x + 6, y + 6}}, {muted_colour, {}, 1, 1, {}}, "North");
        style.anchor = TextAnchor::middle;
        svg.text(x - 18, y + 4, "N", style);
    }
    return svg.str(map.title);
}

}  // namespace landcarbon
