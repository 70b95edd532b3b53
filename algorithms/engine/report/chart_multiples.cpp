// Land Carbon Toolbox: small multiples: the same lines for many units, one small panel each.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/small_multiples.hpp"
#include "engine/report/text_layout.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr double space_between = 12, name_room = 17, foot = 16;

class Panels {
public:
    Panels(Svg& svg, const SmallMultiples& chart, double x_low, double x_high)
        : svg_(svg), chart_(chart), x_low_(x_low), x_high_(x_high) {}

    void draw(const SmallPanel& panel, double left, double top, double width) const {
        const double bottom = top + name_room + chart_.panel_height;
        double low = 0, high = 0;
        for (const auto& line : panel.values)
            for (const double value : line) {
                if (!is_drawable(value)) continue;
                low = std::min(low, value);
                high = std::max(high, value);
            }
        const std::string largest = format_short(high);
        SvgTextStyle style;
        style.size = small_size;
        style.colour = muted_colour;
        style.anchor = TextAnchor::end;
        svg_.text(left + width, top + 11, largest, style, "Largest value: " + with_unit(high, chart_.unit));
        style.anchor = TextAnchor::start;
        style.colour = text_colour;
        style.weight = 600;
        svg_.text(left, top + 11, shorten(panel.name, width - text_width(largest, small_size) - 8, small_size, true),
                  style, panel.name);
        svg_.rect(left, top + name_room, width, chart_.panel_height, {.fill = "#f5f7fa"});
        if (high == low) high = low + 1;
        const auto at = [&](std::size_t i, double value) {
            const double x = x_high_ > x_low_ ? (chart_.x[i] - x_low_) / (x_high_ - x_low_) : 0.5;
            return SvgPoint{left + 3 + x * (width - 6),
                            bottom - 3 - (value - low) / (high - low) * (chart_.panel_height - 6)};
        };
        if (low < 0)
            svg_.line({left, at(0, 0).y}, {left + width, at(0, 0).y}, {.stroke = axis_colour, .stroke_width = 0.6});
        svg_.line({left, bottom}, {left + width, bottom}, {.stroke = axis_colour, .stroke_width = 0.8});
        for (std::size_t l = 0; l < panel.values.size(); ++l) draw_line(panel, l, at);
    }

    std::string colour(std::size_t line) const {
        return colour_or_palette(line < chart_.line_colours.size() ? chart_.line_colours[line] : "", line);
    }

private:
    template <class At>
    void draw_line(const SmallPanel& panel, std::size_t l, const At& at) const {
        const auto& values = panel.values[l];
        const std::string name = panel.name + (l < chart_.line_names.size() ? ", " + chart_.line_names[l] : "");
        std::vector<SvgPoint> run;
        for (std::size_t i = 0; i <= chart_.x.size(); ++i) {
            if (i < chart_.x.size() && i < values.size() && is_drawable(values[i])) {
                run.push_back(at(i, values[i]));
                continue;
            }
            if (run.size() == 1) svg_.circle(run[0], 2, {.fill = colour(l)}, name);
            if (run.size() > 1) svg_.polyline(run, {.stroke = colour(l), .stroke_width = 1.6}, name);
            run.clear();
        }
    }

    Svg& svg_;
    const SmallMultiples& chart_;
    double x_low_, x_high_;
};

}  // namespace

std::string small_multiples(const SmallMultiples& chart) {
    if (chart.panels.empty() || chart.x.empty()) return no_data_figure(chart.title, chart.width);
    const double x_low = chart.x.front(), x_high = chart.x.back();
    ChartLegend legend;
    for (std::size_t l = 0; l < chart.line_names.size(); ++l)
        legend.add(chart.line_names[l],
                   colour_or_palette(l < chart.line_colours.size() ? chart.line_colours[l] : "", l),
                   ChartLegend::Symbol::line);
    const std::size_t columns = std::max<std::size_t>(1, std::min(chart.columns, chart.panels.size()));
    const std::size_t rows = (chart.panels.size() + columns - 1) / columns;
    const double head = legend.empty() ? 0 : legend.height(chart.width) + 6;
    const double width =
        (chart.width - space_between * static_cast<double>(columns - 1)) / static_cast<double>(columns);
    const double row_height = name_room + chart.panel_height + space_between;
    Svg svg(chart.width, head + row_height * static_cast<double>(rows) + foot);
    legend.draw(svg, 0, 0, chart.width);
    const Panels panels(svg, chart, x_low, x_high);
    for (std::size_t i = 0; i < chart.panels.size(); ++i)
        panels.draw(chart.panels[i], static_cast<double>(i % columns) * (width + space_between),
                    head + row_height * static_cast<double>(i / columns), width);
    // The ends of the x axis stand below each column, under its last panel.
    SvgTextStyle style;
    style.size = small_size;
    style.colour = muted_colour;
    const bool years = x_low >= 1000 && x_high <= 3000;
    const auto label = [&](double x) { return years ? format_number(x) : format_value(x, 6); };
    for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t last_row = (chart.panels.size() - 1 - c) / columns;
        const double left = static_cast<double>(c) * (width + space_between);
        const double y = head + row_height * static_cast<double>(last_row + 1) - space_between + 11;
        style.anchor = TextAnchor::start;
        svg.text(left, y, label(x_low), style);
        style.anchor = TextAnchor::end;
        if (x_high > x_low) svg.text(left + width, y, label(x_high), style);
    }
    return svg.str(chart.title);
}

}  // namespace landcarbon
