// Land Carbon Toolbox: class maps in reports: small rasters side by side with one legend.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/cell_maps.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/report/axis.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr double gap = 16, heading = 24;

/// All cells of one legend entry as rectangles: runs of equal cells in a row, joined downwards where they repeat.
std::string shape_of(const CellMaps& maps, const CellMap& map, std::uint16_t entry, double left, double top,
                     double across, double down) {
    struct Run {
        std::size_t first, last, row;
        bool operator<(const Run& other) const { return first != other.first ? first < other.first : last < other.last; }
    };
    SvgPath path;
    std::set<Run> open;
    const auto draw = [&](const Run& run, std::size_t end) {
        // A hair's breadth over the edge, so that no white lines show between neighbours.
        const double x0 = left + static_cast<double>(run.first) * across, y0 = top + static_cast<double>(run.row) * down;
        const double x1 = left + static_cast<double>(run.last) * across + 0.3, y1 = top + static_cast<double>(end) * down + 0.3;
        path.move({x0, y0}).line({x1, y0}).line({x1, y1}).line({x0, y1}).close();
    };
    for (std::size_t row = 0; row <= maps.rows; ++row) {
        std::set<Run> here;
        for (std::size_t i = 0; row < maps.rows && i < maps.columns;) {
            const std::uint16_t* const line = map.cells.data() + row * maps.columns;
            std::size_t end = i + 1;
            while (end < maps.columns && line[end] == line[i]) ++end;
            if (line[i] == entry) {
                const auto known = open.find({i, end, 0});
                here.insert({i, end, known == open.end() ? row : known->row});
            }
            i = end;
        }
        for (const Run& run : open)
            if (!here.count(run)) draw(run, row);
        open = std::move(here);
    }
    return path.str();
}

}  // namespace

std::string cell_maps(const CellMaps& maps) {
    if (maps.maps.empty() || maps.columns == 0 || maps.rows == 0) return no_data_figure(maps.title, maps.width);
    ChartLegend legend;
    for (const auto& [name, colour] : maps.legend) legend.add(name, colour, ChartLegend::Symbol::box);
    const double head = legend.empty() ? 0 : legend.height(maps.width) + 8;
    const auto count = static_cast<double>(maps.maps.size());
    const double room = (maps.width - (count - 1) * gap) / count;
    const double across = std::min(room / static_cast<double>(maps.columns),
                                   maps.largest_height / static_cast<double>(maps.rows) / maps.stretch);
    const double down = across * maps.stretch;
    const double wide = across * static_cast<double>(maps.columns), high = down * static_cast<double>(maps.rows);
    Svg svg(maps.width, head + heading + high + 4);
    legend.draw(svg, 0, 0, maps.width);
    const double first = (maps.width - count * wide - (count - 1) * gap) / 2;
    for (std::size_t i = 0; i < maps.maps.size(); ++i) {
        const double left = first + static_cast<double>(i) * (wide + gap), top = head + heading;
        SvgTextStyle style;
        style.weight = 600;
        svg.text(left, top - 8, maps.maps[i].title, style);
        svg.rect(left - 0.5, top - 0.5, wide + 1, high + 1, {"#ffffff", "#c9d1d9", 1, 1, {}});
        for (std::size_t entry = 1; entry <= maps.legend.size(); ++entry) {
            const std::string path =
                shape_of(maps, maps.maps[i], static_cast<std::uint16_t>(entry), left, top, across, down);
            const auto& [name, colour] = maps.legend[entry - 1];
            if (!path.empty()) svg.path(path, {colour, {}, 1, 1, {}}, name);
        }
    }
    return svg.str(maps.title);
}

Thinning::Thinning(int width, int height, int most) : width_(width), height_(height) {
    step = std::max(1, (std::max(width, height) - 1) / most + 1);
    columns = static_cast<std::size_t>((width - 1) / step + 1);
    rows = static_cast<std::size_t>((height - 1) / step + 1);
}

int Thinning::column(std::size_t i) const { return std::min(static_cast<int>(i) * step + step / 2, width_ - 1); }
int Thinning::row(std::size_t i) const { return std::min(static_cast<int>(i) * step + step / 2, height_ - 1); }

}  // namespace landcarbon
