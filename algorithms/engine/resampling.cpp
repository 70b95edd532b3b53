// Land Carbon Toolbox: carrying cells from one grid to another, after it is known which of them hold data.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/resampling.hpp"

#include <ogr_srs_api.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Positions are exact at corners of squares of so many target cells, and linear between them where that is as good.
constexpr int square = 16;
constexpr double good_enough = 0.02;  ///< source cells
constexpr double rounding = 1e-6;     ///< source cells

SrsPtr system_of(const Grid& grid) {
    SrsPtr system(OSRNewSpatialReference(grid.crs.c_str()));
    if (system) OSRSetAxisMappingStrategy(system.get(), OAMS_TRADITIONAL_GIS_ORDER);
    return system;
}

double snapped(double position) {
    const double whole = std::round(position);
    return std::abs(position - whole) < rounding ? whole : position;
}

int bounded(double position) { return static_cast<int>(std::clamp(position, -2e9, 2e9)); }

}  // namespace

int cell_at(double position) { return bounded(std::floor(snapped(position))); }

Span span_of(double centre, double size) {
    Span span{snapped(centre - size / 2), snapped(centre + size / 2), 0, 0};
    span.first = bounded(std::floor(span.from));
    span.last = bounded(std::ceil(span.to));
    return span;
}

GridMapping::GridMapping(const Grid& source, const Grid& target) : source_(source), target_(target) {
    const GdalMessages messages;
    if (!GDALInvGeoTransform(source_.transform.data(), inverse_.data()))
        throw UserError("", "its geotransform has no inverse");
    const SrsPtr from = system_of(target), to = system_of(source);
    if (!from || !to) throw UserError("", "a coordinate reference system cannot be read");
    same_system_ = OSRIsSame(from.get(), to.get()) != 0;
    if (OSRIsGeographic(to.get()) && source.transform[2] == 0 && source.transform[4] == 0)
        turn_ = 2 * std::acos(-1.0) / OSRGetAngularUnits(to.get(), nullptr) / std::abs(source.transform[1]);
    if (!same_system_) transformation();
    std::vector<Footprint> middle;
    footprints({target.width / 2, target.height / 2, 1, 1}, middle);
    coarser_ = std::max(middle[0].width, middle[0].height) >= 1.5;
}

OGRCoordinateTransformationH GridMapping::transformation() const {
    TransformationPtr& own = transformations_.local();
    if (!own) {
        const GdalMessages messages;
        const SrsPtr from = system_of(target_), to = system_of(source_);
        own.reset(OCTNewCoordinateTransformation(from.get(), to.get()));
        if (!own)
            throw UserError("", "there is no transformation between the reference systems (" + messages.text("") + ")");
    }
    return own.get();
}

void GridMapping::place(std::vector<Node>& nodes) const {
    std::vector<double> x(nodes.size()), y(nodes.size());
    std::vector<int> good(nodes.size(), 1);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto position = target_.position(nodes[i].x, nodes[i].y);
        x[i] = position[0];
        y[i] = position[1];
    }
    if (!same_system_) {
        // PROJ and GDAL take places far from the Earth round it for ever.
        constexpr double farthest = 1e9;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (!(std::abs(x[i]) < farthest && std::abs(y[i]) < farthest)) x[i] = y[i] = HUGE_VAL;
        const GdalMessages messages;
        OCTTransformEx(transformation(), static_cast<int>(nodes.size()), x.data(), y.data(), nullptr, good.data());
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const bool placed = good[i] && std::isfinite(x[i]) && std::isfinite(y[i]);
        nodes[i].x = placed ? inverse_[0] + x[i] * inverse_[1] + y[i] * inverse_[2] : nan;
        nodes[i].y = placed ? inverse_[3] + x[i] * inverse_[4] + y[i] * inverse_[5] : nan;
    }
}

void GridMapping::footprints(const Window& window, std::vector<Footprint>& found) const {
    found.assign(window.cells(), {nan, nan, 1, 1});
    // A whole turn more or less is the same place: near to `beside`, so that nothing jumps at the edge of the world.
    const auto near = [&](Node node, const Node& beside) {
        if (turn_ > 0) node.x -= turn_ * std::round((node.x - beside.x) / turn_);
        return node;
    };
    const auto put = [&](int column, int row, const Node& at, const Node& across, const Node& down) {
        if (!std::isfinite(at.x) || !std::isfinite(at.y)) return;
        Footprint& place = found[static_cast<std::size_t>(row - window.y) * static_cast<std::size_t>(window.width) +
                                 static_cast<std::size_t>(column - window.x)];
        place.x = at.x;
        place.y = at.y;
        if (turn_ > 0 && (place.x < 0 || place.x >= source_.width)) {
            // Into the source where it lies on the other side of the world: 0..360 against -180..180.
            const double turned = place.x - turn_ * std::floor(place.x / turn_);
            if (turned < source_.width) place.x = turned;
        }
        // A rectangle of the cell's size: the larger of both sides' shares along each axis.
        place.width = std::max(std::abs(across.x), std::abs(down.x));
        place.height = std::max(std::abs(across.y), std::abs(down.y));
    };
    const int first_column = window.x / square * square, first_row = window.y / square * square;
    std::vector<Node> nodes, exact;
    for (int top = first_row; top < window.y + window.height; top += square)
        for (int left = first_column; left < window.x + window.width; left += square) {
            const double right = left + square, bottom = top + square;
            nodes = {{static_cast<double>(left), static_cast<double>(top)},
                     {right, static_cast<double>(top)},
                     {static_cast<double>(left), bottom},
                     {right, bottom},
                     {(left + right) / 2, (top + bottom) / 2}};
            place(nodes);
            for (std::size_t i = 1; i < nodes.size(); ++i) nodes[i] = near(nodes[i], nodes[0]);
            const double miss = std::hypot((nodes[0].x + nodes[1].x + nodes[2].x + nodes[3].x) / 4 - nodes[4].x,
                                           (nodes[0].y + nodes[1].y + nodes[2].y + nodes[3].y) / 4 - nodes[4].y);
            const int column_from = std::max(left, window.x),
                      column_to = std::min(left + square, window.x + window.width);
            const int row_from = std::max(top, window.y), row_to = std::min(top + square, window.y + window.height);
            if (miss <= good_enough) {
                for (int row = row_from; row < row_to; ++row)
                    for (int column = column_from; column < column_to; ++column) {
                        const double u = (column + 0.5 - left) / square, v = (row + 0.5 - top) / square;
                        const auto mixed = [&](double a, double b, double c, double d) {
                            return (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v;
                        };
                        const Node at{mixed(nodes[0].x, nodes[1].x, nodes[2].x, nodes[3].x),
                                      mixed(nodes[0].y, nodes[1].y, nodes[2].y, nodes[3].y)};
                        const Node across{
                            ((nodes[1].x - nodes[0].x) * (1 - v) + (nodes[3].x - nodes[2].x) * v) / square,
                            ((nodes[1].y - nodes[0].y) * (1 - v) + (nodes[3].y - nodes[2].y) * v) / square};
                        const Node down{((nodes[2].x - nodes[0].x) * (1 - u) + (nodes[3].x - nodes[1].x) * u) / square,
                                        ((nodes[2].y - nodes[0].y) * (1 - u) + (nodes[3].y - nodes[1].y) * u) / square};
                        put(column, row, at, across, down);
                    }
                continue;
            }
            // Strongly curved, or at the edge of where the transformation works: three points for each cell.
            exact.clear();
            for (int row = row_from; row < row_to; ++row)
                for (int column = column_from; column < column_to; ++column) {
                    exact.push_back({column + 0.5, row + 0.5});
                    exact.push_back({column + 1.0, row + 0.5});
                    exact.push_back({column + 0.5, row + 1.0});
                }
            place(exact);
            std::size_t i = 0;
            for (int row = row_from; row < row_to; ++row)
                for (int column = column_from; column < column_to; ++column, i += 3) {
                    const Node at = exact[i];
                    const Node side = near(exact[i + 1], at), below = near(exact[i + 2], at);
                    const auto twice = [](double value) { return std::isfinite(value) ? 2 * value : 1.0; };
                    put(column, row, at, {twice(side.x - at.x), twice(side.y - at.y)},
                        {twice(below.x - at.x), twice(below.y - at.y)});
                }
        }
}

void each_part(const GridMapping& mapping, const Window& window,
               const std::function<void(const Window&, const std::vector<Footprint>&, const Window&)>& carry) {
    constexpr std::size_t most_cells = 1u << 20;
    std::vector<Footprint> places;
    mapping.footprints(window, places);
    double left = 1e18, top = 1e18, right = -1e18, bottom = -1e18;
    for (const Footprint& place : places) {
        if (place.x != place.x) continue;
        // One more cell on each side for the neighbours that interpolation takes.
        left = std::min(left, place.x - place.width / 2 - 1);
        right = std::max(right, place.x + place.width / 2 + 1);
        top = std::min(top, place.y - place.height / 2 - 1);
        bottom = std::max(bottom, place.y + place.height / 2 + 1);
    }
    const auto clipped = [](double position, int most) {
        return static_cast<int>(std::clamp(position, 0.0, static_cast<double>(most)));
    };
    Window source;
    source.x = clipped(std::floor(left), mapping.source().width);
    source.y = clipped(std::floor(top), mapping.source().height);
    source.width = std::max(0, clipped(std::ceil(right), mapping.source().width) - source.x);
    source.height = std::max(0, clipped(std::ceil(bottom), mapping.source().height) - source.y);
    if (source.width == 0 || source.height == 0) source = {};
    if (source.cells() <= most_cells || window.cells() == 1) {
        carry(window, places, source);
        return;
    }
    Window one = window, other = window;
    if (window.height >= window.width) {
        one.height = window.height / 2;
        other.y += one.height;
        other.height -= one.height;
    } else {
        one.width = window.width / 2;
        other.x += one.width;
        other.width -= one.width;
    }
    each_part(mapping, one, carry);
    each_part(mapping, other, carry);
}

}  // namespace landcarbon
