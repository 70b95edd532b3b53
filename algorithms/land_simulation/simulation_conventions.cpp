// Land Carbon Toolbox: land simulation: the conventions that a result rests on, in words.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_conventions.hpp"

#include <string>

#include "engine/run.hpp"

namespace landcarbon {

void state_conventions(const SimulationOptions& options, Run& run) {
    const bool plus = options.patches.has_value();
    const std::string window = std::to_string(options.window);
    run.convention("transition probability",
                   "TP(p, k) = P(p, k) * Omega(p, k) * Inertia_k * (1 - sc(c -> k)), where P is the " +
                       std::string(plus ? "growth probability" : "suitability") +
                       "; 0 where the class at the start or the present one may not become k");
    run.convention("neighbourhood", "Omega(p, k) = neighbours of class k / neighbours that have a class * w_k in " +
                                        window + " x " + window + " cells without the centre; " +
                                        (options.centre == CentreCount::isolated
                                             ? "a cell without neighbours of its own class counts as one of them"
                                             : "the centre never counts"));
    run.convention(
        "inertia",
        "1 at the start; unchanged if |D(t-1)| <= |D(t-2)|, times D(t-2)/D(t-1) if D(t-1) < D(t-2) < 0, times "
        "D(t-1)/D(t-2) if 0 < D(t-2) < D(t-1); D = demand - allocated cells");
    run.convention("accepted conversions",
                   options.control == Control::gap
                       ? "as many as the gaps ask for, at most " + number_text(options.acceleration) +
                             " of the first gap in an iteration"
                       : "a share of " + number_text(options.acceleration) +
                             " of all proposals for nine tenths of the iterations, then as many as the gaps ask for");
    run.convention("choice of cells", options.allocation == Allocation::roulette
                                          ? "roulette over TP; if it finds nothing any more, the likeliest cells"
                                          : "cells of the largest TP for each pair of classes");
    if (options.exchange > 0)
        run.convention("exchange", number_text(options.exchange) +
                                       " of the cells change places beyond the demand, in "
                                       "equal numbers both ways");
    if (plus)
        run.convention("patch seeds",
                       "a cell without neighbours of class k may begin a patch with the chance SEED_SHARE where a "
                       "uniform r < P: TP = P * (r * EXPANSION) * Inertia_k * (1 - sc); a candidate is accepted if P > "
                       "PATCH_DECAY^l * r1, r1 around 1 (0 to 2); l grows when the gap shrinks by less than PATCH_STEP "
                       "of the first one");
    run.convention("conversion rules", "rows are the present class, columns the future one; 1 allowed, 0 not");
    run.convention("cells that keep their class", "restricted ones, and those without a suitability for every class");
    run.convention("suitability", "held in steps of 1/65535; what is above 0 stays above 0");
}

}  // namespace landcarbon
