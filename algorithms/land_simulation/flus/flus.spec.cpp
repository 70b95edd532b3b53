// Land Carbon Toolbox: FLUS land simulation: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/flus/flus.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, FlusOptions& o) {
    spec.id = "flus";
    spec.name = "FLUS land simulation";
    spec.group = "land_simulation";
    spec.summary = "Simulated land cover for a given demand: a cellular automaton on suitability and neighbourhood.";
    spec.description =
        "Lets classes grow and shrink from a land-cover map until they have the cells that a demand asks for. In each "
        "iteration the chance of a cell to become a class is its suitability times the share of neighbours that have "
        "the class times the inertia of the class, and 0 where the conversion rules or a restriction forbid it (future "
        "land-use simulation, FLUS).\n\n"
        "Before the run the algorithm checks exactly whether the demand sums to the map and can be reached; after it "
        "the residual of each class and the reason for stopping are reported. Cells are conserved, a cell is never "
        "converted against the rules, neither in one step nor in several, and where the demand can be reached it is "
        "met to the cell, unless neighbourhoods leave no way.\n\n"
        "The map is held in memory: some 3 + 2 bytes a class for each cell. The result does not depend on the number "
        "of threads.";
    spec.references = {
        "Liu, X., Liang, X., Li, X., et al. (2017). A future land use simulation model (FLUS) for simulating multiple "
        "land use scenarios by coupling human and natural effects. Landscape and Urban Planning 168, 94-116. "
        "https://doi.org/10.1016/j.landurbplan.2017.09.019",
        "Qin, M., et al. (2023). Chinese Geographical Science 33(1) (conversion rules and weights of the Beibu Gulf). "
        "https://doi.org/10.1007/s11769-023-1327-3"};
    spec.tags = {"land use simulation", "cellular automaton", "FLUS", "scenario", "demand", "roulette", "inertia",
                 "land cover"};
    describe_simulation_inputs(spec, o);
    describe_simulation_choices(spec, o);
    describe_simulation_outputs(spec, o);
}

}  // namespace

std::unique_ptr<Algorithm> make_flus() { return std::make_unique<BoundAlgorithm<FlusOptions>>(describe, flus); }

}  // namespace landcarbon
