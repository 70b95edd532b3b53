// Land Carbon Toolbox: zonal summary: what a run finds, and the report of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/style.hpp"
#include "engine/zoning.hpp"
#include "tables/zonal_summary/summary_rasters.hpp"

namespace landcarbon {

/// What a measurement is in a zone. Numbers are absent where no cell has a value.
struct ZoneMeasure {
    double area_ha = 0;           ///< of the cells with a value
    std::optional<double> valid;  ///< that area over the zone's, 0..1
    std::optional<double> mean, sd, low, high, median;
    std::optional<double> total;  ///< sum of value times ha
};

/// What the classes of a map are in a zone.
struct ZoneClasses {
    double area_ha = 0;  ///< of the cells with a class
    std::optional<double> valid;
    std::vector<double> areas;            ///< ha, one for each class of the variable
    std::optional<std::size_t> majority;  ///< the class of the largest area, of equal ones that of the lowest code
    std::optional<double> share(std::size_t i) const {
        if (area_ha == 0) return std::nullopt;
        return areas[i] / area_ha;
    }
};

struct ZoneResult {
    std::size_t zone = 0;  ///< its number, from 0
    std::string name;
    std::int64_t cells = 0;
    double area_ha = 0;
    std::vector<ZoneMeasure> measures;  ///< by place
    std::vector<ZoneClasses> classes;   ///< by place
    /// True where no raster holds anything.
    bool empty() const;
};

struct SummaryResults {
    std::vector<ZoneResult> zones;                 ///< those that are told, in order
    std::vector<std::vector<ClassLabel>> classes;  ///< of each variable, ascending; none for measurements
    std::size_t empty = 0;                         ///< of `zones`
};

/// Five equal classes between the least and the largest mean of a raster, each up to its value; none where all means
/// are equal.
std::vector<RampStop> mean_classes(const SummaryResults& results, std::size_t place);

/// The report.
Report summary_report(const SummaryResults& results, const SummaryRasters& rasters, const Zoning& zoning,
                      const Run& run);

}  // namespace landcarbon
