// Land Carbon Toolbox: transition matrix: what a run finds, before it is written.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/report/report.hpp"
#include "engine/style.hpp"
#include "engine/zoning.hpp"
#include "land_change/transition_matrix/transitions.hpp"

namespace landcarbon {

/// Two maps that a matrix is made for.
struct Period {
    std::size_t from, to;
    std::string name;  ///< "1985-1991" or "1-2"
    double years;
};

struct TransitionResults {
    std::vector<double> years;                    ///< of the maps; empty: not given
    std::vector<Period> periods;                  ///< neighbouring maps; with three maps or more, first to last
    std::vector<ClassLabel> labels;               ///< rows and columns of the matrices
    std::vector<Transitions> matrices;            ///< one for each period
    std::vector<std::vector<Transitions>> zones;  ///< the same for each zone; empty without zones

    /// From the first to the last map.
    const Transitions& whole() const { return matrices.back(); }
    std::size_t steps() const { return periods.size() < 3 ? 1 : periods.size() - 1; }
    /// Matrices of neighbouring maps only.
    std::vector<Transitions> each_step() const {
        return {matrices.begin(), matrices.begin() + static_cast<std::ptrdiff_t>(steps())};
    }
};

/// Groups of the share that changed from the first to the last map, over the zones: the upper end of each, with colour
/// and label; empty where no zone has changed.
std::vector<RampStop> share_groups(const TransitionResults& results);

/// @param intervals how many there are: a single one cannot be faster or slower than the whole time
std::string finding(const IntensityRow& row, std::size_t intervals);

/// @param zoning nullptr without zones
/// @throws Cancelled
Report transition_report(const TransitionResults& results, const Zoning* zoning, Run& run);

}  // namespace landcarbon
