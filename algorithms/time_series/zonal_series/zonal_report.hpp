// Land Carbon Toolbox: zonal series: what a run finds, and the report of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/zoning.hpp"
#include "maths/linear_rate.hpp"
#include "time_series/unit_trends.hpp"
#include "time_series/zonal_series/zonal_sums.hpp"

namespace landcarbon {

/// One zone at one step.
struct ZoneStep {
    std::int64_t cells = 0;  ///< that count
    double area_ha = 0;
    std::optional<AreaMoments> moments;  ///< none where too few cells count
    double value = 0;                    ///< of the statistic; NaN where there is none
};

/// One zone or class and its series.
struct Zone {
    std::int64_t key = 0;  ///< number in the layer, from 1, or class
    std::string name;
    std::int64_t cells = 0;  ///< that hold a value at some step
    double area_ha = 0;
    std::vector<ZoneStep> steps;
    std::vector<double> values;      ///< of the statistic, NaN where there is none
    std::optional<LinearRate> line;  ///< none with fewer than MIN_VALID values

    /// Sample standard deviation / |mean| of the series; none where the mean is 0.
    std::optional<double> variation() const;
    /// The linear slope in percent of |mean|; none where the mean is 0.
    std::optional<double> relative_rate() const;
};

/// What a run finds.
struct ZonalResult {
    bool by_class = false;
    bool dated = false;     ///< the steps are years
    std::string statistic;  ///< "Mean", "Sum" or "Total"
    std::vector<double> times;
    std::vector<Zone> zones;
    std::optional<UnitTrends> trends;  ///< of the zones, in their order
    std::string one() const { return by_class ? "class" : "zone"; }
    std::string many() const { return by_class ? "classes" : "zones"; }
    std::string count(std::size_t n) const { return std::to_string(n) + " " + (n == 1 ? one() : many()); }
};

/// The report. @param zoning for a map of the zones; nullptr for classes
Report zonal_report(const ZonalResult& result, const Run& run, const Zoning* zoning);

}  // namespace landcarbon
