// Land Carbon Toolbox: PLUS land simulation: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/plus/plus.hpp"

namespace landcarbon {

void plus(PlusOptions& options, Run& run) { simulate(options, run); }

}  // namespace landcarbon
