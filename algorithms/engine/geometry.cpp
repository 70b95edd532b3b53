// Land Carbon Toolbox: polygons as rings of points and as well-known binary.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/geometry.hpp"

#include <ogr_api.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "engine/gdal.hpp"

namespace landcarbon {
namespace {

void collect(OGRGeometryH geometry, std::vector<Ring>& rings) {
    const int parts = OGR_G_GetGeometryCount(geometry);
    for (int i = 0; i < parts; ++i) collect(OGR_G_GetGeometryRef(geometry, i), rings);
    if (parts > 0 || OGR_G_GetPointCount(geometry) == 0) return;
    Ring& ring = rings.emplace_back();
    for (int i = 0; i < OGR_G_GetPointCount(geometry); ++i)
        ring.push_back({OGR_G_GetX(geometry, i), OGR_G_GetY(geometry, i)});
}

std::size_t points_of(OGRGeometryH geometry) {
    const int parts = OGR_G_GetGeometryCount(geometry);
    auto points = static_cast<std::size_t>(std::max(0, parts == 0 ? OGR_G_GetPointCount(geometry) : 0));
    for (int i = 0; i < parts; ++i) points += points_of(OGR_G_GetGeometryRef(geometry, i));
    return points;
}

/// Leaves out points that lie within `tolerance` of the last one kept, and then all but every n-th where that leaves
/// more than `most`. The first and the last point stay.
void thin_out(Ring& ring, double tolerance, std::size_t most) {
    if (ring.size() < 3) return;
    Ring kept{ring.front()};
    for (std::size_t i = 1; i + 1 < ring.size(); ++i)
        if (std::hypot(ring[i][0] - kept.back()[0], ring[i][1] - kept.back()[1]) >= tolerance) kept.push_back(ring[i]);
    if (kept.size() > most) {
        const std::size_t step = (kept.size() - 1) / most + 1;
        std::size_t places = 0;
        for (std::size_t i = 0; i < kept.size(); i += step) kept[places++] = kept[i];
        kept.resize(places);
    }
    kept.push_back(ring.back());
    ring = std::move(kept);
}

}  // namespace

GeometryPtr polygon_of(OGRGeometryH geometry) {
    GeometryPtr linear(OGR_G_GetLinearGeometry(geometry, 0, nullptr));
    if (!linear) return linear;
    const auto kind = OGR_GT_Flatten(OGR_G_GetGeometryType(linear.get()));
    if (kind == wkbPolygon || kind == wkbMultiPolygon) return linear;
    if (kind != wkbGeometryCollection) return nullptr;
    GeometryPtr parts(OGR_G_CreateGeometry(wkbMultiPolygon));
    const std::function<void(OGRGeometryH)> collect_polygons = [&](OGRGeometryH part) {
        const auto type = OGR_GT_Flatten(OGR_G_GetGeometryType(part));
        if (type == wkbPolygon) OGR_G_AddGeometry(parts.get(), part);
        if (type == wkbMultiPolygon || type == wkbGeometryCollection)
            for (int i = 0; i < OGR_G_GetGeometryCount(part); ++i) collect_polygons(OGR_G_GetGeometryRef(part, i));
    };
    collect_polygons(linear.get());
    return OGR_G_GetGeometryCount(parts.get()) > 0 ? std::move(parts) : nullptr;
}

GeometryPtr point_of(OGRGeometryH geometry) {
    const auto kind = OGR_GT_Flatten(OGR_G_GetGeometryType(geometry));
    if (kind == wkbMultiPoint || kind == wkbGeometryCollection)
        return OGR_G_GetGeometryCount(geometry) == 1 ? point_of(OGR_G_GetGeometryRef(geometry, 0)) : nullptr;
    if (kind != wkbPoint || OGR_G_IsEmpty(geometry)) return nullptr;
    GeometryPtr point(OGR_G_CreateGeometry(wkbPoint));
    OGR_G_SetPoint_2D(point.get(), 0, OGR_G_GetX(geometry, 0), OGR_G_GetY(geometry, 0));
    return point;
}

std::vector<unsigned char> wkb_of(OGRGeometryH geometry) {
    std::vector<unsigned char> wkb(static_cast<std::size_t>(OGR_G_WkbSize(geometry)));
    OGR_G_ExportToIsoWkb(geometry, wkbNDR, wkb.data());
    return wkb;
}

std::vector<unsigned char> polygon_wkb(const Ring& points) {
    const GeometryPtr polygon(OGR_G_CreateGeometry(wkbPolygon));
    OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
    for (const auto& point : points) OGR_G_AddPoint_2D(ring, point[0], point[1]);
    if (!points.empty() && points.front() != points.back())
        OGR_G_AddPoint_2D(ring, points.front()[0], points.front()[1]);
    OGR_G_AddGeometryDirectly(polygon.get(), ring);
    return wkb_of(polygon.get());
}

std::vector<unsigned char> point_wkb(double x, double y) {
    const GeometryPtr point(OGR_G_CreateGeometry(wkbPoint));
    OGR_G_SetPoint_2D(point.get(), 0, x, y);
    return wkb_of(point.get());
}

bool is_point(const std::vector<unsigned char>& wkb) {
    return wkb.size() >= 5 && wkb[0] == 1 && wkb[1] == wkbPoint && wkb[2] == 0 && wkb[3] == 0 && wkb[4] == 0;
}

bool are_points(const std::vector<std::vector<unsigned char>>& shapes) {
    const auto other = [](const auto& shape) { return !shape.empty() && !is_point(shape); };
    const auto point = [](const auto& shape) { return is_point(shape); };
    return std::any_of(shapes.begin(), shapes.end(), point) && std::none_of(shapes.begin(), shapes.end(), other);
}

std::optional<std::array<double, 2>> place_of(const std::vector<unsigned char>& wkb) {
    const GdalMessages quiet;
    OGRGeometryH read = nullptr;
    if (wkb.empty() || OGR_G_CreateFromWkb(wkb.data(), nullptr, &read, static_cast<int>(wkb.size())) != OGRERR_NONE)
        return std::nullopt;
    const GeometryPtr geometry(read);
    GeometryPtr inside(is_point(wkb) ? nullptr : OGR_G_PointOnSurface(read));
    if (!is_point(wkb) && (!inside || OGR_G_IsEmpty(inside.get()))) {
        // A broken polygon: where most of it is.
        inside.reset(OGR_G_CreateGeometry(wkbPoint));
        if (OGR_G_Centroid(read, inside.get()) != OGRERR_NONE) return std::nullopt;
    }
    OGRGeometryH place = inside ? inside.get() : read;
    const std::array<double, 2> at = {OGR_G_GetX(place, 0), OGR_G_GetY(place, 0)};
    if (!std::isfinite(at[0]) || !std::isfinite(at[1])) return std::nullopt;
    return at;
}

std::vector<Ring> rings_of(const std::vector<unsigned char>& wkb, double tolerance) {
    const GdalMessages quiet;
    std::vector<Ring> rings;
    OGRGeometryH read = nullptr;
    if (OGR_G_CreateFromWkb(wkb.data(), nullptr, &read, static_cast<int>(wkb.size())) != OGRERR_NONE) return rings;
    const GeometryPtr geometry(read);
    GeometryPtr drawn(OGR_G_GetLinearGeometry(geometry.get(), 0, nullptr));
    // Looking after topology takes the square of the time where lines cross each other often; outlines of so many
    // points are drawn well enough without.
    constexpr std::size_t most_looked_after = 1000, most_points = 20000;
    if (tolerance > 0 && points_of(drawn.get()) > most_looked_after) {
        collect(drawn.get(), rings);
        std::size_t all = 0;
        for (const Ring& ring : rings) all += ring.size();
        for (Ring& ring : rings)
            thin_out(ring, tolerance,
                     std::max<std::size_t>(4, most_points * ring.size() / std::max<std::size_t>(1, all)));
        return rings;
    }
    if (tolerance > 0) {
        // Fails on broken polygons, which are then drawn as they are.
        GeometryPtr simple(OGR_G_SimplifyPreserveTopology(drawn.get(), tolerance));
        if (simple && !OGR_G_IsEmpty(simple.get())) drawn = std::move(simple);
    }
    collect(drawn.get(), rings);
    return rings;
}

}  // namespace landcarbon
