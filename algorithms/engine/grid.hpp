// Land Carbon Toolbox: the cells a raster is made of: size, position, reference system, areas.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "maths/cell_area.hpp"

namespace landcarbon {

/// A rectangle of cells.
struct Window {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    std::size_t cells() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
};

/// Where the cells of a raster lie.
struct Grid {
    int width = 0;
    int height = 0;
    std::array<double, 6> transform{0, 1, 0, 0, 0, 1};  ///< GDAL's geotransform
    std::string crs;                                    ///< WKT; empty when the raster has none

    /// Map coordinates of a position in cells (0.5, 0.5 is the centre of the first cell).
    std::array<double, 2> position(double column, double row) const;
};

/// What keeps two rasters from sharing one grid, in words; empty when they do: same size, geotransform within 1e-6 of a
/// cell, equivalent reference system.
std::string difference(const Grid& first, const Grid& second);

/// What one unit of a grid's map coordinates is.
struct MapUnit {
    bool geographic = false;
    double size = 1;        ///< metres, or radians where geographic
    double semi_major = 0;  ///< of the ellipsoid, m; geographic grids only
    double flattening = 0;
    /// @param cell_area m2, used when the grid has no reference system: the unit that makes a cell so large
    /// @throws UserError when the reference system cannot be read
    static MapUnit of(const Grid& grid, std::optional<double> cell_area);
};

/// Areas of a grid's cells: exact on the ellipsoid where coordinates are geographic, |a e - b d| times the square of
/// the linear unit where they are projected.
class CellAreas {
public:
    /// @param cell_area m2, used when the grid has no reference system
    /// @throws UserError when there is no reference system and no cell area, or areas are not defined
    static CellAreas of(const Grid& grid, std::optional<double> cell_area);

    /// True when cells of different rows have different areas.
    bool varying() const { return rows_.size() > 1; }
    FixedArea row(int row) const { return rows_.size() > 1 ? rows_[static_cast<std::size_t>(row)] : rows_.front(); }
    /// The area of one cell where all are alike (the first row's otherwise).
    FixedArea cell() const { return rows_.front(); }
    /// The largest area of a cell.
    FixedArea largest() const { return *std::max_element(rows_.begin(), rows_.end()); }
    const std::string& convention() const { return convention_; }
    /// Something the user should know, or empty.
    const std::string& warning() const { return warning_; }

private:
    std::vector<FixedArea> rows_;
    std::string convention_;
    std::string warning_;
};

}  // namespace landcarbon
