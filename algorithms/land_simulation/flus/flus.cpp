// Land Carbon Toolbox: FLUS land simulation: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/flus/flus.hpp"

namespace landcarbon {

void flus(FlusOptions& options, Run& run) { simulate(options, run); }

}  // namespace landcarbon
