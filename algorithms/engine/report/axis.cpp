// Land Carbon Toolbox: axes, gridlines and legends shared by the charts.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "engine/report/escape.hpp"
#include "engine/report/text_layout.hpp"

namespace landcarbon {
namespace {

constexpr double legend_row = 22, legend_symbol = 22, legend_gap = 20;
constexpr double tick_gap = 8;

struct Step {
    double size;
    int decimals;
};

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `wanted`.
Step nice_step(double wanted) {
    const int exponent = static_cast<int>(std::floor(std::log10(wanted)));
    const double power = std::pow(10.0, exponent);
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= wanted * (1 - 1e-9)) return {factor * power, std::max(0, -exponent + (factor == 2.5))};
    }
    return {10 * power, std::max(0, -exponent - 1)};
}

ChartAxis axis_with_step(double low, double high, Step step, AxisEnds ends) {
    ChartAxis axis;
    axis.decimals = step.decimals;
    // A little slack, so that 0.3 / 0.1 counts as 3 and the end of the data lies on the tick.
    double first = ends == AxisEnds::round ? std::floor(low / step.size + 1e-9) : std::ceil(low / step.size - 1e-9);
    const double last =
        ends == AxisEnds::round ? std::ceil(high / step.size - 1e-9) : std::floor(high / step.size + 1e-9);
    axis.low = ends == AxisEnds::round ? first * step.size : low;
    axis.high = ends == AxisEnds::round ? last * step.size : high;
    for (; first <= last && axis.ticks.size() < 50; ++first) axis.ticks.push_back(first * step.size);
    return axis;
}

/// Makes [low, high] a range of some length.
void widen(double& low, double& high) {
    if (!is_drawable(low) || !is_drawable(high) || low > high) {
        low = 0;
        high = 1;
    }
    const double size = std::max(std::abs(low), std::abs(high));
    if (high - low > size * 1e-9 && size > 1e-100) return;
    if (size < 1e-12) {  // nothing but zeros
        low = 0;
        high = 1;
        return;
    }
    const double middle = (low + high) / 2;
    low = middle - size * 0.1;
    high = middle + size * 0.1;
}

constexpr double level_label_width = 130;

std::string reference_text(const ChartAxis& axis, const ReferenceLine& line) {
    const std::string value = axis.plain_years ? format_number(line.value) : format_value(line.value);
    return line.label.empty() ? value : line.label + " " + value;
}

std::vector<ReferenceLine> drawable_lines(const ChartAxis& axis, const std::vector<ReferenceLine>& lines) {
    std::vector<ReferenceLine> out;
    for (const ReferenceLine& line : lines)
        if (is_drawable(line.value) && line.value >= axis.low && line.value <= axis.high) out.push_back(line);
    return out;
}

/// Dashes on a white line, so that they can be seen across bars of any colour.
void draw_reference(Svg& svg, SvgPoint from, SvgPoint to, const std::string& tooltip) {
    svg.line(from, to, {.stroke = "#ffffff", .stroke_width = 3.4, .opacity = 0.8});
    svg.line(from, to, {.stroke = chart_style::text_colour, .stroke_width = 1.4, .dash = "6 4"}, tooltip);
}

}  // namespace

bool is_drawable(double value) { return std::isfinite(value) && std::abs(value) < 1e100; }

double ChartAxis::at(double value, double pixel_low, double pixel_high) const {
    if (logarithmic) return pixel_low + std::log(value / low) / std::log(high / low) * (pixel_high - pixel_low);
    return pixel_low + (value - low) / (high - low) * (pixel_high - pixel_low);
}

std::string ChartAxis::label(double tick) const {
    if (plain_years) return format_number(tick, 6);
    if (logarithmic) return format_value(tick, 2);
    const double largest = std::max(std::abs(low), std::abs(high));
    return largest >= 1e12 || decimals > 6 ? format_number(tick, 10) : format_grouped(tick, decimals);
}

double ChartAxis::widest_label(double size) const {
    double widest = 0;
    for (const double tick : ticks) widest = std::max(widest, text_width(label(tick), size));
    return widest;
}

ChartAxis nice_axis(double low, double high, int target, AxisEnds ends) {
    widen(low, high);
    return axis_with_step(low, high, nice_step((high - low) / std::max(1, target)), ends);
}

ChartAxis year_axis(double low, double high, int target) {
    if (high - low < 1) {
        low -= 1;
        high += 1;
    }
    double step = std::max(1.0, nice_step((high - low) / std::max(1, target)).size);
    if (step == 2.5) step = 5;
    ChartAxis axis = axis_with_step(low, high, {step, 0}, AxisEnds::tight);
    axis.plain_years = true;
    return axis;
}

ChartAxis log_axis(double low, double high) {
    ChartAxis axis;
    axis.logarithmic = true;
    const double slack = 1e-9;
    int first = static_cast<int>(std::floor(std::log10(low) + slack));
    int last = static_cast<int>(std::ceil(std::log10(high) - slack));
    if (last <= first) last = first + 1;
    const int every = std::max(1, (last - first) / 8);
    std::vector<double> ticks;
    for (int power = first; power <= last; power += every)
        for (const double factor : {1.0, 2.0, 5.0})
            if (factor == 1 || (last - first <= 2 && power < last)) ticks.push_back(factor * std::pow(10.0, power));
    // The ends are the outermost ticks that are needed.
    while (ticks.size() > 2 && ticks[1] <= low * (1 + slack)) ticks.erase(ticks.begin());
    while (ticks.size() > 2 && ticks[ticks.size() - 2] >= high * (1 - slack)) ticks.pop_back();
    axis.low = ticks.front();
    axis.high = std::max(ticks.back(), high);
    axis.ticks = std::move(ticks);
    return axis;
}

std::string axis_title(std::string_view title, std::string_view unit) {
    if (unit.empty()) return std::string(title);
    if (title.empty()) return std::string(unit);
    return std::string(title) + " (" + std::string(unit) + ")";
}

void draw_y_axis(Svg& svg, const ChartAxis& axis, const PlotArea& area, std::string_view title) {
    using namespace chart_style;
    for (const double tick : axis.ticks) {
        const double y = axis.at(tick, area.bottom, area.top);
        svg.line({area.left, y}, {area.right, y}, {.stroke = grid_colour});
        svg.text(area.left - tick_gap, y, axis.label(tick),
                 {.size = tick_size, .anchor = TextAnchor::end, .colour = muted_colour, .centred = true});
    }
    if (title.empty()) return;
    const double x = area.left - tick_gap - axis.widest_label(tick_size) - 14;
    const double y = (area.top + area.bottom) / 2;
    svg.text(x, y, shorten(title, area.height() + 40, text_size),
             {.size = text_size, .anchor = TextAnchor::middle, .rotate = -90, .colour = text_colour}, title);
}

void draw_x_axis(Svg& svg, const ChartAxis& axis, const PlotArea& area, std::string_view title, bool gridlines) {
    using namespace chart_style;
    // Labels that would run into each other are thinned out.
    const double room =
        axis.ticks.size() > 1
            ? std::abs(axis.at(axis.ticks[1], area.left, area.right) - axis.at(axis.ticks[0], area.left, area.right))
            : area.width();
    const auto every =
        static_cast<std::size_t>(std::max(1.0, std::ceil((axis.widest_label(tick_size) + 10) / std::max(1.0, room))));
    for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
        const double x = axis.at(axis.ticks[i], area.left, area.right);
        if (gridlines)
            svg.line({x, area.top}, {x, area.bottom}, {.stroke = grid_colour});
        else
            svg.line({x, area.bottom}, {x, area.bottom + 4}, {.stroke = axis_colour});
        if (i % every == 0)
            svg.text(x, area.bottom + 18, axis.label(axis.ticks[i]),
                     {.size = tick_size, .anchor = TextAnchor::middle, .colour = muted_colour});
    }
    if (!title.empty())
        svg.text((area.left + area.right) / 2, area.bottom + 40, shorten(title, area.width(), text_size),
                 {.size = text_size, .anchor = TextAnchor::middle, .colour = text_colour}, title);
}

double y_axis_room(const ChartAxis& axis, std::string_view title) {
    return axis.widest_label(chart_style::tick_size) + tick_gap + (title.empty() ? 6 : 30);
}

double x_axis_room(std::string_view title) { return title.empty() ? 28 : 50; }

double level_room(const std::vector<ReferenceLine>& lines) {
    double room = 0;
    for (const ReferenceLine& line : lines) {
        if (!is_drawable(line.value)) continue;
        room = std::max(room, text_width(format_value(line.value), chart_style::small_size, true));
        room = std::max(room, std::min(level_label_width, text_width(line.label, chart_style::small_size, true)));
    }
    return room > 0 ? room + 12 : 0;
}

void draw_levels(Svg& svg, const ChartAxis& axis, const PlotArea& area, const std::vector<ReferenceLine>& lines,
                 std::string_view unit) {
    using namespace chart_style;
    std::vector<ReferenceLine> shown = drawable_lines(axis, lines);
    std::stable_sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
    std::vector<double> wished;
    for (const ReferenceLine& line : shown) wished.push_back(axis.at(line.value, area.bottom, area.top));
    const std::vector<double> placed = keep_apart(wished, 28, area.top, area.bottom);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const std::string tooltip = shown[i].label + ": " + with_unit(shown[i].value, unit);
        draw_reference(svg, {area.left, wished[i]}, {area.right, wished[i]}, tooltip);
        const SvgTextStyle bold{.size = small_size, .weight = 600, .colour = text_colour, .centred = true};
        const SvgTextStyle plain{.size = small_size, .colour = muted_colour, .centred = true};
        svg.text(area.right + 10, placed[i] - 6, shorten(shown[i].label, level_label_width, small_size, true), bold,
                 tooltip);
        svg.text(area.right + 10, placed[i] + 7, format_value(shown[i].value), plain, tooltip);
    }
}

double upright_room(const std::vector<ReferenceLine>& lines) {
    return lines.empty() ? 0 : 16 * static_cast<double>(lines.size()) + 4;
}

void draw_uprights(Svg& svg, const ChartAxis& axis, const PlotArea& area, const std::vector<ReferenceLine>& lines,
                   std::string_view unit) {
    using namespace chart_style;
    const std::vector<ReferenceLine> shown = drawable_lines(axis, lines);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const double x = axis.at(shown[i].value, area.left, area.right);
        const double y = area.top - 16 * static_cast<double>(shown.size() - i) + 6;  // one row per line: never overlap
        const bool left = x > (area.left + area.right) / 2;
        draw_reference(svg, {x, y - 6}, {x, area.bottom}, shown[i].label + ": " + with_unit(shown[i].value, unit));
        svg.text(x + (left ? -5 : 5), y, shorten(reference_text(axis, shown[i]), area.width() / 2, small_size, true),
                 {.size = small_size,
                  .anchor = left ? TextAnchor::end : TextAnchor::start,
                  .weight = 600,
                  .colour = text_colour,
                  .centred = true,
                  .halo = true});
    }
}

void draw_marker(Svg& svg, SvgPoint at, std::size_t shape, double radius, const std::string& colour,
                 std::string_view tooltip) {
    const SvgPaint paint{.fill = colour, .stroke = "#ffffff"};
    const double r = radius * 1.15;
    switch (shape % 4) {
        case 0:
            svg.circle(at, radius, paint, tooltip);
            break;
        case 1:
            svg.rect(at.x - radius, at.y - radius, 2 * radius, 2 * radius, paint, tooltip);
            break;
        case 2:
            svg.polygon({{at.x, at.y - r}, {at.x + r, at.y + r * 0.8}, {at.x - r, at.y + r * 0.8}}, paint, tooltip);
            break;
        default:
            svg.polygon(
                {{at.x, at.y - r * 1.1}, {at.x + r * 1.1, at.y}, {at.x, at.y + r * 1.1}, {at.x - r * 1.1, at.y}}, paint,
                tooltip);
    }
}

void ChartLegend::add(std::string name, std::string colour, Symbol symbol, std::size_t marker_shape) {
    items_.push_back({std::move(name), std::move(colour), symbol, marker_shape});
}

std::vector<ChartLegend::Place> ChartLegend::places(double width) const {
    std::vector<Place> out;
    double x = 0, y = 0;
    for (const Item& item : items_) {
        const std::string text = shorten(item.name, std::min(260.0, width - legend_symbol), chart_style::tick_size);
        const double needed = legend_symbol + text_width(text, chart_style::tick_size);
        if (x > 0 && x + needed > width) {
            x = 0;
            y += legend_row;
        }
        out.push_back({x, y, text});
        x += needed + legend_gap;
    }
    return out;
}

double ChartLegend::height(double width) const { return empty() ? 0 : places(width).back().y + legend_row + 8; }

void ChartLegend::draw(Svg& svg, double x, double y, double width) const {
    const auto where = places(width);
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const Item& item = items_[i];
        const double left = x + where[i].x, middle = y + where[i].y + legend_row / 2;
        switch (item.symbol) {
            case Symbol::box:
                svg.rect(left, middle - 6, 14, 12, {.fill = item.colour}, {}, 2);
                break;
            case Symbol::line:
            case Symbol::dashed_line:
                svg.line({left - 2, middle}, {left + 16, middle},
                         {.stroke = item.colour,
                          .stroke_width = 2.5,
                          .dash = item.symbol == Symbol::dashed_line ? "6 4" : ""});
                if (item.marker_shape > 0) draw_marker(svg, {left + 7, middle}, item.marker_shape - 1, 4, item.colour);
                break;
            case Symbol::marker:
                draw_marker(svg, {left + 7, middle}, item.marker_shape, 4.5, item.colour);
                break;
        }
        svg.text(left + legend_symbol, middle, where[i].text,
                 {.size = chart_style::tick_size, .colour = chart_style::text_colour, .centred = true}, item.name);
    }
}

double title_room(const std::string& title, bool show) { return show && !title.empty() ? 32 : 0; }

double draw_title(Svg& svg, const std::string& title, bool show) {
    using namespace chart_style;
    const double room = title_room(title, show);
    if (room > 0)
        svg.text(4, 20, shorten(title, svg.width() - 8, title_size, true),
                 {.size = title_size, .weight = 600, .colour = text_colour}, title);
    return room;
}

double round_length(double limit) {
    const double power = std::pow(10.0, std::floor(std::log10(limit)));
    for (const double factor : {5.0, 2.0})
        if (factor * power <= limit) return factor * power;
    return power;
}

std::string with_unit(double value, std::string_view unit) {
    std::string out = format_value(value, 6);
    if (!unit.empty()) out += " " + std::string(unit);
    return out;
}

std::string no_data_figure(const std::string& title, double width) {
    using namespace chart_style;
    Svg svg(width, 120);
    svg.rect(1, 1, width - 2, 118, {.fill = "#f8f9fa", .stroke = grid_colour}, {}, 4);
    svg.text(width / 2, 60, "No data to draw",
             {.size = text_size, .anchor = TextAnchor::middle, .colour = muted_colour, .centred = true});
    return svg.str(title.empty() ? "No data" : title + ": no data");
}

}  // namespace landcarbon
