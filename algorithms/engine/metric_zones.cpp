// Land Carbon Toolbox: squares and hexagons of so many metres over a grid, also on maps in degrees.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/metric_zones.hpp"

#include <algorithm>
#include <cmath>

#include "engine/geometry.hpp"
#include "engine/report/escape.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

const double half_height = std::sqrt(3.0) / 2;

/// A grid's columns and rows in metres from its upper left corner. On maps in degrees this is the cylindrical
/// equal-area projection with the middle latitude as its standard parallel: columns have one width each, rows one
/// height, and areas are exact.
/// Source: Snyder 1987, USGS PP 1395, equations 10-14 and 10-15.
class MetricPlane {
public:
    MetricPlane(const Grid& grid, const std::optional<double>& cell_area) : grid_(grid) {
        const MapUnit unit = MapUnit::of(grid, cell_area);
        edges_.resize(static_cast<std::size_t>(grid.height) + 1);
        centres_.resize(static_cast<std::size_t>(grid.height));
        if (!unit.geographic) {
            column_ = std::abs(grid.transform[1]) * unit.size;
            row_ = std::abs(grid.transform[5]) * unit.size;
            for (std::size_t row = 0; row < centres_.size(); ++row) {
                edges_[row + 1] = (static_cast<double>(row) + 1) * row_;
                centres_[row] = (static_cast<double>(row) + 0.5) * row_;
            }
            return;
        }
        unit_ = unit.size;
        geographic_ = true;
        const double quarter = std::acos(-1.0) / 2;
        const auto latitude = [&](double row) {
            return std::clamp((grid.transform[3] + row * grid.transform[5]) * unit.size, -quarter, quarter);
        };
        const double squared = unit.flattening * (2 - unit.flattening);
        parallel_ = std::clamp(latitude(grid.height / 2.0), -0.98 * quarter, 0.98 * quarter);
        const double sine = std::sin(parallel_);
        const double radius = unit.semi_major * std::cos(parallel_) / std::sqrt(1 - squared * sine * sine);
        column_ = std::abs(grid.transform[1]) * unit.size * radius;
        const auto height = [&](double from, double to) {
            const double low = std::min(latitude(from), latitude(to)), high = std::max(latitude(from), latitude(to));
            return high > low ? ellipsoid_area(unit.semi_major, unit.flattening, low, high, 1) / radius : 0.0;
        };
        sines_.push_back(std::sin(latitude(0)));
        for (std::size_t row = 0; row < centres_.size(); ++row) {
            const auto top = static_cast<double>(row);
            centres_[row] = edges_[row] + height(top, top + 0.5);
            edges_[row + 1] = edges_[row] + height(top, top + 1);
            sines_.push_back(std::sin(latitude(top + 1)));
        }
        row_ = edges_.back() / grid.height;
    }
    double width() const { return grid_.width * column_; }
    double height() const { return edges_.back(); }
    /// Of a cell; of rows the mean.
    double cell_width() const { return column_; }
    double cell_height() const { return row_; }
    double x(int column) const { return (column + 0.5) * column_; }
    double y(int row) const { return centres_[static_cast<std::size_t>(row)]; }
    /// Degrees; nothing where the map is in the plane.
    std::optional<double> parallel() const {
        if (!geographic_) return std::nullopt;
        return parallel_ * 90 / std::acos(0.0);
    }
    /// Map coordinates.
    std::array<double, 2> place(double x, double y) const {
        const double map_x = grid_.transform[0] + x / column_ * grid_.transform[1];
        if (!geographic_) return {map_x, grid_.transform[3] + y / row_ * grid_.transform[5]};
        // Within a row areas follow the sine of the latitude, nearly.
        const auto above = std::upper_bound(edges_.begin(), edges_.end(), y);
        const auto row = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
            above - edges_.begin() - 1, 0, static_cast<std::ptrdiff_t>(centres_.size()) - 1));
        const double share = (y - edges_[row]) / (edges_[row + 1] - edges_[row]);
        const double sine = std::clamp(sines_[row] + share * (sines_[row + 1] - sines_[row]), -1.0, 1.0);
        return {map_x, std::asin(sine) / unit_};
    }

private:
    Grid grid_;
    bool geographic_ = false;
    double column_ = 0, row_ = 0, unit_ = 1, parallel_ = 0;
    std::vector<double> edges_, centres_;  ///< of rows
    std::vector<double> sines_;            ///< of the latitudes of the edges of rows
};

std::string metres(double size) { return format_number(size, 9) + " m"; }

class MetricZones final : public Zones {
public:
    MetricZones(const std::string& parameter, const MetricGrid& choice, const Grid& grid,
                const std::optional<double>& cell_area);
    std::vector<ZoneRun> runs(const Window& window) const override;
    std::string convention() const;

private:
    /// The zone that a cell's centre lies in.
    int zone_of(int column, int row) const;
    MetricGrid choice_;
    MetricPlane plane_;
    int across_ = 0;
    std::vector<int> column_zone_, row_zone_;  ///< squares
};

MetricZones::MetricZones(const std::string& parameter, const MetricGrid& choice, const Grid& grid,
                         const std::optional<double>& cell_area)
    : choice_(choice), plane_(grid, cell_area) {
    const bool hexagons = choice.shape == GridShape::hexagon;
    const std::string many = hexagons ? "hexagons" : "squares";
    const double size = choice.size, step = hexagons ? size * half_height : size;
    if (size < plane_.cell_width() || size < plane_.cell_height())
        throw wrong(parameter, many + " of " + metres(size) + " are smaller than the cells (" +
                                   format_metres(plane_.cell_width()) + " x " + format_metres(plane_.cell_height()) +
                                   "); give a larger size");
    if (count_metric_zones(choice, grid, cell_area) > most_squares)
        throw wrong(parameter, "there would be more than a million " + many + "; give a larger size");
    int down = 0;
    if (hexagons) {
        across_ = static_cast<int>(std::floor(plane_.width() / size + 0.5)) + 1;
        down = static_cast<int>(plane_.height() / step) + 2;
    } else {
        for (int i = 0; i < grid.width; ++i) column_zone_.push_back(static_cast<int>(plane_.x(i) / size));
        for (int i = 0; i < grid.height; ++i) row_zone_.push_back(static_cast<int>(plane_.y(i) / size));
        across_ = column_zone_.back() + 1;
        down = row_zone_.back() + 1;
    }
    bool several = across_ > 1 || down > 1;
    if (hexagons) {
        const int first = zone_of(0, 0);
        several = false;
        for (const int column : {0, grid.width / 2, grid.width - 1})
            for (const int row : {0, grid.height / 2, grid.height - 1}) several |= zone_of(column, row) != first;
    }
    if (!several)
        throw wrong(parameter, "one " + std::string(hexagons ? "hexagon" : "square") + " of " + metres(size) +
                                   " covers the whole map, which is " + format_metres(plane_.width()) + " by " +
                                   format_metres(plane_.height()) + "; give a smaller size");
    columns_ = {{"row", OutputTable::Type::integer}, {"column", OutputTable::Type::integer}};
    for (int row = 0; row < down; ++row)
        for (int column = 0; column < across_; ++column) {
            attributes_.push_back({Cell(std::int64_t{row + 1}), Cell(std::int64_t{column + 1})});
            Ring ring;
            if (hexagons) {
                const double x = column * size + (row % 2 ? size / 2 : 0), y = row * step;
                const double radius = size / std::sqrt(3.0);
                for (const auto& [dx, dy] :
                     {std::pair{0.0, -1.0}, {0.5, -0.5}, {0.5, 0.5}, {0.0, 1.0}, {-0.5, 0.5}, {-0.5, -0.5}})
                    ring.push_back(plane_.place(x + dx * size, y + dy * radius));
            } else {
                const double x = column * size, y = row * size;
                for (const auto& [dx, dy] : {std::pair{0.0, 0.0}, {size, 0.0}, {size, size}, {0.0, size}})
                    ring.push_back(plane_.place(x + dx, y + dy));
            }
            geometries_.push_back(polygon_wkb(ring));
        }
    count_ = attributes_.size();
}

int MetricZones::zone_of(int column, int row) const {
    if (choice_.shape == GridShape::square)
        return row_zone_[static_cast<std::size_t>(row)] * across_ + column_zone_[static_cast<std::size_t>(column)];
    // The hexagon whose centre is nearest, of the two rows of centres above and below.
    const double size = choice_.size, step = size * half_height;
    const double x = plane_.x(column), y = plane_.y(row);
    const int above = static_cast<int>(y / step);
    int nearest = 0;
    double least = 0;
    for (int line = above; line <= above + 1; ++line) {
        const double shift = line % 2 ? size / 2 : 0;
        const int place = std::clamp(static_cast<int>(std::floor((x - shift) / size + 0.5)), 0, across_ - 1);
        const double dx = x - shift - place * size, dy = y - line * step;
        const double distance = dx * dx + dy * dy;
        if (line > above && !(distance < least)) continue;
        least = distance;
        nearest = line * across_ + place;
    }
    return nearest;
}

std::vector<ZoneRun> MetricZones::runs(const Window& window) const {
    std::vector<ZoneRun> found;
    for (int row = 0; row < window.height; ++row)
        for (int column = 0; column < window.width;) {
            const int zone = zone_of(window.x + column, window.y + row);
            const int first = column;
            while (column < window.width && zone_of(window.x + column, window.y + row) == zone) ++column;
            found.push_back({static_cast<std::uint32_t>(zone), row, first, column});
        }
    return found;
}

std::string MetricZones::convention() const {
    const bool hexagons = choice_.shape == GridShape::hexagon;
    const std::string one = hexagons ? "hexagon" : "square";
    std::string text = hexagons ? "hexagons of " + metres(choice_.size) +
                                      " between opposite sides, the first around the map's upper left corner"
                                : "squares of " + metres(choice_.size) + ", counted from the map's upper left corner";
    if (const auto parallel = plane_.parallel())
        text += ", laid in the cylindrical equal-area projection that is true to scale at the latitude " +
                number_text(std::round(*parallel * 1e4) / 1e4) + ": all have one area, and their shape is stretched " +
                "north and south of it";
    return text + "; " + one + "s without a cell that counts are left out";
}

}  // namespace

std::string format_metres(double size) { return format_number(size, 6) + " m"; }

double count_metric_zones(const MetricGrid& choice, const Grid& grid, const std::optional<double>& cell_area) {
    const MetricPlane plane(grid, cell_area);
    const double step = choice.shape == GridShape::hexagon ? choice.size * half_height : choice.size;
    return std::ceil(plane.width() / choice.size) * std::ceil(plane.height() / step);
}

std::unique_ptr<Zones> metric_zones(const std::string& parameter, const MetricGrid& choice, const Grid& grid,
                                    const std::optional<double>& cell_area, std::string& convention) {
    if (grid.transform[2] != 0 || grid.transform[4] != 0)
        throw wrong(parameter, "no grid can be laid over a rotated raster; warp it to a north-up grid first");
    auto zones = std::make_unique<MetricZones>(parameter, choice, grid, cell_area);
    convention = zones->convention();
    return zones;
}

}  // namespace landcarbon
