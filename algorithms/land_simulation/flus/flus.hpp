// Land Carbon Toolbox: FLUS land simulation: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "land_simulation/simulation.hpp"

namespace landcarbon {

/// All options are those of land_simulation/simulation.hpp.
struct FlusOptions : SimulationOptions {};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void flus(FlusOptions& options, Run& run);

}  // namespace landcarbon
