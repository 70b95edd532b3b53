// Land Carbon Toolbox: the cellular automaton of FLUS and PLUS: iterations until a demand for cells of classes is met.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/tile_sweeps.hpp"
#include "land_simulation/allocation.hpp"
#include "land_simulation/transition_kernel.hpp"

namespace landcarbon {

/// What decides how many of the proposed conversions happen.
enum class Control {
    gap,     ///< as many as the demand asks for
    inertia  ///< a fixed share of all; the inertia of the classes steers, as the papers have it
};

/// The patches of PLUS from iteration to iteration.
struct PatchRules {
    double seed_share = 0.0001;
    double expansion = 0.1;
    double decay = 0.5;   ///< delta
    double step = 0.05;   ///< the threshold falls when the gap shrinks by less than this share of the first one
};

struct AutomatonRules {
    TransitionKernel::Rules kernel;
    std::vector<double> weights;       ///< w_k
    std::vector<std::int64_t> demand;  ///< cells by class
    Allocation allocation = Allocation::roulette;
    Control control = Control::gap;
    std::int64_t iterations = 300;
    double tolerance = 0;       ///< share of the cells that may be in a wrong class
    double acceleration = 0.1;  ///< share of the first gap that one iteration may close; of all proposals, with inertia
    double exchange = 0;        ///< share of the cells that change places beyond the demand, over the whole run
    std::uint64_t seed = 1;
    std::optional<PatchRules> patches;
};

/// The state after an iteration; 0 is the start.
struct AutomatonRecord {
    std::int64_t iteration = 0;
    std::vector<std::int64_t> cells;  ///< by class
    std::vector<double> inertia;
    std::int64_t changed = 0;  ///< conversions of this iteration
};

enum class StopReason {
    met,        ///< every class has the cells of its demand
    tolerance,  ///< as good as asked for
    limit,      ///< all iterations are done
    stuck       ///< no conversion that would help is possible any more
};

struct AutomatonResult {
    std::vector<AutomatonRecord> history;
    StopReason reason = StopReason::met;
    std::int64_t finishing = 0;  ///< iterations at the end that took the likeliest cells, because roulette found none
    const std::vector<std::int64_t>& cells() const { return history.back().cells; }
};

/// Cells that are missing to the demand, or too many: both sums are equal.
std::int64_t missing_cells(const std::vector<std::int64_t>& demand, const std::vector<std::int64_t>& cells);

/// Runs the automaton on maps that hold the start; afterwards they hold the result.
/// Each iteration: every cell proposes a class (TransitionKernel); how many conversions of each pair of classes are
/// accepted follows from the gaps (accepted_conversions); which ones, from a random number of each cell (roulette) or
/// from the transition probability (likeliest), exactly as many as wanted. So cells are conserved, no iteration goes
/// past a demand, and the same seed gives the same map for any threads and tiles.
/// @param cells present cells of each class, those included that keep theirs
/// @param share told how much is done
/// @throws Cancelled
AutomatonResult run_automaton(AutomatonMaps& maps, const AutomatonRules& rules, std::vector<std::int64_t> cells,
                              TileSweeps& sweeps, const std::function<void(double)>& share);

}  // namespace landcarbon
