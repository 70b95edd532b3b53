// Land Carbon Toolbox: the cells a raster is made of: size, position, reference system, areas.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/grid.hpp"

#include <cpl_conv.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "engine/gdal.hpp"
#include "engine/text.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

SrsPtr srs_of(const std::string& wkt) {
    GdalMessages messages;
    SrsPtr srs(OSRNewSpatialReference(nullptr));
    char* text = const_cast<char*>(wkt.c_str());
    if (OSRImportFromWkt(srs.get(), &text) != OGRERR_NONE)
        throw UserError("", "the coordinate reference system cannot be read: " +
                                messages.text("check that PROJ finds its data (PROJ_DATA)"));
    OSRSetAxisMappingStrategy(srs.get(), OAMS_TRADITIONAL_GIS_ORDER);
    return srs;
}

std::string srs_name(const std::string& wkt) {
    if (wkt.empty()) return "none";
    const auto srs = srs_of(wkt);
    const char* name = OSRGetName(srs.get());
    const char* code = OSRGetAuthorityCode(srs.get(), nullptr);
    const char* authority = OSRGetAuthorityName(srs.get(), nullptr);
    std::string text = name ? name : "unnamed";
    if (code && authority) text += std::string(" (") + authority + ":" + code + ")";
    return text;
}

/// Whether a datum says no more than its ellipsoid.
bool is_nameless_datum(OGRSpatialReferenceH srs) {
    const char* const datum = OSRGetAttrValue(srs, "DATUM", 0);
    const std::string name = lower_case(datum ? datum : "");
    for (const char* const word : {"unknown", "unnamed", "not_specified", "not specified", "custom", "undefined"})
        if (name.find(word) != std::string::npos) return true;
    const char* const ellipsoid = OSRGetAttrValue(srs, "SPHEROID", 0);
    return name.empty() || (ellipsoid && (name == lower_case(ellipsoid) || name == "d_" + lower_case(ellipsoid)));
}

/// Projection, ellipsoid and unit as PROJ writes them, without names; empty where it has no words for them.
std::string proj_text(OGRSpatialReferenceH srs) {
    const GdalMessages messages;
    char* text = nullptr;
    const bool told = OSRExportToProj4(srs, &text) == OGRERR_NONE && text;
    std::string proj = told ? text : "";
    CPLFree(text);
    return proj;
}

bool same_srs(const std::string& a, const std::string& b) {
    if (a == b) return true;
    if (a.empty() || b.empty()) return false;
    const auto first = srs_of(a);
    const auto second = srs_of(b);
    const char* options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT", nullptr};
    if (OSRIsSameEx(first.get(), second.get(), options) != 0) return true;
    // Programs give a datum that has no name of its own different ones: then projection and ellipsoid tell.
    if (!is_nameless_datum(first.get()) && !is_nameless_datum(second.get())) return false;
    const std::string text = proj_text(first.get());
    return !text.empty() && text == proj_text(second.get());
}

/// What to do where the coordinates of a raster without a reference system look like degrees.
std::string hint_of_degrees(const Grid& grid) {
    const auto first = grid.position(0, 0), last = grid.position(grid.width, grid.height);
    const bool plain = grid.transform == std::array<double, 6>{0, 1, 0, 0, 0, 1};
    const bool in_world = std::min(first[1], last[1]) >= -91 && std::max(first[1], last[1]) <= 91 &&
                          std::min(first[0], last[0]) >= -181 && std::max(first[0], last[0]) <= 361;
    if (plain || !in_world) return {};
    return ". Its coordinates look like degrees: gdal_translate -a_srs EPSG:4326 IN.tif OUT.tif assigns longitude and "
           "latitude (in QGIS: Raster > Projections > Assign projection); no single cell area is right for degrees";
}

}  // namespace

std::array<double, 2> Grid::position(double column, double row) const {
    return {transform[0] + column * transform[1] + row * transform[2],
            transform[3] + column * transform[4] + row * transform[5]};
}

std::string difference(const Grid& first, const Grid& second) {
    const auto size = [](const Grid& g) {
        return std::to_string(g.width) + " x " + std::to_string(g.height) + " cells";
    };
    if (!same_srs(first.crs, second.crs))
        return "the coordinate reference systems differ: " + srs_name(first.crs) + " and " + srs_name(second.crs);
    if (first.width != second.width || first.height != second.height)
        return "the sizes differ: " + size(first) + " and " + size(second);
    // Corners must coincide within a thousandth of a cell: coordinates in single precision, and rounded ones.
    const double det = std::abs(first.transform[1] * first.transform[5] - first.transform[2] * first.transform[4]);
    const double cell = std::sqrt(det);
    double shift = 0;
    for (const auto& [column, row] :
         {std::pair{0, 0}, {first.width, 0}, {0, first.height}, {first.width, first.height}}) {
        const auto a = first.position(column, row);
        const auto b = second.position(column, row);
        // Written so that a position that is not a number counts as a shift.
        if (const double distance = std::hypot(a[0] - b[0], a[1] - b[1]); !(distance <= shift)) shift = distance;
    }
    if (!(shift <= 1e-3 * cell)) {
        const auto where = [](const Grid& g) {
            return "origin (" + number_text(g.transform[0]) + ", " + number_text(g.transform[3]) + "), cell " +
                   number_text(g.transform[1]) + " x " + number_text(g.transform[5]);
        };
        return "the grids are shifted or have other cell sizes: " + where(first) + " and " + where(second);
    }
    return {};
}

MapUnit MapUnit::of(const Grid& grid, std::optional<double> cell_area) {
    MapUnit unit;
    const auto& t = grid.transform;
    if (grid.crs.empty()) {
        if (cell_area) unit.size = std::sqrt(*cell_area / std::abs(t[1] * t[5] - t[2] * t[4]));
        return unit;
    }
    const auto srs = srs_of(grid.crs);
    unit.geographic = OSRIsGeographic(srs.get()) || OSRIsDerivedGeographic(srs.get());
    if (!unit.geographic) {
        unit.size = OSRGetLinearUnits(srs.get(), nullptr);
        return unit;
    }
    unit.size = OSRGetAngularUnits(srs.get(), nullptr);
    unit.semi_major = OSRGetSemiMajor(srs.get(), nullptr);
    const double inverse = OSRGetInvFlattening(srs.get(), nullptr);
    unit.flattening = inverse == 0 ? 0 : 1 / inverse;
    return unit;
}

namespace {

/// How many times too large areas in the plane of a projection are on a map.
struct AreaScale {
    double least = std::numeric_limits<double>::infinity(), largest = 0, mean = 0;
};

/// Looks at cells all over the grid; nothing where they have no place on the ellipsoid.
std::optional<AreaScale> area_scale(const Grid& grid, OGRSpatialReferenceH srs) {
    const GdalMessages messages;
    const SrsPtr globe(OSRCloneGeogCS(srs));
    if (!globe) return std::nullopt;
    OSRSetAxisMappingStrategy(globe.get(), OAMS_TRADITIONAL_GIS_ORDER);
    const TransformationPtr to_globe(OCTNewCoordinateTransformation(srs, globe.get()));
    if (!to_globe) return std::nullopt;
    const double radian = OSRGetAngularUnits(globe.get(), nullptr);
    const double unit = OSRGetLinearUnits(srs, nullptr);
    const double semi_major = OSRGetSemiMajor(globe.get(), nullptr);
    const double inverse = OSRGetInvFlattening(globe.get(), nullptr);
    const double flattening = inverse == 0 ? 0 : 1 / inverse, e2 = flattening * (2 - flattening);
    const auto& t = grid.transform;
    const double plane = std::abs(t[1] * t[5] - t[2] * t[4]) * unit * unit;
    constexpr int most = 7;
    AreaScale scale;
    int places = 0;
    for (int i = 0; i < most; ++i)
        for (int k = 0; k < most; ++k) {
            const double column = (i + 0.5) * grid.width / most, row = (k + 0.5) * grid.height / most;
            std::array<double, 4> x{}, y{};
            // Left, right, above and below the middle of a cell.
            const std::array<std::array<double, 2>, 4> corners = {
                {{column - 0.5, row}, {column + 0.5, row}, {column, row - 0.5}, {column, row + 0.5}}};
            for (std::size_t c = 0; c < corners.size(); ++c) {
                const auto place = grid.position(corners[c][0], corners[c][1]);
                x[c] = place[0];
                y[c] = place[1];
            }
            if (!OCTTransform(to_globe.get(), 4, x.data(), y.data(), nullptr)) continue;
            const auto turn = [&](double degrees) {
                const double whole = 2 * std::numbers::pi / radian;
                return degrees - whole * std::round(degrees / whole);
            };
            const double cross =
                (turn(x[1] - x[0]) * (y[3] - y[2]) - turn(x[3] - x[2]) * (y[1] - y[0])) * radian * radian;
            const double latitude = (y[0] + y[1] + y[2] + y[3]) / 4 * radian;
            const double sine = std::sin(latitude), w = 1 - e2 * sine * sine;
            const double on_globe = std::abs(cross) * semi_major * semi_major * (1 - e2) / (w * w) * std::cos(latitude);
            const double ratio = plane / on_globe;
            if (!std::isfinite(ratio) || !(ratio > 0)) continue;
            scale.least = std::min(scale.least, ratio);
            scale.largest = std::max(scale.largest, ratio);
            scale.mean += ratio;
            ++places;
        }
    if (places < most * most / 2) return std::nullopt;
    scale.mean /= places;
    return scale;
}

/// What to say of areas in the plane that differ from those on the ellipsoid; empty where they hardly do.
std::string told_of(const AreaScale& scale, const std::string& name) {
    constexpr double hardly = 0.01;
    if (std::abs(scale.mean - 1) <= hardly) return {};
    const auto percent = [](double ratio) { return number_text(std::round(1000 * std::abs(ratio - 1)) / 10) + " %"; };
    std::string text = "areas in the plane of the reference system " + name + " are " + percent(scale.mean) +
                       (scale.mean > 1 ? " too large" : " too small") + " on this map";
    if (scale.largest - scale.least > hardly) {
        const auto part = [&](double ratio) { return percent(ratio) + (ratio > 1 ? " too large" : " too small"); };
        text += " (from " + part(scale.least) + " to " + part(scale.largest) + ")";
    }
    return text +
           ", and areas and amounts are those of the plane; reproject to an equal-area or a local system for "
           "true areas";
}

}  // namespace

CellAreas CellAreas::of(const Grid& grid, std::optional<double> cell_area) {
    CellAreas areas;
    const auto& t = grid.transform;
    const double det = std::abs(t[1] * t[5] - t[2] * t[4]);
    const auto use_constant = [&](double square_metres) {
        const double total = square_metres * grid.width * grid.height;
        if (!std::isfinite(square_metres) || square_metres <= 0 || total >= std::ldexp(1.0, 62))
            throw UserError("", "the raster's cells have no sensible area (" + number_text(square_metres) +
                                    " m2); check its geotransform");
        areas.rows_ = {FixedArea::from(square_metres)};
    };
    if (grid.crs.empty()) {
        if (!cell_area)
            throw UserError("cell_area",
                            std::string("the raster has no coordinate reference system, so that the area of its cells "
                                        "is unknown; assign one, or give CELL_AREA in m2") +
                                hint_of_degrees(grid));
        use_constant(*cell_area);
        areas.convention_ = "cell area given: " + number_text(*cell_area) + " m2";
        return areas;
    }
    const auto srs = srs_of(grid.crs);
    if (const MapUnit unit = MapUnit::of(grid, cell_area); unit.geographic) {
        if (t[4] != 0)
            throw UserError("",
                            "the raster is rotated in geographic coordinates, so that a row does not follow a "
                            "parallel; warp it to a north-up or projected grid first");
        constexpr double right_angle = std::numbers::pi / 2;
        const double north = t[3] * unit.size, south = (t[3] + grid.height * t[5]) * unit.size;
        // Grids whose outermost centres lie on the poles reach half a cell beyond.
        const double beyond = std::max(0.02 * right_angle, 0.51 * std::abs(t[5]) * unit.size);
        if (std::max(std::abs(north), std::abs(south)) > right_angle + beyond)
            throw UserError("", "its rows go from " + number_text(t[3]) + " to " +
                                    number_text(t[3] + grid.height * t[5]) +
                                    ", which are no latitudes, though its reference system, " + srs_name(grid.crs) +
                                    ", counts in degrees; assign the reference system that its coordinates are in");
        areas.rows_.resize(static_cast<std::size_t>(grid.height));
        for (int row = 0; row < grid.height; ++row) {
            const double edge1 = std::clamp((t[3] + row * t[5]) * unit.size, -right_angle, right_angle);
            const double edge2 = std::clamp((t[3] + (row + 1) * t[5]) * unit.size, -right_angle, right_angle);
            areas.rows_[static_cast<std::size_t>(row)] = FixedArea::from(
                ellipsoid_area(unit.semi_major, unit.flattening, edge1, edge2, std::abs(t[1]) * unit.size));
        }
        if (areas.rows_.empty()) areas.rows_.emplace_back();
        const char* datum = OSRGetAttrValue(srs.get(), "SPHEROID", 0);
        areas.convention_ = "exact area of each row's cells on the ellipsoid " +
                            std::string(datum ? datum : "of the CRS") + " (semi-major axis " +
                            number_text(unit.semi_major) + " m, inverse flattening " +
                            number_text(OSRGetInvFlattening(srs.get(), nullptr)) + ")";
        return areas;
    }
    if (!OSRIsProjected(srs.get()) && !OSRIsLocal(srs.get()) && !OSRIsCompound(srs.get()))
        throw UserError("", "areas are not defined in the coordinate reference system " + srs_name(grid.crs) +
                                "; reproject the raster");
    const double unit = OSRGetLinearUnits(srs.get(), nullptr);
    use_constant(det * unit * unit);
    areas.convention_ =
        "planar area of a cell in " + srs_name(grid.crs) + ": " + number_text(areas.cell().square_metres()) + " m2";
    constexpr double smallest_plausible = 1e-4;  // a square of 1 cm
    if (areas.cell().square_metres() < smallest_plausible)
        areas.warning_ = "a cell has only " + number_text(areas.cell().square_metres()) +
                         " m2 by the reference system " + srs_name(grid.crs) +
                         "; do the coordinates stand in degrees? Then assign EPSG:4326";
    if (areas.warning_.empty() && OSRIsProjected(srs.get()))
        if (const auto scale = area_scale(grid, srs.get())) areas.warning_ = told_of(*scale, srs_name(grid.crs));
    const char* projection = OSRGetAttrValue(srs.get(), "PROJECTION", 0);
    if (areas.warning_.empty() && projection && std::string(projection).find("Mercator_1SP") != std::string::npos)
        areas.warning_ = "the reference system " + srs_name(grid.crs) +
                         " is a Mercator projection, which enlarges areas away from the equator; reproject to an "
                         "equal-area or a local system for true areas";
    return areas;
}

}  // namespace landcarbon
