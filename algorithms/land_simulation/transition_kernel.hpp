// Land Carbon Toolbox: what a cell may become in one step of a cellular automaton, and which of it it proposes.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/cell_grid.hpp"
#include "engine/grid.hpp"
#include "maths/counter_random.hpp"

namespace landcarbon {

/// The maps that an automaton holds in memory. Classes are numbers 1..n, in the order of their codes; 0 is no class.
struct AutomatonMaps {
    AutomatonMaps(int width, int height, int radius, std::size_t classes)
        : cells(width, height, radius, 0),
          start(cells_of(width, height)),
          suitability(cells_of(width, height) * classes + spare) {}
    static std::size_t bytes(int width, int height, int radius, std::size_t classes) {
        return CellGrid<std::uint8_t>::bytes(width, height, radius) +
               cells_of(width, height) * (1 + classes * sizeof(std::uint16_t));
    }
    static std::size_t cells_of(int width, int height) {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    }
    static constexpr std::size_t spare = 8;  ///< so that the last cell can be read as a whole vector

    CellGrid<std::uint8_t> cells;
    /// The class at the start; 0 where there is none and where the cell must keep its class.
    std::vector<std::uint8_t> start;
    /// One number a class for each cell, see suitability_steps().
    std::vector<std::uint16_t> suitability;
};

/// A suitability of 0..1 in steps of 1/65535, rounded to the nearest; what is above 0 stays above 0.
inline std::uint16_t suitability_steps(double suitability) {
    const auto steps = static_cast<std::uint16_t>(suitability * 65535 + 0.5);
    return steps == 0 && suitability > 0 ? std::uint16_t{1} : steps;
}

enum class Allocation {
    roulette,  ///< a cell proposes a class with the chance of its transition probability among all of them
    likeliest  ///< a cell proposes the wanted class of the largest transition probability
};
/// Whether a cell is its own neighbour.
enum class CentreCount {
    isolated,  ///< where no neighbour has its class, it counts as one
    excluded   ///< never
};

/// How PLUS lets patches begin and grow.
struct PatchGrowth {
    double seed_share = 0;  ///< chance that a cell may begin a patch of a class without neighbours
    double expansion = 0;   ///< mu: how much of the random number the seed's probability keeps
    double threshold = 0;   ///< delta^l: growth probabilities must exceed it times a random number around 1
};

/// The inertia of a class after an iteration (Liu et al. 2017): as it was if |D(t-1)| <= |D(t-2)|; times D(t-2)/D(t-1)
/// if D(t-1) < D(t-2) < 0; times D(t-1)/D(t-2) if 0 < D(t-2) < D(t-1). D = demand - allocated cells. Where the gap has
/// grown and changed its sign, or grown from nothing, the paper says nothing and the inertia stays.
double adapted_inertia(double inertia, std::int64_t gap, std::int64_t gap_before);

/// Proposals of an iteration by pair of classes and by how good they are, for choosing the best of them exactly.
struct Proposals {
    static constexpr bool order_free = true;
    Proposals(std::size_t classes, std::size_t bins) : classes(classes), bins(bins), counts(classes * classes * bins) {}
    void merge(const Proposals& other) {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    }
    std::size_t pair(std::size_t from, std::size_t to) const { return (from - 1) * classes + to - 1; }
    std::int64_t count(std::size_t pair) const {
        std::int64_t sum = 0;
        for (std::size_t bin = 0; bin < bins; ++bin) sum += counts[pair * bins + bin];
        return sum;
    }
    std::size_t classes, bins;
    std::vector<std::int64_t> counts;
};

/// One iteration's step for a tile of cells.
/// TP(p, k) = sp(p, k) * Omega(p, k) * Inertia_k * (1 - sc(c -> k)), Omega = (neighbours of class k / neighbours that
/// have a class) * w_k, in the N x N window without its centre. Kept as a whole number of steps, some 2^28 of which
/// are the largest w_k * Inertia_k: exact to sum, and above zero exactly where TP is.
class TransitionKernel {
public:
    struct Rules {
        std::size_t classes = 0;
        int radius = 1;           ///< (N - 1) / 2, at most 7
        std::vector<float> ease;  ///< classes x classes, from x to: 1 - sc, 0 where never, 1 on the diagonal
        CentreCount centre = CentreCount::isolated;
    };
    /// What is new in each iteration.
    struct Step {
        Allocation allocation = Allocation::roulette;
        std::vector<double> weights;       ///< w_k of each class
        std::vector<double> inertia;       ///< of each class
        std::vector<std::uint8_t> wanted;  ///< classes x classes: what a cell may propose with `likeliest`
        std::uint64_t seed = 0;
        std::uint64_t iteration = 0;
        std::optional<PatchGrowth> patches;
    };
    TransitionKernel(const Rules& rules, const Step& step);

    Proposals none() const { return {rules_.classes, bins_}; }
    /// Writes what each cell of the tile proposes into the next map; its present class where it proposes nothing.
    void propose(AutomatonMaps& maps, const Window& tile, Proposals& proposals) const;
    /// How good the proposal of a cell is: the larger, the earlier it is accepted.
    std::uint64_t rank(const AutomatonMaps& maps, int x, int y, std::size_t to) const {
        const std::uint64_t drawn =
            draws_.bits(static_cast<std::size_t>(y) * static_cast<std::size_t>(maps.cells.width()) +
                        static_cast<std::size_t>(x)) &
            0xffffffff;
        if (step_.allocation == Allocation::roulette) return drawn << 32;
        return std::uint64_t{steps_at(maps, x, y, to)} << 32 | drawn;
    }
    /// The bin of a rank in Proposals.
    std::size_t bin(std::uint64_t rank) const {
        const auto high = static_cast<std::uint32_t>(rank >> 32);
        return step_.allocation == Allocation::roulette ? bin_of_draw(high) : bin_of_steps(high);
    }
    Allocation allocation() const { return step_.allocation; }
    /// TP of a class in a cell, found anew (without patch seeds); for tests and few cells.
    double probability(const AutomatonMaps& maps, int x, int y, std::size_t to) const;
    /// For tests: as if there were more than eight classes.
    void use_general_path() { small_ = false; }

private:
    static constexpr double scale = 4096;    // steps of TP for a step of suitability, at the largest weight
    static constexpr std::size_t lanes = 8;  // classes that are worked on side by side
    template <Allocation allocation>
    void propose_small(AutomatonMaps& maps, const Window& tile, Proposals& proposals) const;
    void propose_general(AutomatonMaps& maps, const Window& tile, Proposals& proposals) const;
    std::uint32_t steps_of(std::uint16_t suitability, unsigned count, unsigned neighbours, std::size_t c,
                           std::size_t k) const;
    std::size_t bin_of_draw(std::uint32_t drawn) const {
        return static_cast<std::size_t>(std::uint64_t{drawn} * bins_ >> 32);
    }
    std::size_t bin_of_steps(std::uint32_t steps) const {
        // Probabilities below 2^29, by their leading bits: eight bins (or a half) for each power of two.
        const unsigned bits = static_cast<unsigned>(std::bit_width(steps));
        const std::size_t fine = bits > 3 ? (bits - 1) * 8 + ((steps >> (bits - 4)) & 7) : steps;
        return fine * bins_ / 256;
    }
    std::uint32_t steps_at(const AutomatonMaps& maps, int x, int y, std::size_t to) const;
    float ease(std::size_t from, std::size_t to) const { return rules_.ease[(from - 1) * rules_.classes + to - 1]; }
    /// Neither the class at the start nor the present one forbids it: no chain of steps leads to what is forbidden.
    bool allowed(std::size_t start, std::size_t from, std::size_t to) const {
        return ease(start, to) > 0 && ease(from, to) > 0;
    }

    /// With `likeliest`, only what helps.
    bool may_propose(std::size_t from, std::size_t to) const {
        return step_.allocation == Allocation::roulette ||
               (from != to && step_.wanted[(from - 1) * rules_.classes + to - 1]);
    }

    Rules rules_;
    Step step_;
    std::size_t bins_;
    bool small_;
    double unit_ = 0;                  ///< TP of one step
    std::vector<float> factors_;       ///< w_k * Inertia_k, in steps for a step of suitability
    std::vector<float> seed_factors_;  ///< Inertia_k alone
    std::vector<float> pair_factors_;  ///< up to eight classes: by start, present and new class; 0 where it may not be
    std::vector<float> shares_;        ///< 1 / neighbours
    RandomStream draws_, seeds_, growth_;
};

}  // namespace landcarbon
