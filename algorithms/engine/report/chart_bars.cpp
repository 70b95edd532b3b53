// Land Carbon Toolbox: bar charts: vertical or horizontal, grouped or stacked, with error bars.
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

constexpr double label_line = 15;        // line height of category labels
constexpr double longest_label = 220;    // category labels beside horizontal bars
constexpr double longest_slanted = 150;  // category labels under narrow vertical bars
constexpr double slant = 0.643;          // sine of 40 degrees

double value_at(const std::vector<double>& values, std::size_t i) {
    return i < values.size() && is_drawable(values[i]) ? values[i] : std::nan("");
}

double error_at(const BarSeries& series, std::size_t i) {
    const double error = value_at(series.errors, i);
    return std::isnan(error) ? 0 : std::abs(error);
}

/// Range of all that is drawn, with zero.
struct Range {
    double low = 0, high = 0;
    bool any = false;
    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
        any = true;
    }
};

Range range_of(const BarChart& chart) {
    Range range;
    for (std::size_t i = 0; i < chart.categories.size(); ++i) {
        double up = 0, down = 0;
        for (const BarSeries& series : chart.series) {
            const double value = value_at(series.values, i);
            if (std::isnan(value)) continue;
            if (chart.stacked) {
                (value < 0 ? down : up) += value;
                range.add(up);
                range.add(down);
            } else {
                range.add(value + error_at(series, i));
                range.add(value - error_at(series, i));
            }
        }
    }
    if (range.any) {
        for (const ReferenceLine& line : chart.reference_lines)
            if (is_drawable(line.value)) range.add(line.value);
    }
    return range;
}

std::string series_colour(const BarChart& chart, std::size_t series, std::size_t category) {
    if (chart.series.size() == 1 && category < chart.category_colours.size())
        return colour_or_palette(chart.category_colours[category], category);
    return colour_or_palette(chart.series[series].colour, series);
}

/// Draws bars in (category position, value) coordinates, so that one code serves both directions.
class BarPainter {
public:
    BarPainter(Svg& svg, const BarChart& chart, const ChartAxis& axis, const PlotArea& area)
        : svg_(svg), chart_(chart), axis_(axis), area_(area) {}

    double slot() const {
        const double length = chart_.horizontal ? area_.height() : area_.width();
        return length / static_cast<double>(chart_.categories.size());
    }

    void draw() {
        const std::size_t per_slot = chart_.stacked ? 1 : chart_.series.size();
        const double group = std::min(slot() * 0.76, 84.0 * static_cast<double>(per_slot));
        thickness_ = group / static_cast<double>(per_slot);
        labels_fit_ = chart_.value_labels && labels_fit();
        for (std::size_t i = 0; i < chart_.categories.size(); ++i) {
            const double start = slot() * static_cast<double>(i) + (slot() - group) / 2;
            double up = 0, down = 0;
            for (std::size_t s = 0; s < chart_.series.size(); ++s) {
                const double value = value_at(chart_.series[s].values, i);
                if (std::isnan(value)) continue;
                if (chart_.stacked) {
                    double& base = value < 0 ? down : up;
                    bar(s, i, start, base, base + value, value);
                    base += value;
                } else {
                    bar(s, i, start + thickness_ * static_cast<double>(s), 0, value, value);
                }
            }
        }
        zero_line();
        if (chart_.horizontal)
            draw_uprights(svg_, axis_, area_, chart_.reference_lines, chart_.unit);
        else
            draw_levels(svg_, axis_, area_, chart_.reference_lines, chart_.unit);
        for (const Label& label : labels_) svg_.text(label.x, label.y, label.text, label.style);
    }

private:
    struct Label {
        double x, y;
        std::string text;
        SvgTextStyle style;
    };

    double along(double value) const {
        return chart_.horizontal ? axis_.at(value, area_.left, area_.right) : axis_.at(value, area_.bottom, area_.top);
    }
    double across(double position) const { return (chart_.horizontal ? area_.top : area_.left) + position; }
    SvgPoint point(double position, double value) const {
        return chart_.horizontal ? SvgPoint{along(value), across(position)} : SvgPoint{across(position), along(value)};
    }

    /// Labels stand for all bars or for none: a few missing ones would look like missing values.
    bool labels_fit() const {
        if (chart_.horizontal) return thickness_ >= 10;
        double widest = 0;
        for (const BarSeries& series : chart_.series)
            for (std::size_t i = 0; i < chart_.categories.size(); ++i)
                widest = std::max(widest, text_width(format_value(value_at(series.values, i)), small_size));
        const double room = chart_.series.size() == 1 ? slot() : thickness_;
        return chart_.stacked || widest <= room;
    }

    void bar(std::size_t series, std::size_t category, double start, double from, double to, double value) {
        const BarSeries& data = chart_.series[series];
        const std::string colour = series_colour(chart_, series, category);
        const double gap = thickness_ > 6 && !chart_.stacked ? 1 : 0;
        const double a = along(std::min(from, to)), b = along(std::max(from, to));
        const double error = chart_.stacked ? 0 : error_at(data, category);
        std::string tooltip = chart_.categories[category];
        if (!data.name.empty()) tooltip += ", " + data.name;
        tooltip += ": " + with_unit(value, chart_.unit);
        if (error > 0) tooltip += " \xC2\xB1 " + format_value(error);
        const SvgPaint paint{.fill = colour, .stroke = chart_.stacked ? "#ffffff" : "", .stroke_width = 0.6};
        if (chart_.horizontal)
            svg_.rect(a, across(start) + gap / 2, b - a, thickness_ - gap, paint, tooltip);
        else
            svg_.rect(across(start) + gap / 2, b, thickness_ - gap, a - b, paint, tooltip);
        const double middle = start + thickness_ / 2;
        if (error > 0) error_bar(middle, to, error);
        if (labels_fit_) value_label(middle, from, to, value, error, colour);
    }

    void error_bar(double middle, double value, double error) {
        const SvgPaint paint{.stroke = text_colour, .stroke_width = 1.2};
        const double cap = std::min(5.0, thickness_ / 3);
        svg_.line(point(middle, value - error), point(middle, value + error), paint);
        for (const double end : {value - error, value + error})
            svg_.line(point(middle - cap, end), point(middle + cap, end), paint);
    }

    void value_label(double middle, double from, double to, double value, double error, const std::string& colour) {
        const std::string text = format_value(value);
        if (chart_.stacked) {
            const double room = std::abs(along(to) - along(from));
            const bool fits = chart_.horizontal ? room >= text_width(text, small_size) + 6 && thickness_ >= 13
                                                : room >= 14 && thickness_ >= text_width(text, small_size);
            if (!fits) return;
            const SvgPoint at = point(middle, (from + to) / 2);
            labels_.push_back({at.x,
                               at.y,
                               text,
                               {.size = small_size,
                                .anchor = TextAnchor::middle,
                                .colour = readable_on(*parse_colour(colour)),
                                .centred = true}});
            return;
        }
        const double side = value < 0 ? -1 : 1;
        const SvgPoint at = point(middle, to + side * error);
        SvgTextStyle style{.size = small_size, .colour = text_colour, .centred = true, .halo = true};
        if (chart_.horizontal) {
            style.anchor = value < 0 ? TextAnchor::end : TextAnchor::start;
            labels_.push_back({at.x + side * 5, at.y, text, style});
        } else {
            style.anchor = TextAnchor::middle;
            double y = at.y - side * 9;
            for (const ReferenceLine& line : chart_.reference_lines)  // no label on a line
                if (is_drawable(line.value) && std::abs(y - along(line.value)) < 9) y = along(line.value) - side * 10;
            labels_.push_back({at.x, y, text, style});
        }
    }

    void zero_line() {
        if (chart_.horizontal)
            svg_.line({along(0), area_.top}, {along(0), area_.bottom}, {.stroke = axis_colour});
        else
            svg_.line({area_.left, along(0)}, {area_.right, along(0)}, {.stroke = axis_colour});
    }

    Svg& svg_;
    const BarChart& chart_;
    const ChartAxis& axis_;
    const PlotArea& area_;
    double thickness_ = 0;
    bool labels_fit_ = false;
    std::vector<Label> labels_;  // drawn last, above the reference lines
};

ChartLegend legend_of(const BarChart& chart) {
    ChartLegend legend;
    if (chart.series.size() > 1) {
        for (std::size_t s = 0; s < chart.series.size(); ++s)
            legend.add(chart.series[s].name, series_colour(chart, s, 0), ChartLegend::Symbol::box);
    }
    return legend;
}

std::string vertical_bars(const BarChart& chart, const Range& range) {
    const ChartLegend legend = legend_of(chart);
    const std::string value_title = axis_title(chart.value_title, chart.unit);
    const double height = chart.height > 0 ? chart.height : 400;
    const ChartAxis axis = nice_axis(range.low, range.high, 6);

    PlotArea area;
    area.left = y_axis_room(axis, value_title);
    area.right = chart.width - 12 - level_room(chart.reference_lines);
    area.top = title_room(chart.title, chart.show_title) + legend.height(chart.width) + 20;
    const double columns = static_cast<double>(chart.categories.size());
    double slot = area.width() / columns;

    // Labels lie flat on up to three lines if every word fits its slot, else they are slanted.
    bool flat = slot >= 40;
    std::size_t lines = 1;
    double longest = 0;
    for (const std::string& category : chart.categories) {
        const std::string shown = shorten(category, longest_slanted, tick_size);
        longest = std::max(longest, text_width(shown, tick_size));
        const auto wrapped = wrap(category, slot - 6, tick_size, 3);
        lines = std::max(lines, wrapped.size());
        std::string joined;
        for (const auto& line : wrapped) joined += (joined.empty() ? "" : " ") + line;
        flat = flat && joined == clean_utf8(category);
    }
    const double label_room = flat ? static_cast<double>(lines) * label_line + 8 : longest * slant + 28;
    const double title_space = chart.category_title.empty() ? 6 : 26;
    area.bottom = height - label_room - title_space;
    if (!flat) {  // the first label leans out to the left
        area.left = std::max(area.left, longest * 0.766 - slot / 2 + 8);
        slot = area.width() / columns;
    }

    Svg svg(chart.width, height);
    const double top = draw_title(svg, chart.title, chart.show_title);
    legend.draw(svg, area.left, top, chart.width - area.left);
    draw_y_axis(svg, axis, area, value_title);
    BarPainter(svg, chart, axis, area).draw();
    for (std::size_t i = 0; i < chart.categories.size(); ++i) {
        const std::string& name = chart.categories[i];
        const double x = area.left + slot * (static_cast<double>(i) + 0.5);
        if (!flat) {
            // Too many categories for one label each: every n-th is labelled, all have tooltips on their bars.
            const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(14 / slot)));
            if (i % every == 0)
                svg.text(x + 3, area.bottom + 17, shorten(name, longest_slanted, tick_size),
                         {.size = tick_size, .anchor = TextAnchor::end, .rotate = -40, .colour = text_colour}, name);
            continue;
        }
        double y = area.bottom + 18;
        for (const std::string& line : wrap(name, slot - 6, tick_size, 3)) {
            svg.text(x, y, line, {.size = tick_size, .anchor = TextAnchor::middle, .colour = text_colour}, name);
            y += label_line;
        }
    }
    if (!chart.category_title.empty())
        svg.text((area.left + area.right) / 2, height - 8, shorten(chart.category_title, area.width(), text_size),
                 {.size = text_size, .anchor = TextAnchor::middle, .colour = text_colour}, chart.category_title);
    return svg.str(chart.title);
}

std::string horizontal_bars(const BarChart& chart, const Range& range) {
    const ChartLegend legend = legend_of(chart);
    const std::string value_title = axis_title(chart.value_title, chart.unit);
    const double bars = chart.stacked ? 1 : static_cast<double>(chart.series.size());
    const double rows = static_cast<double>(chart.categories.size());

    double longest = 0, widest_value = 0;
    for (const std::string& category : chart.categories)
        longest = std::max(longest, text_width(shorten(category, longest_label, text_size), text_size));
    for (const BarSeries& series : chart.series)
        for (const double value : series.values)
            widest_value = std::max(widest_value, text_width(format_value(value), small_size));
    const bool labels = chart.value_labels && !chart.stacked;

    PlotArea area;
    area.left = longest + 16 + (labels && range.low < 0 ? widest_value : 0);
    area.right = chart.width - 20 - (labels ? widest_value : 0);
    area.top = title_room(chart.title, chart.show_title) + legend.height(chart.width) + 8 +
               upright_room(chart.reference_lines);
    const double below = x_axis_room(value_title);
    const double height = chart.height > 0 ? chart.height : area.top + below + rows * std::max(26.0, bars * 16 + 10);
    area.bottom = height - below;
    const ChartAxis axis = nice_axis(range.low, range.high, 6);

    Svg svg(chart.width, height);
    const double top = draw_title(svg, chart.title, chart.show_title);
    legend.draw(svg, area.left, top, chart.width - area.left);
    draw_x_axis(svg, axis, area, value_title);
    BarPainter painter(svg, chart, axis, area);
    painter.draw();
    for (std::size_t i = 0; i < chart.categories.size(); ++i)
        svg.text(longest + 8, area.top + painter.slot() * (static_cast<double>(i) + 0.5),
                 shorten(chart.categories[i], longest_label, text_size),
                 {.size = text_size, .anchor = TextAnchor::end, .colour = text_colour, .centred = true},
                 chart.categories[i]);
    return svg.str(chart.title);
}

}  // namespace

std::string bar_chart(const BarChart& chart) {
    constexpr std::size_t most_bars = 200;
    if (const std::size_t all = chart.categories.size(); all > most_bars) {
        std::vector<double> sizes(all);
        for (std::size_t i = 0; i < all; ++i)
            for (const BarSeries& series : chart.series)
                if (const double value = std::abs(value_at(series.values, i)); value > sizes[i]) sizes[i] = value;
        const auto places = largest_of(sizes, most_bars);
        BarChart part = chart;
        part.categories = picked(chart.categories, places);
        part.category_colours = picked(chart.category_colours, places);
        for (BarSeries& series : part.series) {
            series.values.resize(all, std::nan(""));
            if (!series.errors.empty()) series.errors.resize(all, std::nan(""));
            series.values = picked(series.values, places);
            series.errors = picked(series.errors, places);
        }
        part.value_title += " (the " + std::to_string(most_bars) + " largest of " + std::to_string(all) + ")";
        return bar_chart(part);
    }
    const Range range = range_of(chart);
    if (!range.any) return no_data_figure(chart.title, chart.width);
    return chart.horizontal ? horizontal_bars(chart, range) : vertical_bars(chart, range);
}

}  // namespace landcarbon
