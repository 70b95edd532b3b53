// Land Carbon Toolbox: land simulation: the conventions that a result rests on, in words.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "land_simulation/simulation.hpp"

namespace landcarbon {

/// States them for the report and the provenance.
void state_conventions(const SimulationOptions& options, Run& run);

}  // namespace landcarbon
