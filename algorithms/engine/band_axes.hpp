// Land Carbon Toolbox: what the bands of a NetCDF or GRIB raster run through: time, or something else.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include <gdal.h>

namespace landcarbon {

/// Why rows and columns of a NetCDF variable are no map: latitude or longitude lies along its bands. Empty when all is
/// well.
std::string swapped_axes(GDALDatasetH dataset);
/// Why all bands together are no series: they run through two dimensions, such as time and level (NetCDF), or hold
/// several variables or levels (GRIB). Names the bands that belong together. Empty when all is well.
std::string mixed_bands(GDALDatasetH dataset);

}  // namespace landcarbon
