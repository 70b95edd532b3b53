// Land Carbon Toolbox: what GDAL unfolds to read a cell: the tile, and with it all bands where they lie together.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include <gdal.h>

namespace landcarbon {

/// Bytes of one tile or strip as GDAL unfolds it; of all bands where the file holds them cell by cell.
std::size_t unfolded_tile_bytes(GDALDatasetH dataset);

/// Above it, a file is not kept open beyond a block, and what its tiles need counts as memory of the run.
constexpr std::size_t largest_kept_tile = std::size_t{8} << 20;

}  // namespace landcarbon
