// Land Carbon Toolbox: stacked areas: how parts make up a whole over the years.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace landcarbon {

struct AreaSeries {
    std::string name = {};
    std::vector<double> values = {};  ///< one per x, not negative; NaN where unknown
    std::string colour = {};
};

/// Fields as in the other charts (charts.hpp). The first series lies at the bottom.
struct AreaChart {
    std::string title = {};
    std::vector<double> x = {};  ///< ascending
    std::vector<AreaSeries> series = {};
    std::string x_title = {}, value_title = {}, unit = {};
    bool show_title = false;
    double width = 900, height = 420;
};
/// Where one of the values at an x is unknown, so is the whole: the areas have a gap there. Series that are zero
/// everywhere are left out.
std::string area_chart(const AreaChart& chart);

}  // namespace landcarbon
