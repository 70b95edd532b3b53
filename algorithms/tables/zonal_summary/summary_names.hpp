// Land Carbon Toolbox: zonal summary: what rasters and columns are called, and what names say of years.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/source.hpp"

namespace landcarbon {

/// A name without the year, with what joined it: "ssp126_2030" is "ssp126", "MOD13Q1_2001_250m" is "MOD13Q1_250m".
/// Numbers that are no years stay. Of several years the one that is `year` goes; where none is, all of them.
std::string without_year(const std::string& name, std::optional<double> year);

/// What each raster shows, whatever the year: the names of files and bands without it. Names that differ by case and
/// punctuation alone are those of one variable, and so are the numbered bands of a file.
/// @param years one for each layer
std::vector<std::string> variables_of_names(const std::vector<Layer>& layers, const std::vector<double>& years);

/// What names each raster's date: the date on the file's own time axis, else the name of the band or the file; with the
/// folder where all files have one name.
std::vector<std::string> dated_names(const std::vector<Layer>& layers);

/// The words that the columns of classes begin with: each another one, and none that other columns bear. "Class -1" is
/// class_minus_1. @param told what was named otherwise for that, in words, one entry for each
std::vector<std::string> class_words(const std::vector<ClassLabel>& classes, std::vector<std::string>& told);

}  // namespace landcarbon
