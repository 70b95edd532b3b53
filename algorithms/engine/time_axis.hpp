// Land Carbon Toolbox: the dates that NetCDF and its kin give to the bands of a raster.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gdal.h>

#include <string>
#include <string_view>

namespace landcarbon {

/// A value of a time axis as a date, "2001-07-16", by the CF conventions (section 4.4): days, hours, minutes or seconds
/// since a date in the calendars standard, proleptic_gregorian, noleap, all_leap, 360_day and julian; months and years
/// since a date are counted as those of the calendar. "day as %Y%m%d.%f", which some programs write, is read as well.
/// @returns empty text when the units are others
std::string date_on_axis(double value, std::string_view units, std::string_view calendar);

/// The date of a band whose metadata place it on a time axis (NETCDF_DIM_time and time#units); empty when there is
/// none.
std::string date_of_band(GDALDatasetH dataset, int band);

}  // namespace landcarbon
