// Land Carbon Toolbox: class maps in reports: small rasters side by side with one legend.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace landcarbon {

/// One map: the legend entry of each cell, row by row from the north; 0 is nothing, 1 the first entry.
struct CellMap {
    std::string title = {};
    std::vector<std::uint16_t> cells = {};
};

struct CellMaps {
    std::string title = {};
    std::size_t columns = 0, rows = 0;
    std::vector<CellMap> maps = {};
    std::vector<std::pair<std::string, std::string>> legend = {};  ///< name, colour
    double stretch = 1;                                            ///< height of a cell over its width
    double width = 900, largest_height = 560;
};
/// Rectangles of equal cells are drawn as one shape, so that the figure stays small.
std::string cell_maps(const CellMaps& maps);

/// A map that is thinned out for a report: at most `most` cells a side.
struct Thinning {
    Thinning(int width, int height, int most);
    int step = 1;  ///< every step-th cell of every step-th row is shown
    std::size_t columns = 0, rows = 0;
    /// Row and column of the map that a cell of the report shows.
    int column(std::size_t i) const;
    int row(std::size_t i) const;

private:
    int width_, height_;
};

}  // namespace landcarbon
