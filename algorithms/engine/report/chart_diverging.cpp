// Land Carbon Toolbox: gains and losses per class as bars that diverge from zero.
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

constexpr double row_height = 34, bar_height = 20, longest_label = 220;
constexpr const char* net_colour = "#111827";

double magnitude(const std::vector<double>& values, std::size_t i) {
    return i < values.size() && is_drawable(values[i]) ? std::abs(values[i]) : 0;
}

std::string signed_value(double value) { return (value > 0 ? "+" : "") + format_value(value); }

}  // namespace

std::string diverging_bars(const DivergingBars& chart) {
    if (const std::size_t all = chart.categories.size(); all > most_shown) {
        std::vector<double> sizes(all);
        for (std::size_t i = 0; i < all; ++i) sizes[i] = std::max(magnitude(chart.loss, i), magnitude(chart.gain, i));
        const auto places = largest_of(sizes);
        DivergingBars part = chart;
        part.categories = picked(chart.categories, places);
        part.category_colours = picked(chart.category_colours, places);
        part.loss = picked(chart.loss, places);
        part.gain = picked(chart.gain, places);
        part.value_title += " (the " + std::to_string(most_shown) + " largest of " + std::to_string(all) + ")";
        return diverging_bars(part);
    }
    const std::size_t n = chart.categories.size();
    double largest_loss = 0, largest_gain = 0, longest = 0, loss_text = 0, gain_text = 0;
    double net_text = text_width(chart.net_name, tick_size, true);
    for (std::size_t i = 0; i < n; ++i) {
        const double loss = magnitude(chart.loss, i), gain = magnitude(chart.gain, i);
        largest_loss = std::max(largest_loss, loss);
        largest_gain = std::max(largest_gain, gain);
        longest = std::max(longest, text_width(shorten(chart.categories[i], longest_label, text_size), text_size));
        loss_text = std::max(loss_text, text_width(format_value(-loss), small_size));
        gain_text = std::max(gain_text, text_width(signed_value(gain), small_size));
        net_text = std::max(net_text, text_width(signed_value(gain - loss), tick_size, true));
    }
    if (n == 0 || (chart.loss.empty() && chart.gain.empty())) return no_data_figure(chart.title, chart.width);

    const char* const left_colour = chart.more_is_worse ? gain_colour : loss_colour;
    const char* const right_colour = chart.more_is_worse ? loss_colour : gain_colour;
    ChartLegend legend;
    legend.add(chart.loss_name, left_colour, ChartLegend::Symbol::box);
    legend.add(chart.gain_name, right_colour, ChartLegend::Symbol::box);
    legend.add(chart.net_name, net_colour, ChartLegend::Symbol::marker, 3);

    const ChartAxis axis = nice_axis(-largest_loss, largest_gain, 7);
    const std::string title = axis_title(chart.value_title, chart.unit);
    const double swatch = chart.category_colours.empty() ? 0 : 20;
    const double names_right = swatch + longest + 4;
    const double header = 22;
    PlotArea area;
    area.left = names_right + loss_text + 26;
    area.right = chart.width - gain_text - net_text - 42;
    area.top = title_room(chart.title, chart.show_title) + legend.height(chart.width) + header;
    const double below = x_axis_room(title);
    const double height = chart.height > 0 ? chart.height : area.top + below + row_height * static_cast<double>(n);
    area.bottom = height - below;
    const double row = area.height() / static_cast<double>(n), bar = std::min(bar_height, row * 0.7);
    const double zero = axis.at(0, area.left, area.right);

    Svg svg(chart.width, height);
    const double top = draw_title(svg, chart.title, chart.show_title);
    legend.draw(svg, area.left, top, chart.width - area.left);
    draw_x_axis(svg, axis, area, title);
    svg.text(chart.width - 6, area.top - 8, chart.net_name,
             {.size = tick_size, .anchor = TextAnchor::end, .weight = 600, .colour = muted_colour});
    for (std::size_t i = 0; i < n; ++i) {
        const std::string& name = chart.categories[i];
        const double loss = magnitude(chart.loss, i), gain = magnitude(chart.gain, i), net = gain - loss;
        const double middle = area.top + row * (static_cast<double>(i) + 0.5);
        if (i > 0) svg.line({0, middle - row / 2}, {chart.width, middle - row / 2}, {.stroke = grid_colour});
        if (i < chart.category_colours.size())
            svg.rect(
                2, middle - 6, 12, 12,
                {.fill = colour_or_palette(chart.category_colours[i], i), .stroke = axis_colour, .stroke_width = 0.5},
                name, 2);
        svg.text(swatch, middle, shorten(name, longest_label, text_size),
                 {.size = text_size, .colour = text_colour, .centred = true}, name);
        const double left = axis.at(-loss, area.left, area.right), right = axis.at(gain, area.left, area.right);
        svg.rect(left, middle - bar / 2, zero - left, bar, {.fill = left_colour},
                 name + ", " + chart.loss_name + ": " + with_unit(loss, chart.unit));
        svg.rect(zero, middle - bar / 2, right - zero, bar, {.fill = right_colour},
                 name + ", " + chart.gain_name + ": " + with_unit(gain, chart.unit));
        // The labels step aside for a marker at the end of their bar.
        const double marker = axis.at(net, area.left, area.right);
        const double left_gap = std::abs(marker - left) < 14 ? std::max(5.0, left - marker + 12) : 5;
        const double right_gap = std::abs(marker - right) < 14 ? std::max(5.0, marker - right + 12) : 5;
        if (loss > 0)
            svg.text(
                left - left_gap, middle, format_value(-loss),
                {.size = small_size, .anchor = TextAnchor::end, .colour = text_colour, .centred = true, .halo = true});
        if (gain > 0)
            svg.text(right + right_gap, middle, signed_value(gain),
                     {.size = small_size, .colour = text_colour, .centred = true, .halo = true});
        draw_marker(svg, {marker, middle}, 3, 6, net_colour,
                    name + ", " + chart.net_name + ": " + signed_value(net) + " " + chart.unit);
        svg.text(chart.width - 6, middle, signed_value(net),
                 {.size = tick_size, .anchor = TextAnchor::end, .weight = 600, .colour = text_colour, .centred = true});
    }
    svg.line({zero, area.top}, {zero, area.bottom}, {.stroke = axis_colour});
    return svg.str(chart.title);
}

}  // namespace landcarbon
