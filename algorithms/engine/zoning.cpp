// Land Carbon Toolbox: the zones an algorithm works with: those of a layer, squares of a size, or the whole map.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/zoning.hpp"

#include "engine/covered_zones.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

/// What a zone needs by itself: polygon, attributes, row of the output; as measured for squares.
constexpr std::size_t bytes_per_zone = 1024;

std::string mebibytes(double bytes) { return std::to_string(static_cast<std::int64_t>(std::ceil(bytes / 1048576))); }

}  // namespace

std::vector<UserError> check_zoning(const VectorInput& zones, const std::optional<double>& grid_size) {
    if (!zones.given() || !grid_size) return {};
    return {
        {"grid_size", "GRID_SIZE: both ZONES and GRID_SIZE are given; give one of them, or none for the whole map"}};
}

Zoning::Zoning(Run& run, const VectorInput& zones, const std::optional<double>& grid_size, std::size_t bytes_each)
    : kind_(zones.given() ? Kind::polygons
            : grid_size   ? Kind::squares
                          : Kind::whole) {
    if (polygons()) {
        zones_ = run.zones(zones);
        check_memory(run, static_cast<double>(size()), bytes_each);
        run.convention("zones",
                       "a cell belongs to every zone that its centre lies in; overlapping zones share cells; what lies "
                       "inside a polygon is told by the even-odd rule, also where it crosses itself");
    } else if (squares()) {
        // More than a million squares are refused by themselves, whatever the memory.
        if (const double count = count_squares(*grid_size, run.grid()); count <= most_squares)
            check_memory(run, count, bytes_each);
        zones_ = square_zones("grid_size", *grid_size, run.grid());
        run.convention("squares",
                       "squares of " + number_text(*grid_size) +
                           " map units, counted from the grid's upper left corner; a cell belongs to the "
                           "square that its centre lies in; squares without a cell that counts are left out");
    } else {
        zones_ = whole_zone(run.grid());
    }
}

Zoning::Zoning(Run& run, const VectorInput& zones, const std::optional<MetricGrid>& grid, Coverage coverage,
               std::size_t bytes_each)
    : kind_(zones.given() ? Kind::polygons
            : grid        ? Kind::squares
                          : Kind::whole),
      hexagons_(grid && grid->shape == GridShape::hexagon) {
    const bool fraction = coverage == Coverage::fraction && given();
    if (polygons()) {
        zones_ = run.zones(zones);
        check_memory(run, static_cast<double>(size()), bytes_each);
        if (!fraction)
            run.convention("zones",
                           "a cell belongs to every zone that its centre lies in; overlapping zones share cells; what "
                           "lies inside a polygon is told by the even-odd rule, also where it crosses itself");
    } else if (squares()) {
        const auto& cell_area = run.options().cell_area;
        if (const double count = count_metric_zones(*grid, run.grid(), cell_area); count <= most_squares)
            check_memory(run, count, bytes_each);
        std::string convention;
        zones_ = metric_zones("grid_size", *grid, run.grid(), cell_area, convention);
        run.convention("grid of zones", convention);
        if (!fraction) run.convention("zones", "a cell belongs to the " + one() + " that its centre lies in");
    } else {
        zones_ = whole_zone(run.grid());
    }
    if (!fraction) return;
    zones_ = covered_zones(polygons() ? zones.argument : "grid_size", std::move(zones_), run.grid());
    run.convention(
        "zones",
        "a cell counts with the share of it, in map coordinates, that lies in the zone, and no more than once for "
        "a zone; what lies inside a polygon that crosses itself is told by the even-odd rule");
}

void Zoning::check_memory(const Run& run, double count, std::size_t bytes_each) const {
    const double needed = count * static_cast<double>(bytes_per_zone + bytes_each);
    const auto allowed = static_cast<double>(run.options().memory_bytes());
    if (needed <= allowed) return;
    throw wrong("memory", std::to_string(static_cast<std::int64_t>(count)) + " " + one() + "s of " +
                              (squares() ? "GRID_SIZE" : "ZONES") + " need " + mebibytes(needed) +
                              " MiB, more than the " + mebibytes(allowed) + " MiB allowed; give more memory" +
                              (squares() ? " or a larger GRID_SIZE" : ""));
}

std::string Zoning::text(std::size_t zone, std::size_t column) const {
    return attribute_text(zones_->attributes(zone)[column]);
}

std::string Zoning::name(std::size_t zone) const {
    if (squares()) return "row " + text(zone, 0) + ", column " + text(zone, 1);
    return zones_->name(zone);
}

std::vector<std::size_t> Zoning::telling_columns() const {
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < zones_->columns().size() && columns.size() < 3; ++i)
        if (zones_->columns()[i].type != OutputTable::Type::real) columns.push_back(i);
    return columns;
}

}  // namespace landcarbon
