// Land Carbon Toolbox: how an output looks in QGIS and other programs: colours, classes, legends.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/style.hpp"

#include <array>
#include <cmath>

#include "engine/point_style.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

std::string attribute(const char* name, const std::string& value) {
    return std::string(" ") + name + "=\"" + escape_xml(value) + "\"";
}

/// A style file around its elements.
std::string document(const std::string& elements) {
    std::string text =
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        "<qgis version=\"3.22.16\" styleCategories=\"AllStyleCategories\">\n";
    text += elements;
    text += "</qgis>\n";
    return text;
}

std::string rgba(const std::string& colour, int alpha) {
    unsigned r = 0, g = 0, b = 0;
    std::sscanf(colour.c_str(), "#%2x%2x%2x", &r, &g, &b);
    return std::to_string(r) + "," + std::to_string(g) + "," + std::to_string(b) + "," + std::to_string(alpha);
}

std::vector<RampStop> ramp(const std::array<const char*, 5>& colours, double lowest, double highest) {
    std::vector<RampStop> stops;
    for (std::size_t i = 0; i < colours.size(); ++i) {
        const double value = lowest + (highest - lowest) * static_cast<double>(i) / 4;
        char label[32];
        std::snprintf(label, sizeof label, "%.4g", value);
        // QGIS writes the ends of a ramp from the values, not from the labels: both have the same digits.
        stops.push_back({parse_number(label).value_or(value), colours[i], label});
    }
    return stops;
}

}  // namespace

std::vector<RampStop> sequential_ramp(double lowest, double highest) {
    return ramp({"#f7fcf5", "#c7e9c0", "#74c476", "#238b45", "#00441b"}, lowest, highest);
}

std::vector<RampStop> diverging_ramp(double lowest, double highest) {
    const double reach = std::max(std::abs(lowest), std::abs(highest));
    return ramp({loss_colour, "#fdb863", "#f7f7f7", "#80cdc1", gain_colour}, -reach, reach);
}

std::string qml(const RasterStyle& style, const std::string& unit) {
    if (style.classes.empty() && style.ramp.empty()) return {};
    std::string text = " <pipe>\n";
    if (!style.classes.empty()) {
        text +=
            "  <rasterrenderer opacity=\"1\" alphaBand=\"-1\" type=\"paletted\" band=\"1\" nodataColor=\"\">\n   "
            "<rasterTransparency/>\n"
            "   <colorPalette>\n";
        for (const auto& label : style.classes)
            text += "    <paletteEntry" + attribute("value", std::to_string(label.code)) +
                    attribute("color", label.colour) + " alpha=\"255\"" + attribute("label", label.name) + "/>\n";
        text += "   </colorPalette>\n  </rasterrenderer>\n";
    } else {
        const std::string lowest = number_text(style.ramp.front().value);
        const std::string highest = number_text(style.ramp.back().value);
        text +=
            "  <rasterrenderer opacity=\"1\" alphaBand=\"-1\" type=\"singlebandpseudocolor\" band=\"1\" "
            "nodataColor=\"\"" +
            attribute("classificationMin", lowest) + attribute("classificationMax", highest) +
            ">\n   <rasterTransparency/>\n   <rastershader>\n    <colorrampshader colorRampType=\"INTERPOLATED\" "
            "classificationMode=\"1\" "
            "clip=\"0\"" +
            attribute("minimumValue", lowest) + attribute("maximumValue", highest) + ">\n";
        const std::string suffix = unit.empty() ? "" : " " + unit;
        for (const auto& stop : style.ramp)
            text += "     <item" + attribute("value", number_text(stop.value)) + attribute("color", stop.colour) +
                    " alpha=\"255\"" + attribute("label", stop.label + suffix) + "/>\n";
        // QGIS draws a bar with the two ends in place of the labels.
        const std::string least = style.open_ends ? style.ramp.front().label + suffix + " or less" : "";
        const std::string most = style.open_ends ? style.ramp.back().label + suffix + " or more" : "";
        if (!suffix.empty() || style.open_ends)
            text += "     <rampLegendSettings orientation=\"2\" direction=\"0\" useContinuousLegend=\"1\"" +
                    attribute("minimumLabel", least) + attribute("maximumLabel", most) + " prefix=\"\"" +
                    attribute("suffix", suffix) + "><numericFormat id=\"basic\"/></rampLegendSettings>\n";
        text += "    </colorrampshader>\n   </rastershader>\n  </rasterrenderer>\n";
    }
    text += " </pipe>\n <blendMode>0</blendMode>\n";
    return document(text);
}

namespace {

std::string vector_qml(const VectorStyle& style, bool points) {
    if (style.ranges.empty() && style.classes.empty()) return {};
    const std::string by = style.expression.empty() ? "\"" + style.field + "\"" : style.expression;
    std::string entries;
    std::string symbols;
    const auto symbol = [&symbols, points](std::size_t i, const std::string& fill, const std::string& outline,
                                           const char* width) {
        if (points) {
            symbols += "   <symbol type=\"marker\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\"" +
                       attribute("name", std::to_string(i)) +
                       ">\n    <layer class=\"SimpleMarker\" enabled=\"1\" locked=\"0\" pass=\"0\">\n     <prop "
                       "k=\"color\"" +
                       attribute("v", fill) +
                       "/>\n     <prop k=\"name\" v=\"circle\"/>\n     <prop k=\"outline_color\"" +
                       attribute("v", outline) + "/>\n     <prop k=\"outline_width\"" + attribute("v", width) +
                       "/>\n     <prop k=\"size\" v=\"2.4\"/>\n    </layer>\n   </symbol>\n";
            return;
        }
        symbols += "   <symbol type=\"fill\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\"" +
                   attribute("name", std::to_string(i)) +
                   ">\n    <layer class=\"SimpleFill\" enabled=\"1\" locked=\"0\" pass=\"0\">\n     <prop k=\"color\"" +
                   attribute("v", fill) + "/>\n     <prop k=\"outline_color\"" + attribute("v", outline) +
                   "/>\n     <prop k=\"outline_width\"" + attribute("v", width) +
                   "/>\n     <prop k=\"style\" v=\"solid\"/>\n    </layer>\n   </symbol>\n";
    };
    double lower = -1.7976931348623157e308;
    for (std::size_t i = 0; i < style.ranges.size(); ++i) {
        const auto& stop = style.ranges[i];
        entries += "   <range" + attribute("symbol", std::to_string(i)) + attribute("lower", number_text(lower)) +
                   attribute("upper", number_text(stop.value)) + attribute("label", stop.label) +
                   " render=\"true\"/>\n";
        if (style.outlines)
            symbol(i, rgba(stop.colour, 25), rgba(stop.colour, 255), "0.7");
        else
            symbol(i, rgba(stop.colour, 255), "80,80,80,255", "0.2");
        lower = stop.value;
    }
    if (!style.ranges.empty())
        return document(
            " <renderer-v2 type=\"graduatedSymbol\" graduatedMethod=\"GraduatedColor\" enableorderby=\"0\" "
            "forceraster=\"0\" symbollevels=\"0\"" +
            attribute("attr", by) + ">\n  <ranges>\n" + entries + "  </ranges>\n  <symbols>\n" + symbols +
            "  </symbols>\n </renderer-v2>\n");
    for (std::size_t i = 0; i < style.classes.size(); ++i) {
        const auto& label = style.classes[i];
        entries += "   <category" + attribute("symbol", std::to_string(i)) +
                   attribute("value", std::to_string(label.code)) + attribute("label", label.name) +
                   " type=\"long\" render=\"true\"/>\n";
        if (style.outlines)
            symbol(i, rgba(label.colour, 25), rgba(label.colour, 255), "0.7");
        else
            symbol(i, rgba(label.colour, 255), "80,80,80,255", "0.2");
    }
    return document(
        " <renderer-v2 type=\"categorizedSymbol\" enableorderby=\"0\" forceraster=\"0\" symbollevels=\"0\"" +
        attribute("attr", by) + ">\n  <categories>\n" + entries + "  </categories>\n  <symbols>\n" + symbols +
        "  </symbols>\n </renderer-v2>\n");
}

}  // namespace

std::string expression_text(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
    return quoted + "'";
}

std::string qml(const VectorStyle& style) { return vector_qml(style, false); }

std::string qml_of_points(const VectorStyle& style) { return vector_qml(style, true); }

}  // namespace landcarbon
