// Land Carbon Toolbox: PLUS land simulation: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/plus/plus.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, PlusOptions& o) {
    spec.id = "plus";
    spec.name = "PLUS land simulation";
    spec.group = "land_simulation";
    spec.summary = "Simulated land cover for a given demand: as FLUS, with new patches that grow from seeds.";
    spec.description =
        "The cellular automaton of FLUS with two differences (patch-generating land use simulation, PLUS): it works on "
        "growth probabilities, which say where a class expands rather than where it is, and classes may start new "
        "patches away from their own cells, from random seeds where the growth probability is high.\n\n"
        "At first only cells of a high growth probability may change; this threshold falls whenever the gap between "
        "demand and map shrinks too slowly. A class that the map does not have can come from seeds.\n\n"
        "Checks before the run, conserved cells, conversion rules, memory and the seed are as in FLUS land simulation.";
    spec.references = {
        "Liang, X., Guan, Q., Clarke, K. C., Liu, S., Wang, B., Yao, Y. (2021). Understanding the drivers of "
        "sustainable "
        "land expansion using a patch-generating land use simulation (PLUS) model: A case study in Wuhan, China. "
        "Computers, Environment and Urban Systems 85, 101569. https://doi.org/10.1016/j.compenvurbsys.2020.101569",
        "Liu, X., Liang, X., Li, X., et al. (2017). A future land use simulation model (FLUS) for simulating multiple "
        "land use scenarios by coupling human and natural effects. Landscape and Urban Planning 168, 94-116. "
        "https://doi.org/10.1016/j.landurbplan.2017.09.019"};
    spec.tags = {"land use simulation", "cellular automaton", "PLUS", "patches", "scenario", "demand",
                 "expansion",           "land cover"};
    describe_simulation_inputs(spec, o);
    spec.real("seed_share", o.patches->seed_share)
        .named("Share of seeds")
        .says("Chance of a cell, in each iteration, that it may begin a patch of a class that it has no neighbour of.")
        .at_least(0)
        .at_most(1);
    spec.real("expansion", o.patches->expansion)
        .named("Expansion of seeds")
        .says(
            "Strength of a seed relative to growth from neighbours (mu): its probability is P times a random number "
            "below P times this.")
        .at_least(0)
        .at_most(1);
    spec.real("patch_decay", o.patches->decay)
        .named("Decay of the threshold")
        .says(
            "A cell changes only where its growth probability is above this number to the power of l times a random "
            "number around 1; l starts at 0 and grows by 1 whenever the gap shrinks too slowly.")
        .above(0)
        .at_most(1)
        .advanced();
    spec.real("patch_step", o.patches->step)
        .named("Step of the threshold")
        .says("The threshold falls after an iteration that closes less than this share of the first gap.")
        .at_least(0)
        .at_most(1)
        .advanced();
    describe_simulation_choices(spec, o);
    describe_simulation_outputs(spec, o);
}

}  // namespace

std::unique_ptr<Algorithm> make_plus() { return std::make_unique<BoundAlgorithm<PlusOptions>>(describe, plus); }

}  // namespace landcarbon
