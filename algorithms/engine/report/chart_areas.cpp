// Land Carbon Toolbox: stacked areas: how parts make up a whole over the years.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/report/area_chart.hpp"
#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

/// The heights of the borders at each x: one more than there are series; NaN at all of them where a value is unknown.
std::vector<std::vector<double>> borders_of(const AreaChart& chart, const std::vector<std::size_t>& drawn) {
    std::vector<std::vector<double>> borders(drawn.size() + 1, std::vector<double>(chart.x.size(), 0));
    for (std::size_t i = 0; i < chart.x.size(); ++i) {
        bool known = is_drawable(chart.x[i]);
        for (std::size_t k = 0; k < drawn.size(); ++k) {
            const auto& values = chart.series[drawn[k]].values;
            known = known && i < values.size() && is_drawable(values[i]);
            borders[k + 1][i] = known ? borders[k][i] + std::max(0.0, values[i]) : std::nan("");
        }
        if (!known)
            for (auto& border : borders) border[i] = std::nan("");
    }
    return borders;
}

}  // namespace

std::string area_chart(const AreaChart& chart) {
    std::vector<std::size_t> drawn;
    for (std::size_t s = 0; s < chart.series.size(); ++s)
        if (std::any_of(chart.series[s].values.begin(), chart.series[s].values.end(),
                        [](double value) { return !is_drawable(value) || value > 0; }))
            drawn.push_back(s);
    const auto borders = borders_of(chart, drawn);
    double top_value = 0, x_low = 0, x_high = 0;
    bool any = false, years = true;
    for (std::size_t i = 0; i < chart.x.size(); ++i) {
        if (drawn.empty() || std::isnan(borders.back()[i])) continue;
        top_value = std::max(top_value, borders.back()[i]);
        x_low = any ? std::min(x_low, chart.x[i]) : chart.x[i];
        x_high = any ? std::max(x_high, chart.x[i]) : chart.x[i];
        years = years && chart.x[i] == std::floor(chart.x[i]) && chart.x[i] >= 1000 && chart.x[i] <= 3000;
        any = true;
    }
    if (!any || !(top_value > 0)) return no_data_figure(chart.title, chart.width);

    ChartLegend legend;
    for (std::size_t k = drawn.size(); k-- > 0;)  // as they lie, from the top
        legend.add(chart.series[drawn[k]].name, colour_or_palette(chart.series[drawn[k]].colour, drawn[k]),
                   ChartLegend::Symbol::box);
    const std::string value_title = axis_title(chart.value_title, chart.unit);
    const double height = std::max(200.0, chart.height);
    const ChartAxis y = nice_axis(0, top_value, 6);
    const ChartAxis x = years ? year_axis(x_low, x_high, 10) : nice_axis(x_low, x_high, 9, AxisEnds::tight);
    PlotArea area;
    area.left = y_axis_room(y, value_title);
    area.right = chart.width - std::max(16.0, x.widest_label(tick_size) / 2 + 4);
    area.top = title_room(chart.title, chart.show_title) + legend.height(chart.width - area.left) + 10;
    area.bottom = height - x_axis_room(chart.x_title);

    Svg svg(chart.width, height);
    const double head = draw_title(svg, chart.title, chart.show_title);
    legend.draw(svg, area.left, head, chart.width - area.left);
    draw_y_axis(svg, y, area, value_title);
    const auto at = [&](std::size_t i, double value) {
        return SvgPoint{x.at(chart.x[i], area.left, area.right), y.at(value, area.bottom, area.top)};
    };
    for (std::size_t k = 0; k < drawn.size(); ++k) {
        const AreaSeries& series = chart.series[drawn[k]];
        const std::string colour = colour_or_palette(series.colour, drawn[k]);
        std::vector<SvgPoint> upper, lower;
        for (std::size_t i = 0; i <= chart.x.size(); ++i) {
            if (i < chart.x.size() && !std::isnan(borders[k][i])) {
                lower.push_back(at(i, borders[k][i]));
                upper.push_back(at(i, borders[k + 1][i]));
                continue;
            }
            if (upper.size() == 1)  // a single year between gaps
                svg.line(lower[0], upper[0], {.stroke = colour, .stroke_width = 4}, series.name);
            if (upper.size() > 1) {
                upper.insert(upper.end(), lower.rbegin(), lower.rend());
                svg.polygon(upper, {.fill = colour, .stroke = "#ffffff", .stroke_width = 0.6, .opacity = 0.92},
                            series.name);
            }
            upper.clear();
            lower.clear();
        }
    }
    // Values under the pointer, year by year.
    for (std::size_t i = 0; i < chart.x.size(); ++i) {
        if (std::isnan(borders.back()[i])) continue;
        const double half = std::max(2.0, area.width() / static_cast<double>(chart.x.size()) / 2);
        std::string tooltip = years ? format_number(chart.x[i]) : format_value(chart.x[i], 6);
        tooltip += ": " + with_unit(borders.back()[i], chart.unit);
        for (std::size_t k = drawn.size(); k-- > 0;)
            tooltip +=
                "\n" + chart.series[drawn[k]].name + ": " + with_unit(chart.series[drawn[k]].values[i], chart.unit);
        const double centre = at(i, 0).x, left = std::max(area.left, centre - half);
        svg.rect(left, area.top, std::min(area.right, centre + half) - left, area.height(),
                 {.fill = "#ffffff", .opacity = 0}, tooltip);
    }
    draw_x_axis(svg, x, area, chart.x_title, false);
    svg.line({area.left, area.bottom}, {area.right, area.bottom}, {.stroke = axis_colour});
    return svg.str(chart.title);
}

}  // namespace landcarbon
