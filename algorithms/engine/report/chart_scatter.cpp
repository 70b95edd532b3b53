// Land Carbon Toolbox: scatter charts, with a 1:1 line where two estimates of one thing are compared.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/shown.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

bool has_point(const ScatterSeries& series, std::size_t i) {
    return i < series.x.size() && i < series.y.size() && is_drawable(series.x[i]) && is_drawable(series.y[i]);
}

std::string draw_points(const ScatterChart& chart) {
    double x_low = 0, x_high = 0, y_low = 0, y_high = 0;
    std::size_t points = 0;
    for (const ScatterSeries& series : chart.series) {
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!has_point(series, i)) continue;
            const double x = series.x[i], y = series.y[i];
            x_low = points ? std::min(x_low, x) : x;
            x_high = points ? std::max(x_high, x) : x;
            y_low = points ? std::min(y_low, y) : y;
            y_high = points ? std::max(y_high, y) : y;
            ++points;
        }
    }
    if (points == 0) return no_data_figure(chart.title, chart.width);
    if (chart.one_to_one) {
        x_low = y_low = std::min(x_low, y_low);
        x_high = y_high = std::max(x_high, y_high);
    }

    ChartLegend legend;
    for (std::size_t s = 0; s < chart.series.size() && chart.series.size() > 1; ++s)
        legend.add(chart.series[s].name, colour_or_palette(chart.series[s].colour, s), ChartLegend::Symbol::marker,
                   s % 4);
    const ChartAxis x = nice_axis(x_low, x_high, 6), y = nice_axis(y_low, y_high, 6);
    PlotArea area;
    area.left = y_axis_room(y, chart.y_title);
    area.right = chart.width - std::max(16.0, x.widest_label(tick_size) / 2 + 4);
    area.top = title_room(chart.title, chart.show_title) + legend.height(chart.width - area.left) + 10;
    const double below = x_axis_room(chart.x_title);
    const double height = chart.height > 0 ? std::max(200.0, chart.height)
                                           : area.top + below + (chart.one_to_one ? area.width() : area.width() * 0.7);
    area.bottom = height - below;

    Svg svg(chart.width, height);
    const double top = draw_title(svg, chart.title, chart.show_title);
    legend.draw(svg, area.left, top, chart.width - area.left);
    draw_y_axis(svg, y, area, chart.y_title);
    draw_x_axis(svg, x, area, chart.x_title);
    svg.rect(area.left, area.top, area.width(), area.height(), {.stroke = axis_colour});
    if (chart.one_to_one) {
        svg.line({area.left, area.bottom}, {area.right, area.top},
                 {.stroke = muted_colour, .stroke_width = 1.4, .dash = "6 4"}, "1:1 line");
        svg.text(area.right - 12, area.top + 30, "1:1",
                 {.size = small_size, .anchor = TextAnchor::end, .colour = muted_colour, .halo = true});
    }
    const double radius = points > 2000 ? 1.6 : points > 300 ? 2.4 : 4;
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
        const ScatterSeries& series = chart.series[s];
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!has_point(series, i)) continue;
            std::string tooltip = i < series.labels.size() ? series.labels[i] : series.name;
            if (!tooltip.empty()) tooltip += ": ";
            tooltip += format_value(series.x[i], 6) + ", " + format_value(series.y[i], 6);
            draw_marker(svg, {x.at(series.x[i], area.left, area.right), y.at(series.y[i], area.bottom, area.top)}, s,
                        radius, colour_or_palette(series.colour, s), tooltip);
        }
    }
    return svg.str(chart.title);
}

}  // namespace

std::string scatter_chart(const ScatterChart& chart) {
    constexpr std::size_t most_points = 5000;  // of all series
    std::size_t all = 0;
    for (const ScatterSeries& series : chart.series) all += series.x.size();
    if (all > most_points) {
        // Regularly, so that clouds keep their form.
        const std::size_t step = (all - 1) / most_points + 1;
        ScatterChart part = chart;
        for (ScatterSeries& series : part.series) {
            std::vector<std::size_t> places;
            for (std::size_t i = 0; i < series.x.size(); i += step) places.push_back(i);
            series.x = picked(series.x, places);
            series.y = picked(series.y, places);
            series.labels = picked(series.labels, places);
        }
        part.x_title += " (one in " + std::to_string(step) + " of " + std::to_string(all) + " points)";
        return draw_points(part);
    }
    return draw_points(chart);
}

}  // namespace landcarbon
