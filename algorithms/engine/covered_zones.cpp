// Land Carbon Toolbox: zones that take of each cell the share that lies inside them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/covered_zones.hpp"

#include <ogr_api.h>

#include <algorithm>
#include <cmath>

#include "engine/gdal.hpp"
#include "engine/geometry.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr double nothing = 1e-12;

/// Whether a polygon's sides cross one another so often that mending it would take very long: that grows with the
/// crossings, of which there may be as many as pairs of sides.
bool is_tangled(OGRGeometryH polygon) {
    struct Line {
        double x0, y0, x1, y1;
    };
    std::vector<Line> lines;
    for (int r = 0; r < OGR_G_GetGeometryCount(polygon); ++r) {
        OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, r);
        for (int i = 1; i < OGR_G_GetPointCount(ring); ++i) {
            Line line{OGR_G_GetX(ring, i - 1), OGR_G_GetY(ring, i - 1), OGR_G_GetX(ring, i), OGR_G_GetY(ring, i)};
            if (line.y0 > line.y1) line = {line.x1, line.y1, line.x0, line.y0};
            lines.push_back(line);
        }
    }
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.y0 < b.y0; });
    constexpr std::size_t most_pairs = 20000000, most_crossings = 10000;
    std::size_t pairs = 0, crossings = 0;
    const auto side = [](const Line& of, double x, double y) {
        return (of.x1 - of.x0) * (y - of.y0) - (of.y1 - of.y0) * (x - of.x0) > 0;
    };
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t j = i + 1; j < lines.size() && lines[j].y0 <= lines[i].y1; ++j) {
            const Line &a = lines[i], &b = lines[j];
            crossings += side(a, b.x0, b.y0) != side(a, b.x1, b.y1) && side(b, a.x0, a.y0) != side(b, a.x1, a.y1);
            if (++pairs > most_pairs || crossings > most_crossings) return true;
        }
    return false;
}

class CoveredZones final : public Zones {
public:
    CoveredZones(const std::string& parameter, std::unique_ptr<Zones> zones, const Grid& grid);
    std::vector<ZoneRun> runs(const Window& window) const override;

private:
    /// A side in columns and rows, from its upper end to its lower one.
    struct Side {
        double x0, y0, x1, y1;
        double sign;  ///< 1 where what lies to the right of it is inside, -1 where it is outside
    };
    struct Shape {
        std::vector<Side> sides;  ///< by y0
        double left = 1e300, top = 1e300, right = -1e300, bottom = -1e300;
    };
    /// What the sides of a shape say of one column of one row.
    struct Part {
        int row, column;
        double share;  ///< of the cell, inside by the sides in it
        double after;  ///< of each cell to the right of it
    };
    Shape shape_of(const std::string& parameter, std::size_t zone) const;
    void add_ring(OGRGeometryH ring, bool outer, Shape& shape) const;
    void add_parts(const Side& side, double moved, int first_row, int end_row, std::vector<Part>& parts) const;
    void add_runs(std::size_t zone, const Window& window, std::vector<ZoneRun>& found) const;

    std::unique_ptr<Zones> zones_;
    Grid grid_;
    std::array<double, 6> inverse_{};
    std::vector<double> turns_{0};  ///< by how many cells a shape is moved to lie on the map: a whole turn either way
    std::vector<Shape> shapes_;
};

CoveredZones::CoveredZones(const std::string& parameter, std::unique_ptr<Zones> zones, const Grid& grid)
    : zones_(std::move(zones)), grid_(grid) {
    count_ = zones_->size();
    columns_ = zones_->columns();
    std::array<double, 6> transform = grid.transform;
    if (!GDALInvGeoTransform(transform.data(), inverse_.data()))
        throw wrong(parameter, "the raster's geotransform has no inverse");
    if (const MapUnit unit = MapUnit::of(grid, std::nullopt); unit.geographic && grid.transform[2] == 0)
        for (const double way : {1.0, -1.0})
            turns_.push_back(way * 2 * std::acos(-1.0) / unit.size / std::abs(grid.transform[1]));
    for (std::size_t zone = 0; zone < count_; ++zone) {
        attributes_.push_back(zones_->attributes(zone));
        geometries_.push_back(zones_->geometry(zone));
        shapes_.push_back(shape_of(parameter, zone));
    }
}

CoveredZones::Shape CoveredZones::shape_of(const std::string& parameter, std::size_t zone) const {
    const std::vector<unsigned char>& wkb = geometries_[zone];
    Shape shape;
    OGRGeometryH made = nullptr;
    if (OGR_G_CreateFromWkb(wkb.data(), nullptr, &made, static_cast<int>(wkb.size())) != OGRERR_NONE) return shape;
    const GeometryPtr geometry(made);
    const auto each_polygon = [](OGRGeometryH of, const auto& call) {
        if (wkbFlatten(OGR_G_GetGeometryType(of)) == wkbMultiPolygon)
            for (int i = 0; i < OGR_G_GetGeometryCount(of); ++i) call(OGR_G_GetGeometryRef(of, i));
        else
            call(of);
    };
    const auto add_polygon = [&](OGRGeometryH polygon) {
        for (int r = 0; r < OGR_G_GetGeometryCount(polygon); ++r)
            add_ring(OGR_G_GetGeometryRef(polygon, r), r == 0, shape);
    };
    each_polygon(made, [&](OGRGeometryH polygon) {
        const GdalMessages what_is_wrong;  // told by the zones themselves
        if (!OGR_G_IsValid(polygon)) {
            if (is_tangled(polygon))
                throw wrong(parameter, "the polygon of " + name(zone) +
                                           " crosses itself too often for shares of cells; mend it first (in QGIS: Fix "
                                           "geometries), or take cells by their centres");
            // An outline that crosses itself becomes outlines that do not, by the even-odd rule.
            const GeometryPtr mended(OGR_G_MakeValid(polygon));
            if (const GeometryPtr parts = mended ? polygon_of(mended.get()) : nullptr) {
                each_polygon(parts.get(), add_polygon);
                return;
            }
        }
        add_polygon(polygon);
    });
    std::stable_sort(shape.sides.begin(), shape.sides.end(), [](const Side& a, const Side& b) { return a.y0 < b.y0; });
    return shape;
}

void CoveredZones::add_ring(OGRGeometryH ring, bool outer, Shape& shape) const {
    const int points = OGR_G_GetPointCount(ring);
    std::vector<std::array<double, 2>> places;
    for (int i = 0; i < points; ++i) {
        const double x = OGR_G_GetX(ring, i), y = OGR_G_GetY(ring, i);
        const auto& t = grid_.transform;
        if (t[2] == 0 && t[4] == 0)
            places.push_back({(x - t[0]) / t[1], (y - t[3]) / t[5]});
        else
            places.push_back(
                {inverse_[0] + x * inverse_[1] + y * inverse_[2], inverse_[3] + x * inverse_[4] + y * inverse_[5]});
        // Beyond that a shape lies nowhere on a map.
        if (!(std::abs(places.back()[0]) < 1e12 && std::abs(places.back()[1]) < 1e12)) return;
    }
    double doubled = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& a = places[i];
        const auto& b = places[(i + 1) % places.size()];
        doubled += (a[0] - places[0][0]) * (b[1] - places[0][1]) - (b[0] - places[0][0]) * (a[1] - places[0][1]);
    }
    // Rows go down: a ring that goes round clockwise on the screen has a positive area, and its inside to the right of
    // sides that go up.
    const double way = (doubled > 0) == outer ? -1 : 1;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& a = places[i];
        const auto& b = places[(i + 1) % places.size()];
        shape.left = std::min(shape.left, a[0]);
        shape.right = std::max(shape.right, a[0]);
        shape.top = std::min(shape.top, a[1]);
        shape.bottom = std::max(shape.bottom, a[1]);
        if (a[1] < b[1])
            shape.sides.push_back({a[0], a[1], b[0], b[1], way});
        else if (b[1] < a[1])
            shape.sides.push_back({b[0], b[1], a[0], a[1], -way});
    }
}

/// In each row, and in each column that the side crosses there, its height counts for all cells to the right of it, and
/// for its own cell times the share to the right of it.
void CoveredZones::add_parts(const Side& side, double moved, int first_row, int end_row,
                             std::vector<Part>& parts) const {
    const double slope = (side.x1 - side.x0) / (side.y1 - side.y0);
    const auto x_at = [&](double y) {
        if (y <= side.y0) return side.x0 + moved;
        if (y >= side.y1) return side.x1 + moved;
        return side.x0 + (y - side.y0) * slope + moved;
    };
    const double low = std::max(static_cast<double>(first_row), std::floor(side.y0));
    const double high = std::min(static_cast<double>(end_row), std::ceil(side.y1));
    for (auto row = static_cast<int>(low); row < static_cast<int>(high); ++row) {
        const double top = std::max(static_cast<double>(row), side.y0);
        const double bottom = std::min(static_cast<double>(row) + 1, side.y1);
        if (!(top < bottom)) continue;
        const double from = x_at(top), to = x_at(bottom);
        const double left = std::min(from, to), right = std::max(from, to);
        const double height = (bottom - top) * side.sign;
        if (left >= grid_.width) continue;
        if (right <= 0) {
            parts.push_back({row, -1, 0, height});
            continue;
        }
        const double width = right - left;
        const auto last = std::min(static_cast<double>(grid_.width) - 1, std::floor(right));
        if (left < 0) parts.push_back({row, -1, 0, height * std::min(1.0, -left / width)});
        for (auto column = static_cast<int>(std::max(0.0, std::floor(left))); column <= static_cast<int>(last);
             ++column) {
            const double begin = std::max(left, static_cast<double>(column));
            const double end = std::min(right, static_cast<double>(column) + 1);
            const double share = width > 0 ? (end - begin) / width : 1;
            if (!(share > 0)) continue;
            const double middle = begin / 2 + end / 2;
            parts.push_back({row, column, height * share * (column + 1 - middle), height * share});
        }
    }
}

void CoveredZones::add_runs(std::size_t zone, const Window& window, std::vector<ZoneRun>& found) const {
    const Shape& shape = shapes_[zone];
    const int end_row = window.y + window.height;
    if (!(shape.bottom > window.y && shape.top < end_row)) return;
    thread_local std::vector<Part> parts;
    parts.clear();
    for (const double moved : turns_) {
        if (!(shape.right + moved > 0 && shape.left + moved < grid_.width)) continue;
        for (const Side& side : shape.sides) {
            if (side.y0 >= end_row) break;
            if (side.y1 > window.y) add_parts(side, moved, window.y, end_row, parts);
        }
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.row != b.row ? a.row < b.row : a.column < b.column; });
    const auto add = [&](int row, int first, int last, double share) {
        first = std::max(first, window.x);
        last = std::min(last, window.x + window.width);
        if (first >= last || !(share > nothing)) return;
        if (share > 1 - nothing) share = 1;
        const ZoneRun run{static_cast<std::uint32_t>(zone), row - window.y, first - window.x, last - window.x, share};
        if (!found.empty() && found.back().zone == run.zone && found.back().row == run.row &&
            found.back().last == run.first && found.back().share == run.share)
            found.back().last = run.last;
        else
            found.push_back(run);
    };
    for (std::size_t i = 0; i < parts.size();) {
        const int row = parts[i].row;
        double level = 0;
        while (i < parts.size() && parts[i].row == row) {
            const int column = parts[i].column;
            double here = level;
            for (; i < parts.size() && parts[i].row == row && parts[i].column == column; ++i) {
                here += parts[i].share;
                level += parts[i].after;
            }
            if (column >= 0) add(row, column, column + 1, here);
            const int next = i < parts.size() && parts[i].row == row ? parts[i].column : grid_.width;
            if (std::abs(level) > nothing) add(row, column + 1, next, level);
        }
    }
}

std::vector<ZoneRun> CoveredZones::runs(const Window& window) const {
    std::vector<ZoneRun> found;
    for (std::size_t zone = 0; zone < shapes_.size(); ++zone) add_runs(zone, window, found);
    return found;
}

}  // namespace

std::unique_ptr<Zones> covered_zones(const std::string& parameter, std::unique_ptr<Zones> zones, const Grid& grid) {
    return std::make_unique<CoveredZones>(parameter, std::move(zones), grid);
}

}  // namespace landcarbon
