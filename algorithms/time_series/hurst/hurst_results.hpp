// Land Carbon Toolbox: Hurst exponent of each cell's series: what a run finds, and its report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "engine/class_summary.hpp"
#include "engine/map_summary.hpp"
#include "time_series/hurst/hurst.hpp"

namespace landcarbon {

struct HurstResults {
    std::size_t steps = 0;
    HurstConvention convention;
    std::string method;                        ///< windows in words
    double mean = 0;                           ///< over the area
    ClassSummary classes;                      ///< anti-persistent, random, persistent
    std::vector<std::optional<double>> means;  ///< of each class
    ValueSpread spread;                        ///< of the cells' exponents
};

Report hurst_report(const HurstResults& results);

}  // namespace landcarbon
