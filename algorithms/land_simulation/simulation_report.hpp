// Land Carbon Toolbox: land simulation: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/report/cell_maps.hpp"
#include "engine/report/report.hpp"
#include "engine/source.hpp"
#include "land_simulation/automaton.hpp"

namespace landcarbon {

/// What a report tells of a simulation. Classes are in ascending order of code.
struct SimulationStory {
    std::string title;
    std::vector<ClassLabel> labels;
    std::vector<std::int64_t> asked;   ///< the demand as the table has it, in cells
    std::vector<std::int64_t> demand;  ///< what was aimed at
    std::vector<std::int64_t> moved;   ///< classes x classes, cells from the first map to the simulated one
    std::int64_t cells = 0, restricted = 0, holes = 0;
    std::string reason;
    AutomatonResult result;
    Thinning thinning{1, 1, 1};
    std::vector<std::uint16_t> first, simulated;  ///< thinned maps: numbers of the classes, 0 where there is none
    double stretch = 1;                           ///< height of a cell over its width
};
Report simulation_report(const SimulationStory& story);

}  // namespace landcarbon
