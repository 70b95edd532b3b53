// Land Carbon Toolbox: areas over which cells are summed: polygons of a layer or squares of a grid.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/grid.hpp"
#include "engine/table.hpp"

namespace landcarbon {

/// Neighbouring cells of one row that belong to a zone; columns relative to the block's window.
struct ZoneRun {
    std::uint32_t zone = 0;
    int row = 0;    ///< relative to the window
    int first = 0;  ///< first column
    int last = 0;   ///< one past the last column
};

/// Zones over a grid. A cell belongs to every zone that its centre lies in.
class Zones {
public:
    virtual ~Zones() = default;
    std::size_t size() const { return count_; }
    /// The zones' cells inside a window. May be called from any thread.
    virtual std::vector<ZoneRun> runs(const Window& window) const = 0;
    /// Attributes that identify the zones: their columns, and the values of one zone.
    const std::vector<OutputTable::Column>& columns() const { return columns_; }
    const std::vector<Cell>& attributes(std::size_t zone) const { return attributes_[zone]; }
    /// What the user should know of them.
    const std::vector<std::string>& warnings() const { return warnings_; }
    /// ISO WKB in the grid's reference system.
    const std::vector<unsigned char>& geometry(std::size_t zone) const { return geometries_[zone]; }

protected:
    std::size_t count_ = 0;
    std::vector<OutputTable::Column> columns_;
    std::vector<std::vector<Cell>> attributes_;
    std::vector<std::vector<unsigned char>> geometries_;
    std::vector<std::string> warnings_;
};

/// The polygons of a vector layer, transformed to the grid's reference system, with the layer's attributes.
/// @throws IoError, UserError (no polygons, no reference system, no overlap with the grid)
/// @param encoding of text whose file does not say its own, as encoding_called gives it; empty: not known
std::unique_ptr<Zones> polygon_zones(const std::string& parameter, const std::string& path, const Grid& grid,
                                     const std::string& encoding = {});
/// How many squares of `size` map units cover a grid, and how many there may be.
double count_squares(double size, const Grid& grid);
constexpr double most_squares = 1e6;
/// Squares of `size` map units, counted from the grid's upper left corner; columns `row` and `column` (from 1).
/// @throws UserError when there would be more than most_squares
std::unique_ptr<Zones> square_zones(const std::string& parameter, double size, const Grid& grid);
/// One zone without attributes: the whole grid.
std::unique_ptr<Zones> whole_zone(const Grid& grid);

/// Columns of a table with one row a zone: the zones' own, then `results`. Own columns that bear a name of `results`,
/// or one that file formats keep for themselves (fid, geom), get "_1" behind it.
std::vector<OutputTable::Column> zone_columns(const Zones& zones, const std::vector<OutputTable::Column>& results);

}  // namespace landcarbon
