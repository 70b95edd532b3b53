// Land Carbon Toolbox: transition matrix: how often each cell changes, when first and when last.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/sink.hpp"
#include "engine/sweep.hpp"

namespace landcarbon {

/// The raster of change frequency: number of changes from map to map, and the year of the map that shows the first and
/// the last new class (its number where no years are known).
class ChangeFrequency {
public:
    /// @param years of the maps; empty: not given
    ChangeFrequency(std::size_t maps, const std::vector<double>& years);
    RasterDescription description() const;
    /// Fills output 0 of the block. A cell without a class on one of the maps holds NoData in all bands, a cell that
    /// never changes 0 and NoData.
    /// @param classes slots of the block's cells, one pointer a map
    void fill(Block& block, const std::vector<const std::uint16_t*>& classes) const;

private:
    template <class T>
    void fill_as(Block& block, const std::vector<const std::uint16_t*>& classes) const;
    std::vector<double> marks_;  ///< of each map
    bool dated_;
    GDALDataType type_ = GDT_Int16;
    double nodata_ = -32768;
};

}  // namespace landcarbon
