// Land Carbon Toolbox: pictures of maps for reports, side by side with one legend.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/picture_figure.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr double gap = 16, title_height = 24, bar_room = 34;

}  // namespace

std::string picture_figure(const PictureFigure& figure) {
    if (figure.pictures.empty() || !(figure.width_units > 0) || !(figure.height_units > 0))
        return no_data_figure(figure.title, figure.width);
    ChartLegend legend;
    for (const auto& [name, colour] : figure.legend) legend.add(name, colour, ChartLegend::Symbol::box);
    const double head = legend.empty() ? 0 : legend.height(figure.width) + 10;
    const std::size_t columns = std::min(std::max<std::size_t>(1, figure.columns), figure.pictures.size());
    const std::size_t rows = (figure.pictures.size() + columns - 1) / columns;
    const double room = (figure.width - gap * static_cast<double>(columns - 1)) / static_cast<double>(columns);
    const double scale = std::min(room / figure.width_units, figure.largest_height / figure.height_units);
    const double wide = std::max(1.0, figure.width_units * scale), high = std::max(1.0, figure.height_units * scale);
    const bool titled =
        std::any_of(figure.pictures.begin(), figure.pictures.end(), [](const Picture& p) { return !p.title.empty(); });
    const double row_height = (titled ? title_height : 0) + high + gap;
    const double scaled = figure.metres_per_unit > 0 ? bar_room : 0;
    Svg svg(figure.width, head + row_height * static_cast<double>(rows) + scaled);
    legend.draw(svg, 0, 0, figure.width);
    const double left = (figure.width - (wide + gap) * static_cast<double>(columns) + gap) / 2;
    for (std::size_t i = 0; i < figure.pictures.size(); ++i) {
        const double x = left + (wide + gap) * static_cast<double>(i % columns);
        double y = head + row_height * static_cast<double>(i / columns);
        if (titled) {
            SvgTextStyle style;
            style.weight = 600;
            svg.text(x, y + 15, figure.pictures[i].title, style);
            y += title_height;
        }
        svg.image(x, y, wide, high, figure.pictures[i].png, figure.pictures[i].title);
        svg.rect(x, y, wide, high, {{}, grid_colour, 1, 1, {}});
    }
    if (figure.metres_per_unit > 0) {
        const double metres = round_length(room / 4 / scale * figure.metres_per_unit);
        const double length = metres / figure.metres_per_unit * scale;
        const double y = svg.height() - bar_room / 2;
        const SvgPaint line{{}, muted_colour, 1.5, 1, {}};
        svg.line({left, y}, {left + length, y}, line);
        svg.line({left, y - 4}, {left, y + 4}, line);
        svg.line({left + length, y - 4}, {left + length, y + 4}, line);
        SvgTextStyle style;
        style.size = tick_size;
        style.colour = muted_colour;
        svg.text(left + length + 10, y + 4,
                 metres >= 1000 ? format_value(metres / 1000) + " km" : format_value(metres) + " m", style);
    }
    return svg.str(figure.title);
}

}  // namespace landcarbon
