// Land Carbon Toolbox: zonal summary: the rasters, what they are called and what they hold.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/run.hpp"
#include "tables/zonal_summary/zonal_summary.hpp"

namespace landcarbon {

/// One band and what it is.
struct SummaryRaster {
    std::string label;           ///< in names of columns: the variable, with the year where there is one
    std::size_t variable = 0;    ///< which one
    std::optional<double> year;  ///< where YEARS are given
    bool continuous = false;
    std::size_t place = 0;  ///< among the measurements, or among the class rasters
};

/// Rasters of one name, of one or several years.
struct SummaryVariable {
    std::string name;
    std::string thing;  ///< what it is a map of: the name without the year. Maps of one thing have the same classes
    bool continuous = false;
    std::vector<std::size_t> rasters;  ///< in the order of years
};

struct SummaryRasters {
    std::vector<SummaryRaster> rasters;
    std::vector<SummaryVariable> variables;
    std::vector<Layer> layers;  ///< one for each raster, in order
    std::vector<double> years;  ///< all, ascending; empty without YEARS
    std::size_t measured = 0, classed = 0;
};

/// Opens all rasters, each as classes or as measurements. @throws UserError, IoError
SummaryRasters open_rasters(const ZonalSummaryOptions& options, Run& run);

}  // namespace landcarbon
