// Land Carbon Toolbox: the SVG writer that serves all figures.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/svg.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

/// No figure is that large; it keeps absurd coordinates printable.
constexpr double largest_coordinate = 1e7;

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + escape_xml(value) + "\"";
}

std::string attribute(std::string_view name, double value) {
    return " " + std::string(name) + "=\"" + svg_number(value) + "\"";
}

std::string paint_attributes(const SvgPaint& paint) {
    std::string out = attribute("fill", paint.fill.empty() ? "none" : paint.fill);
    if (!paint.stroke.empty()) {
        out += attribute("stroke", paint.stroke);
        if (paint.stroke_width != 1) out += attribute("stroke-width", paint.stroke_width);
        if (!paint.dash.empty()) out += attribute("stroke-dasharray", paint.dash);
    }
    if (paint.opacity < 1) out += attribute("opacity", paint.opacity);
    return out;
}

std::string point_list(const std::vector<SvgPoint>& points) {
    std::string out;
    for (const SvgPoint& point : points) {
        if (!out.empty()) out += ' ';
        out += svg_number(point.x) + "," + svg_number(point.y);
    }
    return out;
}

std::string title_element(std::string_view tooltip) {
    return tooltip.empty() ? std::string() : "<title>" + escape_xml(tooltip) + "</title>";
}

}  // namespace

std::string svg_number(double value) {
    if (!std::isfinite(value)) return "0";
    char buffer[40];
    const double clamped = std::clamp(value, -largest_coordinate, largest_coordinate);
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, clamped, std::chars_format::fixed, 2);
    std::string text(buffer, end.ptr);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height) : width_(std::max(1.0, width)), height_(std::max(1.0, height)) {}

void Svg::element(std::string_view name, const std::string& attributes, std::string_view tooltip) {
    body_ += "<" + std::string(name) + attributes;
    if (tooltip.empty())
        body_ += "/>\n";
    else
        body_ += ">" + title_element(tooltip) + "</" + std::string(name) + ">\n";
}

void Svg::rect(double x, double y, double width, double height, const SvgPaint& paint, std::string_view tooltip,
               double radius) {
    std::string attributes = attribute("x", x) + attribute("y", y) + attribute("width", std::max(0.0, width)) +
                             attribute("height", std::max(0.0, height));
    if (radius > 0) attributes += attribute("rx", radius);
    element("rect", attributes + paint_attributes(paint), tooltip);
}

void Svg::line(SvgPoint from, SvgPoint to, const SvgPaint& paint, std::string_view tooltip) {
    element("line",
            attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x) + attribute("y2", to.y) +
                paint_attributes(paint),
            tooltip);
}

void Svg::polyline(const std::vector<SvgPoint>& points, const SvgPaint& paint, std::string_view tooltip) {
    element("polyline",
            attribute("points", point_list(points)) + paint_attributes(paint) + attribute("stroke-linejoin", "round"),
            tooltip);
}

void Svg::polygon(const std::vector<SvgPoint>& points, const SvgPaint& paint, std::string_view tooltip) {
    element("polygon", attribute("points", point_list(points)) + paint_attributes(paint), tooltip);
}

void Svg::circle(SvgPoint centre, double radius, const SvgPaint& paint, std::string_view tooltip) {
    element("circle",
            attribute("cx", centre.x) + attribute("cy", centre.y) + attribute("r", std::max(0.0, radius)) +
                paint_attributes(paint),
            tooltip);
}

void Svg::path(std::string_view data, const SvgPaint& paint, std::string_view tooltip) {
    element("path", attribute("d", data) + paint_attributes(paint), tooltip);
}

void Svg::text(double x, double y, std::string_view text, const SvgTextStyle& style, std::string_view tooltip) {
    // A third of the size is half the height of digits and lower case: dominant-baseline is not known to all viewers.
    const double dy = style.centred ? style.size * 0.35 : 0;
    std::string attributes = attribute("x", x) + attribute("y", y + dy) + attribute("font-size", style.size);
    if (style.anchor == TextAnchor::middle) attributes += attribute("text-anchor", "middle");
    if (style.anchor == TextAnchor::end) attributes += attribute("text-anchor", "end");
    if (style.weight != 400) attributes += attribute("font-weight", style.weight);
    if (style.rotate != 0)
        attributes += attribute("transform",
                                "rotate(" + svg_number(style.rotate) + " " + svg_number(x) + " " + svg_number(y) + ")");
    attributes += attribute("fill", style.colour);
    if (style.halo)
        attributes += attribute("stroke", "#ffffff") + attribute("stroke-width", 3) +
                      attribute("stroke-linejoin", "round") + attribute("paint-order", "stroke");
    body_ += "<text" + attributes + ">" + title_element(tooltip) + escape_xml(text) + "</text>\n";
}

void Svg::image(double x, double y, double width, double height, std::string_view png, std::string_view tooltip) {
    element("image",
            attribute("x", x) + attribute("y", y) + attribute("width", std::max(0.0, width)) +
                attribute("height", std::max(0.0, height)) +
                " preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64," +
                base64(png) + "\"",
            tooltip);
}

void Svg::begin_group(std::string_view tooltip) {
    body_ += "<g>" + title_element(tooltip) + "\n";
    ++open_groups_;
}

void Svg::end_group() {
    if (open_groups_ == 0) return;
    body_ += "</g>\n";
    --open_groups_;
}

std::string Svg::str(std::string_view label) const {
    const std::string width = svg_number(width_), height = svg_number(height_);
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
                      "\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\"" + attribute("aria-label", label) +
                      " font-family=\"Segoe UI, Roboto, Helvetica Neue, Arial, Liberation Sans, Noto Sans, "
                      "sans-serif\">\n<rect width=\"" +
                      width + "\" height=\"" + height + "\" fill=\"#ffffff\"/>\n" + body_;
    for (int i = 0; i < open_groups_; ++i) out += "</g>\n";
    return out + "</svg>\n";
}

SvgPath& SvgPath::move(SvgPoint to) {
    data_ += "M" + svg_number(to.x) + "," + svg_number(to.y);
    return *this;
}

SvgPath& SvgPath::line(SvgPoint to) {
    data_ += "L" + svg_number(to.x) + "," + svg_number(to.y);
    return *this;
}

SvgPath& SvgPath::curve(SvgPoint control1, SvgPoint control2, SvgPoint to) {
    data_ += "C" + svg_number(control1.x) + "," + svg_number(control1.y) + " " + svg_number(control2.x) + "," +
             svg_number(control2.y) + " " + svg_number(to.x) + "," + svg_number(to.y);
    return *this;
}

SvgPath& SvgPath::close() {
    data_ += "Z";
    return *this;
}

}  // namespace landcarbon
