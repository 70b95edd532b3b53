// Land Carbon Toolbox: line charts of series over years or any numeric x, with bands and markers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/shown.hpp"
#include "engine/report/text_layout.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr std::size_t most_markers = 60;  // longer series show their line only

double value_at(const std::vector<double>& values, std::size_t i) {
    return i < values.size() && is_drawable(values[i]) ? values[i] : std::nan("");
}

bool has_point(const LineChart& chart, const LineSeries& series, std::size_t i) {
    const double y = value_at(series.y, i);
    return !std::isnan(value_at(series.x, i)) && !std::isnan(y) && (!chart.logarithmic || y > 0);
}

bool has_band(const LineChart& chart, const LineSeries& series, std::size_t i) {
    const double lower = value_at(series.lower, i);
    return !std::isnan(value_at(series.x, i)) && !std::isnan(lower) && !std::isnan(value_at(series.upper, i)) &&
           (!chart.logarithmic || lower > 0);
}

struct Ranges {
    double x_low = 0, x_high = 0, y_low = 0, y_high = 0;
    bool any = false;
    bool whole = true;  ///< all x are whole numbers
    bool years = true;  ///< and may be years
    void add(double x, double y) {
        if (!any) {
            x_low = x_high = x;
            y_low = y_high = y;
            any = true;
        }
        x_low = std::min(x_low, x);
        x_high = std::max(x_high, x);
        y_low = std::min(y_low, y);
        y_high = std::max(y_high, y);
        whole = whole && x == std::floor(x);
        years = years && whole && x >= 1000 && x <= 3000;
    }
};

Ranges ranges_of(const LineChart& chart) {
    Ranges ranges;
    for (const LineSeries& series : chart.series) {
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (has_point(chart, series, i)) ranges.add(series.x[i], series.y[i]);
            if (has_band(chart, series, i)) {
                ranges.add(series.x[i], series.lower[i]);
                ranges.add(series.x[i], series.upper[i]);
            }
        }
    }
    for (const ReferenceLine& line : chart.reference_lines) {
        if (!ranges.any || !is_drawable(line.value) || (chart.logarithmic && line.value <= 0)) continue;
        ranges.y_low = std::min(ranges.y_low, line.value);
        ranges.y_high = std::max(ranges.y_high, line.value);
    }
    if (chart.from_zero && !chart.logarithmic) {
        ranges.y_low = std::min(ranges.y_low, 0.0);
        ranges.y_high = std::max(ranges.y_high, 0.0);
    }
    return ranges;
}

class LinePainter {
public:
    LinePainter(Svg& svg, const LineChart& chart, const ChartAxis& x, const ChartAxis& y, const PlotArea& area)
        : svg_(svg), chart_(chart), x_(x), y_(y), area_(area) {}

    void band(std::size_t s) {
        const LineSeries& series = chart_.series[s];
        std::vector<SvgPoint> upper, lower;
        for (std::size_t i = 0; i <= series.x.size(); ++i) {
            if (i < series.x.size() && has_band(chart_, series, i)) {
                upper.push_back(at(series.x[i], series.upper[i]));
                lower.push_back(at(series.x[i], series.lower[i]));
                continue;
            }
            if (upper.size() > 1) {
                upper.insert(upper.end(), lower.rbegin(), lower.rend());
                svg_.polygon(upper, {.fill = colour(s), .opacity = 0.18}, series.name);
            }
            upper.clear();
            lower.clear();
        }
    }

    void line(std::size_t s) {
        const LineSeries& series = chart_.series[s];
        std::vector<SvgPoint> run;
        for (std::size_t i = 0; i <= series.x.size(); ++i) {
            if (i < series.x.size() && has_point(chart_, series, i)) {
                run.push_back(at(series.x[i], series.y[i]));
                continue;
            }
            if (run.size() > 1)
                svg_.polyline(run, {.stroke = colour(s), .stroke_width = 2.2, .dash = series.dashed ? "6 4" : ""},
                              series.name);
            run.clear();
        }
    }

    void markers(std::size_t s) {
        const LineSeries& series = chart_.series[s];
        const bool many = series.x.size() > most_markers;
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!has_point(chart_, series, i)) continue;
            const bool alone = (i == 0 || !has_point(chart_, series, i - 1)) && !has_point(chart_, series, i + 1);
            if ((!series.markers || many) && !alone) continue;
            std::string tooltip = series.name.empty() ? "" : series.name + ", ";
            tooltip += x_.plain_years ? format_number(series.x[i]) : format_value(series.x[i], 6);
            tooltip += ": " + with_unit(series.y[i], chart_.unit);
            if (has_band(chart_, series, i))
                tooltip += " (" + format_value(series.lower[i]) + " to " + format_value(series.upper[i]) + ")";
            draw_marker(svg_, at(series.x[i], series.y[i]), s, 4, colour(s), tooltip);
        }
    }

    std::string colour(std::size_t s) const { return colour_or_palette(chart_.series[s].colour, s); }

private:
    SvgPoint at(double x, double y) const {
        return {x_.at(x, area_.left, area_.right), y_.at(y, area_.bottom, area_.top)};
    }

    Svg& svg_;
    const LineChart& chart_;
    const ChartAxis& x_;
    const ChartAxis& y_;
    const PlotArea& area_;
};

}  // namespace

std::string line_chart(const LineChart& chart) {
    if (const std::size_t all = chart.series.size(); all > most_shown) {
        std::vector<double> sizes(all);
        for (std::size_t s = 0; s < all; ++s)
            for (std::size_t i = 0; i < chart.series[s].y.size(); ++i)
                if (has_point(chart, chart.series[s], i)) sizes[s] = std::max(sizes[s], std::abs(chart.series[s].y[i]));
        LineChart part = chart;
        part.series = picked(chart.series, largest_of(sizes));
        part.value_title += " (the " + std::to_string(most_shown) + " largest of " + std::to_string(all) + ")";
        return line_chart(part);
    }
    const Ranges ranges = ranges_of(chart);
    if (!ranges.any) return no_data_figure(chart.title, chart.width);

    ChartLegend legend;
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
        const LineSeries& series = chart.series[s];
        if (chart.series.size() == 1 && series.name.empty()) continue;
        legend.add(series.name, colour_or_palette(series.colour, s),
                   series.dashed ? ChartLegend::Symbol::dashed_line : ChartLegend::Symbol::line,
                   series.markers && series.x.size() <= most_markers ? s % 4 + 1 : 0);
    }
    const std::string value_title = axis_title(chart.value_title, chart.unit);
    const double height = std::max(200.0, chart.height);
    const ChartAxis y =
        chart.logarithmic ? log_axis(ranges.y_low, ranges.y_high) : nice_axis(ranges.y_low, ranges.y_high, 6);
    // Between steps 2 and 3 there is no step 2.5.
    ChartAxis x = ranges.whole ? year_axis(ranges.x_low, ranges.x_high, 10)
                               : nice_axis(ranges.x_low, ranges.x_high, 9, AxisEnds::tight);
    x.plain_years = ranges.years;
    PlotArea area;
    area.left = y_axis_room(y, value_title);
    area.right = chart.width - std::max({16.0, x.widest_label(tick_size) / 2 + 4, level_room(chart.reference_lines)});
    area.top = title_room(chart.title, chart.show_title) + legend.height(chart.width - area.left) +
               std::max(10.0, upright_room(chart.upright_lines));
    area.bottom = height - x_axis_room(chart.x_title);

    Svg svg(chart.width, height);
    const double top = draw_title(svg, chart.title, chart.show_title);
    legend.draw(svg, area.left, top, chart.width - area.left);
    draw_y_axis(svg, y, area, value_title);
    draw_x_axis(svg, x, area, chart.x_title, false);
    svg.line({area.left, area.bottom}, {area.right, area.bottom}, {.stroke = axis_colour});
    if (y.low < 0 && y.high > 0)
        svg.line({area.left, y.at(0, area.bottom, area.top)}, {area.right, y.at(0, area.bottom, area.top)},
                 {.stroke = axis_colour});
    LinePainter painter(svg, chart, x, y, area);
    for (std::size_t s = 0; s < chart.series.size(); ++s) painter.band(s);
    draw_levels(svg, y, area, chart.reference_lines, chart.unit);
    draw_uprights(svg, x, area, chart.upright_lines, {});
    for (std::size_t s = 0; s < chart.series.size(); ++s) painter.line(s);
    for (std::size_t s = 0; s < chart.series.size(); ++s) painter.markers(s);
    return svg.str(chart.title);
}

}  // namespace landcarbon
