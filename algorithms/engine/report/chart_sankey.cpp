// Land Carbon Toolbox: Sankey diagrams of class areas over several dates.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/shown.hpp"
#include "engine/report/text_layout.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr double node_width = 16, leader = 22, name_size = 13;
constexpr double two_lines = 32, one_line = 16;  // distance of labels
constexpr double smallest_band = 0.02;           // pixels; what is thinner cannot be seen and is not drawn
constexpr std::size_t nothing = static_cast<std::size_t>(-1);

/// Usable links, repeated ones added up, ordered by step, from, to.
std::vector<SankeyLink> merged_links(const SankeyChart& chart) {
    std::map<std::tuple<std::size_t, std::size_t, std::size_t>, double> sums;
    for (const SankeyLink& link : chart.links) {
        const bool inside = link.step + 1 < chart.dates.size() && link.step + 1 != 0 &&
                            link.from < chart.classes.size() && link.to < chart.classes.size();
        if (inside && is_drawable(link.value) && link.value > 0) sums[{link.step, link.from, link.to}] += link.value;
    }
    std::vector<SankeyLink> out;
    for (const auto& [key, value] : sums) out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), value});
    return out;
}

std::string class_colour(const SankeyChart& chart, std::size_t i) {
    return colour_or_palette(chart.classes[i].colour, i);
}

class SankeyPainter {
public:
    explicit SankeyPainter(const SankeyChart& chart) : chart_(chart) {}

    std::string draw() {
        const double start = title_room(chart_.title, chart_.show_title);
        const double top = start + 44;
        std::vector<bool> used(chart_.classes.size(), false);
        for (const SankeyLink& link : merged_links(chart_)) used[link.from] = used[link.to] = true;
        const auto classes = static_cast<double>(std::count(used.begin(), used.end(), true));
        const double height = chart_.height > 0 ? std::max(chart_.height, top + 60)
                                                : top + 12 + std::clamp(classes * two_lines, 380.0, 720.0);
        bottom_ = height - 12;
        top_ = top;
        layout_ = sankey_layout(chart_, top_, bottom_);
        if (layout_.nodes.empty()) return no_data_figure(chart_.title, chart_.width);

        totals_.assign(chart_.dates.size(), 0);
        for (const SankeyNode& node : layout_.nodes) totals_[node.column] += node.value;
        place_columns();

        Svg svg(chart_.width, height);
        draw_title(svg, chart_.title, chart_.show_title);
        for (std::size_t column = 0; column < chart_.dates.size(); ++column) heading(svg, column, start);
        bands(svg);
        for (const SankeyNode& node : layout_.nodes) draw_node(svg, node);
        outer_labels(svg, 0);
        outer_labels(svg, chart_.dates.size() - 1);
        return svg.str(chart_.title);
    }

private:
    std::string size_text(const SankeyNode& node) const {
        return with_unit_short(node.value) + " \xC2\xB7 " + format_percent(node.value / totals_[node.column]);
    }
    std::string with_unit_short(double value) const {
        return format_value(value, 4) + (chart_.unit.empty() ? "" : " " + chart_.unit);
    }

    void place_columns() {
        double widest = 60;
        const double most = std::min(230.0, chart_.width * (chart_.dates.size() > 4 ? 0.17 : 0.24));
        for (const SankeyNode& node : layout_.nodes) {
            if (node.column != 0 && node.column + 1 != chart_.dates.size()) continue;
            widest = std::max(widest, text_width(chart_.classes[node.class_index].name, name_size, true));
            widest = std::max(widest, text_width(size_text(node), small_size));
        }
        label_width_ = std::min(widest, most);
        left_ = label_width_ + leader + 4;
        right_ = chart_.width - left_ - node_width;
    }

    double x_of(std::size_t column) const {
        return left_ + (right_ - left_) * static_cast<double>(column) / static_cast<double>(chart_.dates.size() - 1);
    }

    void heading(Svg& svg, std::size_t column, double start) const {
        const double room = (right_ - left_) / static_cast<double>(chart_.dates.size() - 1) - 6;
        const double x = x_of(column) + node_width / 2;
        svg.text(x, start + 16, shorten(chart_.dates[column], std::max(40.0, room), text_size, true),
                 {.size = text_size, .anchor = TextAnchor::middle, .weight = 600, .colour = text_colour},
                 chart_.dates[column] + ": " + with_unit(totals_[column], chart_.unit));
        const std::string total = with_unit_short(totals_[column]);
        if (text_width(total, small_size) <= room)
            svg.text(x, start + 32, total, {.size = small_size, .anchor = TextAnchor::middle, .colour = muted_colour});
    }

    const SankeyNode& node_of(std::size_t column, std::size_t class_index) const {
        return *std::find_if(layout_.nodes.begin(), layout_.nodes.end(), [&](const SankeyNode& node) {
            return node.column == column && node.class_index == class_index;
        });
    }

    void bands(Svg& svg) const {
        // Persistence below, change above it, the thinnest on top.
        std::vector<const SankeyBand*> order;
        for (const SankeyBand& band : layout_.bands)
            if (band.width >= smallest_band) order.push_back(&band);
        std::stable_sort(order.begin(), order.end(), [](const SankeyBand* a, const SankeyBand* b) {
            const bool a_changes = a->link.from != a->link.to, b_changes = b->link.from != b->link.to;
            return a_changes != b_changes ? b_changes : a->width > b->width;
        });
        for (const SankeyBand* band : order) draw_band(svg, *band);
    }

    void draw_band(Svg& svg, const SankeyBand& band) const {
        const SankeyLink& link = band.link;
        const double x0 = x_of(link.step) + node_width, x1 = x_of(link.step + 1), middle = (x0 + x1) / 2;
        const double w = band.width;
        const bool change = link.from != link.to;
        const std::string &from = chart_.classes[link.from].name, &to = chart_.classes[link.to].name;
        const std::string arrow = " \xE2\x86\x92 ";
        const std::string tooltip =
            (change ? from + arrow + to : from + " (unchanged)") + "\n" + chart_.dates[link.step] + arrow +
            chart_.dates[link.step + 1] + ": " + with_unit(link.value, chart_.unit) + "\n" +
            format_percent(link.value / node_of(link.step, link.from).value) + " of " + from + " " +
            chart_.dates[link.step] + ", " + format_percent(link.value / totals_[link.step], 2) + " of all";
        SvgPath path;
        path.move({x0, band.y_from}).curve({middle, band.y_from}, {middle, band.y_to}, {x1, band.y_to});
        path.line({x1, band.y_to + w}).curve({middle, band.y_to + w}, {middle, band.y_from + w}, {x0, band.y_from + w});
        svg.path(path.close().str(), {.fill = class_colour(chart_, link.from), .opacity = change ? 0.72 : 0.3},
                 tooltip);
    }

    void draw_node(Svg& svg, const SankeyNode& node) const {
        const std::string& name = chart_.classes[node.class_index].name;
        const std::string share = format_percent(node.value / totals_[node.column]);
        const double x = x_of(node.column);
        svg.rect(
            x, node.y, node_width, node.height,
            {.fill = class_colour(chart_, node.class_index), .stroke = text_colour, .stroke_width = 0.4},
            name + ", " + chart_.dates[node.column] + "\n" + with_unit(node.value, chart_.unit) + " (" + share + ")");
        const bool inner = node.column > 0 && node.column + 1 < chart_.dates.size();
        const double room = (right_ - left_) / static_cast<double>(chart_.dates.size() - 1) - node_width;
        if (inner && node.height >= 14 && room >= 80)
            svg.text(x + node_width + 5, node.y + node.height / 2, share,
                     {.size = small_size, .colour = text_colour, .centred = true, .halo = true});
    }

    /// Names and sizes beside the first or last column, moved apart where nodes are thin, with leaders to the nodes.
    void outer_labels(Svg& svg, std::size_t column) const {
        std::vector<const SankeyNode*> nodes;
        std::vector<double> wished;
        for (const SankeyNode& node : layout_.nodes) {
            if (node.column != column) continue;
            nodes.push_back(&node);
            wished.push_back(node.y + node.height / 2);
        }
        if (nodes.empty()) return;
        const bool two = static_cast<double>(nodes.size()) * two_lines <= bottom_ - top_ + 12;
        const double spacing = two ? two_lines : one_line;
        const std::vector<double> placed =
            keep_apart(wished, spacing, top_ + spacing / 2 - 6, bottom_ - spacing / 2 + 6);
        const bool first = column == 0;
        const double edge = first ? x_of(0) : x_of(column) + node_width, side = first ? -1 : 1;
        const double text_x = edge + side * leader;
        const TextAnchor anchor = first ? TextAnchor::end : TextAnchor::start;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const SankeyNode& node = *nodes[i];
            const std::string& name = chart_.classes[node.class_index].name;
            const std::string tooltip = name + "\n" + with_unit(node.value, chart_.unit);
            svg.polyline({{edge + side * 2, wished[i]},
                          {edge + side * 6, wished[i]},
                          {text_x - side * 8, placed[i]},
                          {text_x - side * 4, placed[i]}},
                         {.stroke = axis_colour, .stroke_width = 0.8});
            if (two) {
                svg.text(text_x, placed[i] - 3, shorten(name, label_width_, name_size, true),
                         {.size = name_size, .anchor = anchor, .weight = 600, .colour = text_colour}, tooltip);
                svg.text(text_x, placed[i] + 11, shorten(size_text(node), label_width_, small_size),
                         {.size = small_size, .anchor = anchor, .colour = muted_colour}, tooltip);
            } else {
                const std::string share = format_percent(node.value / totals_[column]);
                const double room = label_width_ - text_width(share, small_size) - 12;
                svg.text(text_x, placed[i], shorten(name, room, small_size) + " \xC2\xB7 " + share,
                         {.size = small_size, .anchor = anchor, .colour = text_colour, .centred = true}, tooltip);
            }
        }
    }

    const SankeyChart& chart_;
    SankeyLayout layout_;
    std::vector<double> totals_;
    double top_ = 0, bottom_ = 0, left_ = 0, right_ = 0, label_width_ = 0;
};

}  // namespace

SankeyLayout sankey_layout(const SankeyChart& chart, double top, double bottom) {
    SankeyLayout layout;
    const std::vector<SankeyLink> links = merged_links(chart);
    if (links.empty()) return layout;
    const std::size_t columns = chart.dates.size(), classes = chart.classes.size();

    std::vector<double> in(columns * classes, 0), out(columns * classes, 0);
    for (const SankeyLink& link : links) {
        out[link.step * classes + link.from] += link.value;
        in[(link.step + 1) * classes + link.to] += link.value;
    }
    double largest_total = 0;
    std::size_t most_nodes = 1;
    for (std::size_t column = 0; column < columns; ++column) {
        double total = 0;
        std::size_t nodes = 0;
        for (std::size_t k = column * classes; k < (column + 1) * classes; ++k) {
            total += std::max(in[k], out[k]);
            nodes += in[k] > 0 || out[k] > 0;
        }
        largest_total = std::max(largest_total, total);
        most_nodes = std::max(most_nodes, nodes);
    }
    const double gaps = static_cast<double>(most_nodes - 1);
    const double gap = gaps > 0 ? std::min(12.0, (bottom - top) * 0.3 / gaps) : 0;
    layout.scale = (bottom - top - gap * gaps) / largest_total;

    std::vector<std::size_t> index(columns * classes, nothing);
    for (std::size_t column = 0; column < columns; ++column) {
        double y = top;
        for (std::size_t c = 0; c < classes; ++c) {
            const std::size_t k = column * classes + c;
            const double value = std::max(in[k], out[k]);
            if (value <= 0) continue;
            index[k] = layout.nodes.size();
            layout.nodes.push_back({column, c, value, y, value * layout.scale});
            y += layout.nodes.back().height + gap;
        }
    }
    // Links come ordered by (step, from, to): bands leave a node in the order of their targets and arrive in the
    // order of their sources, which keeps crossings to the necessary ones.
    std::vector<double> left(columns * classes, 0), arrived(columns * classes, 0);
    for (const SankeyLink& link : links) {
        const std::size_t from = link.step * classes + link.from, to = (link.step + 1) * classes + link.to;
        const double width = link.value * layout.scale;
        layout.bands.push_back(
            {link, layout.nodes[index[from]].y + left[from], layout.nodes[index[to]].y + arrived[to], width});
        left[from] += width;
        arrived[to] += width;
    }
    return layout;
}

std::string sankey(const SankeyChart& chart) {
    const std::size_t all = chart.classes.size();
    if (all <= most_shown) return SankeyPainter(chart).draw();
    // The smaller classes flow together.
    std::vector<double> sizes(all);
    for (const SankeyLink& link : chart.links)
        if (is_drawable(link.value) && link.from < all && link.to < all) {
            sizes[link.from] += link.value;
            sizes[link.to] += link.value;
        }
    const auto places = largest_of(sizes);
    std::vector<std::size_t> place_of(all, places.size());
    for (std::size_t i = 0; i < places.size(); ++i) place_of[places[i]] = i;
    SankeyChart part = chart;
    part.classes = picked(chart.classes, places);
    part.classes.push_back({std::to_string(all - places.size()) + " smaller classes", "#b8c0c8"});
    for (SankeyLink& link : part.links) {
        if (link.from < all) link.from = place_of[link.from];
        if (link.to < all) link.to = place_of[link.to];
    }
    return SankeyPainter(part).draw();
}

}  // namespace landcarbon
