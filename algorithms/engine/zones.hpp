// Land Carbon Toolbox: areas over which cells are summed: polygons of a layer or squares of a grid.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/grid.hpp"
#include "engine/table.hpp"

namespace landcarbon {

/// Neighbouring cells of one row that belong to a zone; columns relative to the block's window.
struct ZoneRun {
    std::uint32_t zone = 0;
    int row = 0;       ///< relative to the window
    int first = 0;     ///< first column
    int last = 0;      ///< one past the last column
    double share = 1;  ///< of each cell; other than 1 in covered_zones only
};

/// What is wrong with the polygons of a layer as zones, as their shapes and a first pass over the map show it. The pass
/// calls `lay` and `look` from any thread, once for each block.
class ZoneSurvey {
public:
    struct Zone {
        std::string name;
        bool empty = false;    ///< without a geometry
        bool outside = false;  ///< beside the map
        std::string invalid;   ///< what is wrong with its geometry
    };
    explicit ZoneSurvey(std::vector<Zone> zones) : zones_(std::move(zones)) {}
    /// What the shapes alone show, in sentences.
    std::vector<std::string> shapes() const;
    /// The zones' cells inside a window.
    void lay(const Window& window, const std::vector<ZoneRun>& runs);
    /// @param has_data tells of the i-th cell of the window whether any input holds a value there
    void look(const Window& window, const std::function<bool(std::size_t)>& has_data);
    /// True when a pass has gone over the zones.
    bool laid() const { return laid_; }
    /// Ends the survey. What the cells show, in sentences: zones without a cell or without data, overlaps.
    std::vector<std::string> close();

private:
    std::vector<Zone> zones_;
    std::mutex mutex_;  ///< for all below
    std::map<std::pair<int, int>, std::vector<ZoneRun>> pending_;
    std::vector<std::int64_t> cells_, cells_with_data_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> overlaps_;
    std::int64_t overlapped_cells_ = 0;
    std::atomic<bool> laid_{false}, closed_{false};
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
    /// The column that a user names; as in tables, case makes no difference.
    /// @param parameter id of the argument that names it @throws UserError listing the columns there are
    std::size_t column_called(const std::string& name, const std::string& parameter) const;
    const std::vector<Cell>& attributes(std::size_t zone) const { return attributes_[zone]; }
    /// What the user should know of them.
    const std::vector<std::string>& warnings() const { return warnings_; }
    /// ISO WKB in the grid's reference system.
    const std::vector<unsigned char>& geometry(std::size_t zone) const { return geometries_[zone]; }
    /// What people call a zone: its first text, else its first value, else its number.
    std::string name(std::size_t zone) const;
    /// Told what `runs` finds until it is closed; nullptr where nothing can be wrong.
    const std::shared_ptr<ZoneSurvey>& survey() const { return survey_; }

protected:
    std::shared_ptr<ZoneSurvey> survey_;
    std::size_t count_ = 0;
    std::vector<OutputTable::Column> columns_;
    std::vector<std::vector<Cell>> attributes_;
    std::vector<std::vector<unsigned char>> geometries_;
    std::vector<std::string> warnings_;
};

/// The polygons of a vector layer, transformed to the grid's reference system, with the layer's attributes. Features
/// without a geometry stay, as zones without cells. What lies inside a polygon is told by the even-odd rule, so that
/// polygons that cross themselves are defined as well. In geographic coordinates a whole turn more or less is the same
/// place: polygons from -180 to 180 degrees lie right on maps from 0 to 360.
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

/// An attribute in words; empty when it has no value.
std::string attribute_text(const Cell& value);
/// Columns of a table with one row a zone: the zones' own, then `results`. Own columns that bear a name of `results`,
/// or one that file formats keep for themselves (fid, geom), get "_1" behind it.
std::vector<OutputTable::Column> zone_columns(const Zones& zones, const std::vector<OutputTable::Column>& results);

}  // namespace landcarbon
