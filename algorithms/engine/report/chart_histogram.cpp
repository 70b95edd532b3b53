// Land Carbon Toolbox: histograms and the choice of their bins.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

bool is_usable(const HistogramChart& chart) {
    if (chart.counts.empty() || chart.edges.size() != chart.counts.size() + 1) return false;
    for (std::size_t i = 0; i < chart.edges.size(); ++i) {
        if (!is_drawable(chart.edges[i])) return false;
        if (i > 0 && !(chart.edges[i] > chart.edges[i - 1])) return false;
    }
    return true;
}

}  // namespace

HistogramChart histogram_of(const std::vector<double>& values) {
    HistogramChart chart;
    std::vector<double> sorted;
    for (const double value : values)
        if (is_drawable(value)) sorted.push_back(value);
    if (sorted.empty()) return chart;
    std::sort(sorted.begin(), sorted.end());
    const double n = static_cast<double>(sorted.size()), range = sorted.back() - sorted.front();
    const double quartile_range = sorted[sorted.size() * 3 / 4] - sorted[sorted.size() / 4];
    const double width = 2 * quartile_range / std::cbrt(n);
    const double bins = width > 0 ? std::clamp(range / width, 1.0, 45.0) : std::clamp(std::sqrt(n), 1.0, 45.0);
    const ChartAxis axis = nice_axis(sorted.front(), sorted.back(), static_cast<int>(std::ceil(bins)));
    chart.edges = axis.ticks;
    chart.counts.assign(chart.edges.size() - 1, 0);
    for (const double value : sorted) {
        // Bins are closed below and open above; the last one is closed.
        const auto above = std::upper_bound(chart.edges.begin(), chart.edges.end(), value);
        const auto bin = std::clamp<std::ptrdiff_t>(above - chart.edges.begin() - 1, 0,
                                                    static_cast<std::ptrdiff_t>(chart.counts.size()) - 1);
        ++chart.counts[static_cast<std::size_t>(bin)];
    }
    return chart;
}

std::string histogram(const HistogramChart& chart) {
    if (!is_usable(chart)) return no_data_figure(chart.title, chart.width);
    double largest = 0;
    for (const double count : chart.counts)
        if (is_drawable(count)) largest = std::max(largest, count);

    const ChartAxis y = nice_axis(0, largest, 6);
    const ChartAxis x = nice_axis(chart.edges.front(), chart.edges.back(), 9, AxisEnds::tight);
    const double height = std::max(200.0, chart.height);
    PlotArea area;
    area.left = y_axis_room(y, chart.value_title);
    area.right = chart.width - std::max(16.0, x.widest_label(tick_size) / 2 + 4);
    area.top = title_room(chart.title, chart.show_title) + 10 + upright_room(chart.reference_lines);
    area.bottom = height - x_axis_room(chart.x_title);

    Svg svg(chart.width, height);
    draw_title(svg, chart.title, chart.show_title);
    draw_y_axis(svg, y, area, chart.value_title);
    draw_x_axis(svg, x, area, chart.x_title, false);
    for (std::size_t i = 0; i < chart.counts.size(); ++i) {
        const double count = chart.counts[i];
        if (!is_drawable(count) || count <= 0) continue;
        const double top = y.at(count, area.bottom, area.top);
        // A bar that breaks cut has a piece for each class.
        double from = chart.edges[i];
        while (from < chart.edges[i + 1]) {
            const auto next = std::upper_bound(chart.breaks.begin(), chart.breaks.end(), from);
            const auto place = static_cast<std::size_t>(next - chart.breaks.begin());
            const double to = next == chart.breaks.end() ? chart.edges[i + 1] : std::min(*next, chart.edges[i + 1]);
            const double left = x.at(from, area.left, area.right), right = x.at(to, area.left, area.right);
            const std::string colour =
                place < chart.class_colours.size() ? chart.class_colours[place] : colour_or_palette(chart.colour, 0);
            svg.rect(left, top, right - left, area.bottom - top,
                     {.fill = colour, .stroke = "#ffffff", .stroke_width = 0.8},
                     format_value(chart.edges[i], 6) + " to " + format_value(chart.edges[i + 1], 6) + ": " +
                         format_value(count, 6));
            from = to;
        }
    }
    for (const double limit : chart.breaks) {
        if (!(limit > x.low && limit < x.high)) continue;
        const double at = x.at(limit, area.left, area.right);
        svg.line({at, area.top}, {at, area.bottom}, {.stroke = text_colour, .stroke_width = 1, .dash = "3 3"},
                 "break: " + format_value(limit, 6));
    }
    svg.line({area.left, area.bottom}, {area.right, area.bottom}, {.stroke = axis_colour});
    draw_uprights(svg, x, area, chart.reference_lines, {});
    return svg.str(chart.title);
}

}  // namespace landcarbon
