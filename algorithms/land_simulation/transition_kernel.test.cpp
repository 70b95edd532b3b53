// Land Carbon Toolbox: a step of the automaton: each factor by hand, draws in proportion, the same on every path.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/transition_kernel.hpp"

#include <array>
#include <cmath>
#include <map>
#include <random>

#include "maths/wide.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

AutomatonMaps maps_of(int width, int radius, std::size_t classes, const std::vector<int>& cells,
                      const std::vector<double>& suitability) {
    const int height = static_cast<int>(cells.size()) / width;
    AutomatonMaps maps(width, height, radius, classes);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto number = static_cast<std::uint8_t>(cells[i]);
        maps.cells.filled_row(static_cast<int>(i) / width)[i % static_cast<std::size_t>(width)] = number;
        maps.start[i] = number;
        for (std::size_t k = 0; k < classes; ++k) maps.suitability[i * classes + k] = suitability_steps(suitability[k]);
    }
    return maps;
}

TransitionKernel::Rules free_rules(std::size_t classes, int radius = 1) {
    return {classes, radius, std::vector<float>(classes * classes, 1.0F), CentreCount::isolated};
}

TransitionKernel::Step plain_step(std::size_t classes, std::uint64_t seed = 1) {
    TransitionKernel::Step step;
    step.weights.assign(classes, 1);
    step.inertia.assign(classes, 1);
    step.wanted.assign(classes * classes, 1);
    step.seed = seed;
    return step;
}

// The centre has three neighbours of class 1, four of class 2 and one of class 3.
const std::vector<int> small_map = {1, 1, 2,  //
                                    1, 1, 2,  //
                                    3, 2, 2};

void check_probability(double found, double expected) { CHECK(found == Approx(expected).epsilon(2e-4)); }

}  // namespace

TEST_CASE("each factor of the transition probability", "[land_simulation]") {
    const AutomatonMaps maps = maps_of(3, 1, 3, small_map, {0.5, 0.25, 1});
    auto rules = free_rules(3);
    auto step = plain_step(3);
    {
        // Suitability and neighbourhood: sp * count / 8.
        const TransitionKernel kernel(rules, step);
        check_probability(kernel.probability(maps, 1, 1, 1), 0.5 * 3 / 8);
        check_probability(kernel.probability(maps, 1, 1, 2), 0.25 * 4 / 8);
        check_probability(kernel.probability(maps, 1, 1, 3), 1.0 / 8);
        // At the edge only the neighbours that are there count: two of three are of class 1.
        check_probability(kernel.probability(maps, 2, 0, 1), 0.5 * 2 / 3);
        check_probability(kernel.probability(maps, 2, 0, 2), 0.25 / 3);
        CHECK(kernel.probability(maps, 2, 0, 3) == 0);
        // In the corner all three neighbours are of the cell's class.
        check_probability(kernel.probability(maps, 0, 0, 1), 0.5);
        // A cell without neighbours of its class counts as one of them.
        check_probability(kernel.probability(maps, 0, 2, 3), 1.0 / 3);
    }
    {
        auto without = rules;
        without.centre = CentreCount::excluded;
        CHECK(TransitionKernel(without, step).probability(maps, 0, 2, 3) == 0);
    }
    // Weights and inertia.
    step.weights = {1, 0.5, 2};
    step.inertia = {1, 1.5, 1};
    check_probability(TransitionKernel(rules, step).probability(maps, 1, 1, 2), 0.25 * 4 / 8 * 0.5 * 1.5);
    check_probability(TransitionKernel(rules, step).probability(maps, 1, 1, 3), 1.0 / 8 * 2);
    // Conversion cost: from class 1 to class 3 half as easily, to class 2 never.
    rules.ease[0 * 3 + 2] = 0.5F;
    rules.ease[0 * 3 + 1] = 0;
    check_probability(TransitionKernel(rules, step).probability(maps, 1, 1, 3), 1.0 / 8 * 2 * 0.5);
    CHECK(TransitionKernel(rules, step).probability(maps, 1, 1, 2) == 0);
    check_probability(TransitionKernel(rules, step).probability(maps, 2, 0, 1), 0.5 * 2 / 3);
    // The class at the start counts as well: what was class 1 must not become class 2 by way of class 3.
    AutomatonMaps later = maps;
    later.cells.filled_row(1)[1] = 3;
    CHECK(TransitionKernel(rules, step).probability(later, 1, 1, 2) == 0);
    check_probability(TransitionKernel(rules, step).probability(later, 1, 1, 1), 0.5 * 3 / 8);
    // Cells that must keep their class.
    later.start[4] = 0;
    CHECK(TransitionKernel(rules, step).probability(later, 1, 1, 1) == 0);
}

TEST_CASE("windows of other sizes", "[land_simulation]") {
    // 5 x 5 around the only cell of class 2 in a map of 4 x 4: all other 15 are neighbours of cell (1, 1) or not there.
    std::vector<int> cells(16, 1);
    cells[15] = 2;
    cells[3] = 0;
    const AutomatonMaps maps = maps_of(4, 2, 2, cells, {1, 1});
    const TransitionKernel kernel(free_rules(2, 2), plain_step(2));
    check_probability(kernel.probability(maps, 1, 1, 2), 1.0 / 14);
    check_probability(kernel.probability(maps, 2, 2, 2), 1.0 / 14);
    CHECK(kernel.probability(maps, 0, 0, 2) == 0);
    check_probability(kernel.probability(maps, 0, 0, 1), 1);
}

TEST_CASE("the three cases of the inertia", "[land_simulation]") {
    // |D(t-1)| <= |D(t-2)|: unchanged.
    CHECK(adapted_inertia(1.5, 50, 100) == 1.5);
    CHECK(adapted_inertia(1.5, -100, -100) == 1.5);
    CHECK(adapted_inertia(1.5, -50, 100) == 1.5);
    // D(t-1) < D(t-2) < 0: too many cells, and more of them: smaller.
    CHECK(adapted_inertia(1.5, -200, -100) == 0.75);
    // 0 < D(t-2) < D(t-1): too few, and fewer: larger.
    CHECK(adapted_inertia(1.5, 300, 100) == 4.5);
    // What the paper says nothing about: grown with another sign, or from nothing.
    CHECK(adapted_inertia(1.5, -200, 100) == 1.5);
    CHECK(adapted_inertia(1.5, 200, -100) == 1.5);
    CHECK(adapted_inertia(1.5, 200, 0) == 1.5);
}

TEST_CASE("suitabilities are held in steps", "[land_simulation]") {
    CHECK(suitability_steps(0) == 0);
    CHECK(suitability_steps(1) == 65535);
    CHECK(suitability_steps(0.5) == 32768);
    CHECK(suitability_steps(1e-9) == 1);
}

TEST_CASE("roulette draws in proportion to the transition probability", "[land_simulation]") {
    AutomatonMaps maps = maps_of(3, 1, 3, small_map, {0.5, 0.25, 1});
    // TP of the centre: 3/16, 2/16, 2/16.
    for (const bool general : {false, true}) {
        std::map<int, double> drawn;
        constexpr int n = 14000;
        for (int seed = 0; seed < n; ++seed) {
            TransitionKernel kernel(free_rules(3), plain_step(3, static_cast<std::uint64_t>(seed)));
            if (general) kernel.use_general_path();
            Proposals proposals = kernel.none();
            kernel.propose(maps, {0, 0, 3, 3}, proposals);
            ++drawn[maps.cells.next_row(1)[1]];
            CHECK(maps.cells.next_row(0)[0] == 1);
        }
        // Four standard deviations.
        CHECK(std::abs(drawn[1] - n * 3.0 / 7) < 4 * std::sqrt(n * 3.0 / 7 * 4 / 7));
        CHECK(std::abs(drawn[2] - n * 2.0 / 7) < 4 * std::sqrt(n * 2.0 / 7 * 5 / 7));
        CHECK(drawn[1] + drawn[2] + drawn[3] == n);
    }
}

TEST_CASE("likeliest proposes the wanted class of the largest probability", "[land_simulation]") {
    AutomatonMaps maps = maps_of(3, 1, 3, small_map, {0.5, 0.25, 1});
    auto step = plain_step(3);
    step.allocation = Allocation::likeliest;
    step.weights = {1, 1, 1.5};
    const auto proposal = [&](int x, int y) {
        const TransitionKernel kernel(free_rules(3), step);
        Proposals proposals = kernel.none();
        kernel.propose(maps, {0, 0, 3, 3}, proposals);
        return static_cast<int>(maps.cells.next_row(y)[x]);
    };
    // The centre: TP of class 2 is 1/8, of class 3 3/16.
    CHECK(proposal(1, 1) == 3);
    step.wanted = {0, 1, 0, 0, 0, 0, 0, 0, 0};
    CHECK(proposal(1, 1) == 2);
    CHECK(proposal(2, 1) == 2);  // class 2 wants nothing
    CHECK(proposal(0, 0) == 1);  // no neighbour of class 2
}

TEST_CASE("every path and vector width proposes the same", "[land_simulation]") {
    std::mt19937 random(3);
    const VectorWidth usual = vector_width();
    for (const std::size_t classes : {std::size_t{2}, std::size_t{6}, std::size_t{8}})
        for (const int kind : {0, 1, 2, 3, 4, 5}) {
            const int radius = std::array{1, 3, 7}[static_cast<std::size_t>(kind % 3)];
            const int width = 61, height = 43;
            std::vector<int> cells;
            for (int i = 0; i < width * height; ++i)
                cells.push_back(random() % 3 ? (cells.empty() ? 1 : cells.back())
                                             : static_cast<int>(random() % (classes + 1)));
            AutomatonMaps maps = maps_of(width, radius, classes, cells, std::vector<double>(classes, 1));
            for (auto& value : maps.suitability)
                value = static_cast<std::uint16_t>(random() % 5 ? random() % 65536 : 0);
            auto rules = free_rules(classes, radius);
            for (std::size_t i = 0; i < rules.ease.size(); ++i)
                if (i % (classes + 1) && random() % 3 == 0) rules.ease[i] = random() % 2 ? 0 : 0.25F;
            auto step = plain_step(classes, random());
            step.allocation = kind < 3 ? Allocation::roulette : Allocation::likeliest;
            step.wanted.resize(classes * classes);
            for (auto& wanted : step.wanted) wanted = random() % 3 != 0 || classes == 2;
            for (double& weight : step.weights) weight = static_cast<double>(random() % 100) / 50;
            std::vector<std::uint8_t> first;
            std::vector<std::int64_t> counts;
            const auto check_same = [&](const TransitionKernel& kernel, int tile_width, int tile_height) {
                Proposals proposals = kernel.none();
                for (int y = 0; y < height; y += tile_height)
                    for (int x = 0; x < width; x += tile_width)
                        kernel.propose(maps, {x, y, std::min(tile_width, width - x), std::min(tile_height, height - y)},
                                       proposals);
                std::vector<std::uint8_t> now;
                for (int y = 0; y < height; ++y)
                    now.insert(now.end(), maps.cells.next_row(y), maps.cells.next_row(y) + width);
                if (first.empty()) {
                    first = now;
                    counts = proposals.counts;
                    int changed = 0;
                    for (std::size_t i = 0; i < now.size(); ++i) changed += now[i] != cells[i];
                    CHECK(changed > 100);
                }
                CHECK((now == first));
                CHECK((proposals.counts == counts));
            };
            for (const VectorWidth wide : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
                set_vector_width(wide);
                check_same(TransitionKernel(rules, step), 61, 43);
                check_same(TransitionKernel(rules, step), 7, 11);
            }
            set_vector_width(usual);
            TransitionKernel general(rules, step);
            general.use_general_path();
            check_same(general, 61, 43);
            check_same(general, 16, 5);
            // Every proposal is in the bin of its rank, and possible.
            const TransitionKernel kernel(rules, step);
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x) {
                    const std::size_t to = maps.cells.next_row(y)[x], from = maps.cells.row(y)[x];
                    if (to == from) continue;
                    if (!(kernel.probability(maps, x, y, to) > 0)) FAIL("an impossible proposal at " << x << ", " << y);
                }
        }
    set_vector_width(usual);
}

TEST_CASE("patches begin where there is no neighbour, below the growth probability", "[land_simulation]") {
    // No neighbour of class 2 anywhere; P is 0.4 everywhere for class 2, 0.6 for class 1.
    constexpr int side = 100;
    AutomatonMaps maps = maps_of(side, 1, 2, std::vector<int>(side * side, 1), {0.6, 0.4});
    auto step = plain_step(2);
    const auto seeds = [&](const PatchGrowth& patches) {
        step.patches = patches;
        const TransitionKernel kernel(free_rules(2), step);
        Proposals proposals = kernel.none();
        kernel.propose(maps, {0, 0, side, side}, proposals);
        return static_cast<double>(proposals.count(proposals.pair(1, 2)));
    };
    CHECK(seeds({0, 1, 0}) == 0);
    // Seeds where r < P, chosen with the chance P r mu / (P r mu + 0.6): the integral over r from 0 to 0.4 for mu = 1
    // is 0.4 - 1.5 ln(1 + 0.4 * 0.4 / 0.6) = 0.04542 (sp 0.6, all eight neighbours).
    const double expected = (0.4 - 1.5 * std::log(1 + 0.16 / 0.6)) * side * side;
    CHECK(std::abs(seeds({1, 1, 0}) - expected) < 4 * std::sqrt(expected));
    const double tenth = seeds({0.1, 1, 0});
    CHECK(std::abs(tenth - expected / 10) < 4 * std::sqrt(expected / 10));
    // A threshold above all growth probabilities (0.4 > 1 * r1 still happens, 3 deviations out) lets few through.
    CHECK(seeds({1, 1, 1}) < seeds({1, 1, 0}) / 5);
    CHECK(seeds({1, 1, 1}) > 0);
}
