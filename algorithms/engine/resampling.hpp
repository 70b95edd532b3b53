// Land Carbon Toolbox: carrying cells from one grid to another, after it is known which of them hold data.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <tbb/enumerable_thread_specific.h>

#include "engine/gdal.hpp"
#include "engine/grid.hpp"
#include "spec/run_options.hpp"

namespace landcarbon {

/// Where a target cell lies on the source's grid, in source cells: its centre, and the sides of a rectangle of its
/// size.
struct Footprint {
    double x = 0, y = 0;  ///< NaN where the target cell has no place on the source
    double width = 1, height = 1;
};

/// Where the cells of one grid lie on another. May be used from any thread; what it tells of a cell does not depend on
/// the window that is asked for.
class GridMapping {
public:
    /// Both grids have a reference system. @throws UserError
    GridMapping(const Grid& source, const Grid& target);
    /// Footprints of a window of target cells, row by row.
    void footprints(const Window& window, std::vector<Footprint>& found) const;
    /// True when a target cell is at least 1.5 source cells wide or high, in the middle of the target.
    bool coarser() const { return coarser_; }
    const Grid& source() const { return source_; }

private:
    struct Node {
        double x = 0, y = 0;
    };
    /// Positions on the source, in source cells, of positions on the target, in target cells.
    void place(std::vector<Node>& nodes) const;
    OGRCoordinateTransformationH transformation() const;
    Grid source_, target_;
    std::array<double, 6> inverse_{};
    bool same_system_ = true;
    double turn_ = 0;  ///< source cells of a whole turn; 0 where the source is not geographic
    bool coarser_ = false;
    mutable tbb::enumerable_thread_specific<TransformationPtr> transformations_;
};

/// Windows of source cells that target cells need, one after the other, so small that memory stays bounded.
/// @param carry is given a part of `window`, its footprints and the source cells that they touch (empty for none)
void each_part(
    const GridMapping& mapping, const Window& window,
    const std::function<void(const Window& part, const std::vector<Footprint>& places, const Window& source)>& carry);

/// The source cell of each place: -1 where there is none.
/// @param value called with the place's number and the index of a cell of `source`, row by row, or -1
template <class Take>
void carry_nearest(const std::vector<Footprint>& places, const Window& source, Take take);

/// Edges of a footprint along one axis, snapped to whole cells where they lie on them but for rounding.
struct Span {
    double from, to;
    int first, last;  ///< source cells, last excluded; not clipped
};
Span span_of(double centre, double size);
/// The cell that a position lies in; positions on an edge but for rounding belong to the cell behind it.
int cell_at(double position);

template <class Take>
void carry_nearest(const std::vector<Footprint>& places, const Window& source, Take take) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        std::ptrdiff_t cell = -1;
        if (places[i].x == places[i].x) {
            const int x = cell_at(places[i].x) - source.x, y = cell_at(places[i].y) - source.y;
            if (x >= 0 && y >= 0 && x < source.width && y < source.height)
                cell = static_cast<std::ptrdiff_t>(y) * source.width + x;
        }
        take(i, cell);
    }
}

}  // namespace landcarbon
