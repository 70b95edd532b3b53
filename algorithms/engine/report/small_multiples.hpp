// Land Carbon Toolbox: small multiples: the same lines for many units, one small panel each.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace landcarbon {

/// One panel: a unit and its lines.
struct SmallPanel {
    std::string name = {};
    std::vector<std::vector<double>> values = {};  ///< one vector a line, one value per x; NaN where unknown
};

/// Fields as in the other charts (charts.hpp).
struct SmallMultiples {
    std::string title = {};
    std::vector<double> x = {};                ///< ascending; the same for all panels
    std::vector<std::string> line_names = {};  ///< the same lines in all panels
    std::vector<std::string> line_colours = {};
    std::vector<SmallPanel> panels = {};  ///< row by row
    std::string unit = {};
    double width = 900, panel_height = 76;
    std::size_t columns = 6;
};
/// Each panel has a value axis of its own from zero (or the least value) to its largest value, which is written in its
/// corner: panels show courses, not sizes.
std::string small_multiples(const SmallMultiples& chart);

}  // namespace landcarbon
