// Land Carbon Toolbox: PLUS land simulation: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "land_simulation/simulation.hpp"

namespace landcarbon {

/// Those of land_simulation/simulation.hpp, and the rules of patches.
struct PlusOptions : SimulationOptions {
    PlusOptions() { patches.emplace(); }
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void plus(PlusOptions& options, Run& run);

}  // namespace landcarbon
