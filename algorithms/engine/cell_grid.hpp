// Land Carbon Toolbox: a map held in memory twice, as it is and as it will be, for methods that look at neighbours.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace landcarbon {

/// A double-buffered grid with a margin: cells beyond the edge can be read and hold `outside`, so that windows of up to
/// 2 * margin + 1 cells need no special case there (the shape `window(r)` for a map in memory).
template <class Cell>
class CellGrid {
public:
    CellGrid(int width, int height, int margin, Cell outside)
        : width_(width), height_(height), margin_(margin), stride_(width + 2 * std::ptrdiff_t{margin}) {
        present_.assign(cells_held(width, height, margin), outside);
        next_ = present_;
    }
    /// The memory that such a grid takes.
    static std::size_t bytes(int width, int height, int margin) {
        return 2 * cells_held(width, height, margin) * sizeof(Cell);
    }

    int width() const { return width_; }
    int height() const { return height_; }
    int margin() const { return margin_; }
    /// Cells from a cell to the one below it.
    std::ptrdiff_t stride() const { return stride_; }
    /// The cell (0, y) as it is; x may go from -margin to width + margin - 1, y from -margin to height + margin - 1.
    const Cell* row(int y) const { return present_.data() + offset(y); }
    /// For filling the grid, before the first step.
    Cell* filled_row(int y) { return present_.data() + offset(y); }
    /// The cell (0, y) as it will be after turn().
    Cell* next_row(int y) { return next_.data() + offset(y); }
    /// The next map becomes the present one. What was the present one is left to be written over.
    void turn() { std::swap(present_, next_); }

private:
    static std::size_t cells_held(int width, int height, int margin) {
        return static_cast<std::size_t>(width + 2 * std::ptrdiff_t{margin}) *
               static_cast<std::size_t>(height + 2 * std::ptrdiff_t{margin});
    }
    std::ptrdiff_t offset(int y) const { return (y + std::ptrdiff_t{margin_}) * stride_ + margin_; }
    int width_, height_, margin_;
    std::ptrdiff_t stride_;
    std::vector<Cell> present_, next_;
};

}  // namespace landcarbon
