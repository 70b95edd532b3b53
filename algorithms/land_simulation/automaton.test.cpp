// Land Carbon Toolbox: the automaton: demand met, rules kept, the same map for any threads and tiles.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/automaton.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "maths/largest_remainder.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

struct Setting {
    int width = 12, height = 10;
    AutomatonRules rules;
    std::vector<int> cells;
    std::vector<std::uint8_t> fixed;
    std::vector<std::uint16_t> suitability;

    std::size_t classes() const { return rules.kernel.classes; }
    std::vector<std::int64_t> counts() const {
        std::vector<std::int64_t> counts(classes());
        for (const int number : cells)
            if (number) ++counts[static_cast<std::size_t>(number) - 1];
        return counts;
    }
    /// Cells by what they may become.
    CellGroups groups() const {
        CellGroups groups;
        const auto present = counts();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i] == 0) continue;
            CellGroup group{static_cast<std::size_t>(cells[i]) - 1, {}};
            for (std::size_t k = 0; k < classes(); ++k)
                if (k == group.present || (!fixed[i] && rules.kernel.ease[group.present * classes() + k] > 0 &&
                                           suitability[i * classes() + k] > 0 && (present[k] > 0 || rules.patches)))
                    add_class(group.may, k);
            ++groups[group];
        }
        return groups;
    }
    AutomatonMaps maps() const {
        AutomatonMaps maps(width, height, rules.kernel.radius, classes());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto number = static_cast<std::uint8_t>(cells[i]);
            maps.cells.filled_row(static_cast<int>(i) / width)[i % static_cast<std::size_t>(width)] = number;
            maps.start[i] = fixed[i] ? std::uint8_t{0} : number;
        }
        std::copy(suitability.begin(), suitability.end(), maps.suitability.begin());
        return maps;
    }
};

struct Outcome {
    AutomatonResult result;
    std::vector<int> cells;
};

Outcome run(const Setting& setting, int threads = 1, TileSweeps::Shape tile = {}) {
    AutomatonMaps maps = setting.maps();
    const std::atomic<bool> cancel{false};
    TileSweeps sweeps(setting.width, setting.height, tile, threads, cancel);
    Outcome outcome{run_automaton(maps, setting.rules, setting.counts(), sweeps, [](double) {}), {}};
    for (int y = 0; y < setting.height; ++y)
        outcome.cells.insert(outcome.cells.end(), maps.cells.row(y), maps.cells.row(y) + setting.width);
    return outcome;
}

/// Patches of classes with holes, everything allowed, random suitabilities above zero.
Setting patches(int width, int height, std::size_t classes, std::uint32_t seed) {
    std::mt19937 random(seed);
    Setting setting;
    setting.width = width;
    setting.height = height;
    setting.rules.kernel = {classes, 1, std::vector<float>(classes * classes, 1.0F), CentreCount::isolated};
    setting.rules.weights.assign(classes, 1);
    setting.rules.seed = seed;
    std::vector<int> blocks(400);
    for (int& block : blocks) block = static_cast<int>(random() % classes) + 1;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            setting.cells.push_back(random() % 50 == 0 ? 0
                                                       : blocks[static_cast<std::size_t>(y / 5 * 17 + x / 4) % 400]);
    setting.fixed.assign(setting.cells.size(), 0);
    for (std::size_t i = 0; i < setting.cells.size() * classes; ++i)
        setting.suitability.push_back(static_cast<std::uint16_t>(1 + random() % 65535));
    setting.rules.demand = setting.counts();
    return setting;
}

}  // namespace

TEST_CASE("a demand is met to the cell, evenly over the iterations", "[land_simulation]") {
    Setting setting = patches(60, 50, 4, 1);
    const auto before = setting.counts();
    setting.rules.demand = {before[0] - 200, before[1] + 150, before[2] + 50, before[3]};
    for (const Allocation allocation : {Allocation::roulette, Allocation::likeliest}) {
        setting.rules.allocation = allocation;
        const Outcome outcome = run(setting);
        CHECK(outcome.result.reason == StopReason::met);
        CHECK(outcome.result.cells() == setting.rules.demand);
        // A tenth of the gap each time.
        CHECK(outcome.result.history.size() == 11);
        CHECK(outcome.result.history[1].cells[1] == before[1] + 15);
        CHECK(outcome.result.history[1].changed == 20);
        // The last class has no net demand, and nothing else asks for it.
        for (std::size_t i = 0; i < setting.cells.size(); ++i)
            if (setting.cells[i] == 4) CHECK(outcome.cells[i] == 4);
    }
    // Classes without a net demand change places when asked to.
    setting.rules.allocation = Allocation::roulette;
    setting.rules.exchange = 0.1;
    const Outcome exchanged = run(setting);
    CHECK(exchanged.result.cells() == setting.rules.demand);
    std::int64_t gone = 0, changed = 0;
    for (std::size_t i = 0; i < setting.cells.size(); ++i) {
        gone += setting.cells[i] == 4 && exchanged.cells[i] != 4;
        changed += setting.cells[i] != exchanged.cells[i];
    }
    CHECK(gone > 20);
    CHECK(changed > 350);
    // A demand that is met already, with and without an exchange.
    setting.rules.demand = before;
    CHECK(run(setting).cells != setting.cells);
    CHECK(run(setting).result.cells() == before);
    setting.rules.exchange = 0;
    CHECK(run(setting).result.history.size() == 1);
    CHECK(run(setting).cells == setting.cells);
}

TEST_CASE("likeliest takes the cells of the largest transition probability", "[land_simulation]") {
    // A row of class 1 with class 2 below it; each upper cell has the suitability of its position for class 2.
    Setting setting;
    setting.width = 20;
    setting.height = 2;
    setting.rules.kernel = {2, 1, std::vector<float>(4, 1.0F), CentreCount::isolated};
    setting.rules.weights = {1, 1};
    setting.rules.allocation = Allocation::likeliest;
    setting.rules.acceleration = 1;
    for (int i = 0; i < 40; ++i) {
        setting.cells.push_back(i < 20 ? 1 : 2);
        setting.suitability.push_back(1000);
        setting.suitability.push_back(static_cast<std::uint16_t>(i < 20 ? 1000 + (i * 7) % 20 * 3000 : 1000));
    }
    setting.fixed.assign(40, 0);
    setting.rules.demand = {15, 25};
    const Outcome outcome = run(setting);
    CHECK(outcome.result.history.size() == 2);
    for (int i = 1; i < 19; ++i) {
        INFO(i);
        // Inner cells have three neighbours of class 2 of five, so TP goes by the suitability: the five largest.
        CHECK((outcome.cells[static_cast<std::size_t>(i)] == 2) == ((i * 7) % 20 >= 15));
    }
}

TEST_CASE("no forbidden conversion, no lost cell and no fixed cell changed in 1000 random settings",
          "[land_simulation]") {
    std::mt19937 random(77);
    int met = 0, stuck = 0, moved = 0;
    for (int round = 0; round < 1000; ++round) {
        const std::size_t n = round % 10 == 9 ? 9 + random() % 4 : 2 + random() % 5;
        Setting setting = patches(12, 10, n, random());
        AutomatonRules& rules = setting.rules;
        rules.kernel.radius = random() % 4 ? 1 : 2;
        rules.kernel.centre = random() % 2 ? CentreCount::isolated : CentreCount::excluded;
        for (std::size_t i = 0; i < n * n; ++i)
            if (i % (n + 1) && random() % 3 == 0) rules.kernel.ease[i] = random() % 2 ? 0 : 0.5F;
        for (double& weight : rules.weights) weight = 0.05 + static_cast<double>(random() % 100) / 100;
        for (auto& fixed : setting.fixed) fixed = random() % 8 == 0;
        for (auto& value : setting.suitability)
            if (random() % 6 == 0) value = 0;
        rules.allocation = random() % 2 ? Allocation::roulette : Allocation::likeliest;
        rules.control = random() % 4 ? Control::gap : Control::inertia;
        rules.acceleration = random() % 2 ? 0.1 : 0.5;
        rules.exchange = random() % 3 ? 0 : 0.1;
        rules.iterations = 60;
        if (random() % 3 == 0) rules.patches = PatchRules{0.05, 0.5, 0.5, 0.05};
        const auto before = setting.counts();
        const std::int64_t total = std::accumulate(before.begin(), before.end(), std::int64_t{0});
        std::vector<double> shares;
        for (const std::int64_t count : before)
            shares.push_back(static_cast<double>(count) + static_cast<double>(random() % 30));
        rules.demand = reach_of(setting.groups(), largest_remainder(shares, total)).nearest;

        const Outcome outcome = run(setting);
        INFO("round " << round);
        std::vector<std::int64_t> counts(n);
        for (std::size_t i = 0; i < setting.cells.size(); ++i) {
            const int from = setting.cells[i], to = outcome.cells[i];
            if (to) ++counts[static_cast<std::size_t>(to) - 1];
            if (from == to) continue;
            ++moved;
            if (from == 0 || to == 0 || setting.fixed[i] ||
                !(rules.kernel.ease[static_cast<std::size_t>(from - 1) * n + static_cast<std::size_t>(to) - 1] > 0) ||
                setting.suitability[i * n + static_cast<std::size_t>(to) - 1] == 0)
                FAIL("cell " << i << " went from " << from << " to " << to);
        }
        CHECK(counts == outcome.result.cells());
        CHECK(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) == total);
        if (rules.control == Control::gap)
            for (std::size_t t = 1; t < outcome.result.history.size(); ++t)
                CHECK(missing_cells(rules.demand, outcome.result.history[t].cells) <=
                      missing_cells(rules.demand, outcome.result.history[t - 1].cells));
        CHECK(outcome.result.history.back().iteration <= rules.iterations);
        met += outcome.result.reason == StopReason::met;
        stuck += outcome.result.reason == StopReason::stuck;
        if (outcome.result.reason == StopReason::met) CHECK(counts == rules.demand);
    }
    // Most demands are met; a few maps of 120 cells leave no way through their neighbourhoods.
    CHECK(met > 800);
    CHECK(stuck < 200);
    CHECK(moved > 10000);
}

TEST_CASE("the same map for any threads and tiles", "[land_simulation]") {
    Setting setting = patches(150, 130, 5, 9);
    const auto before = setting.counts();
    setting.rules.demand = {before[0] + 700, before[1] - 900, before[2] + 200, before[3], before[4]};
    setting.rules.exchange = 0.02;
    for (int way = 0; way < 4; ++way) {
        setting.rules.allocation = way == 1 ? Allocation::likeliest : Allocation::roulette;
        setting.rules.control = way == 2 ? Control::inertia : Control::gap;
        setting.rules.iterations = way == 2 ? 20 : 300;
        setting.rules.patches.reset();
        if (way == 3) setting.rules.patches = PatchRules{0.01, 0.5, 0.5, 0.05};
        const Outcome first = run(setting, 1, {1000, 1000});
        for (const auto& [threads, tile] :
             {std::pair{1, TileSweeps::Shape{64, 64}}, std::pair{2, TileSweeps::Shape{7, 5}},
              std::pair{8, TileSweeps::Shape{33, 128}}, std::pair{8, TileSweeps::Shape{150, 1}}}) {
            INFO("way " << way << ", " << threads << " threads, tiles of " << tile.width << " x " << tile.height);
            const Outcome other = run(setting, threads, tile);
            CHECK((other.cells == first.cells));
            CHECK(other.result.history.size() == first.result.history.size());
            CHECK(other.result.cells() == first.result.cells());
        }
        // Another seed, another map.
        if (setting.rules.allocation == Allocation::likeliest) continue;
        Setting again = setting;
        ++again.rules.seed;
        CHECK(run(again).cells != first.cells);
    }
}

TEST_CASE("inertia steers towards the demand", "[land_simulation]") {
    Setting setting = patches(100, 100, 3, 4);
    const auto before = setting.counts();
    setting.rules.demand = {before[0] + 800, before[1] - 800, before[2]};
    setting.rules.control = Control::inertia;
    setting.rules.iterations = 100;
    const Outcome outcome = run(setting);
    CHECK(outcome.result.cells() == setting.rules.demand);
    // Each record follows from the two before it by the three cases.
    const auto& history = outcome.result.history;
    bool adapted = false;
    for (std::size_t t = 1; t < history.size(); ++t)
        for (std::size_t k = 0; k < 3; ++k) {
            const std::int64_t gap = setting.rules.demand[k] - history[t].cells[k];
            const std::int64_t last = setting.rules.demand[k] - history[t - 1].cells[k];
            CHECK(history[t].inertia[k] ==
                  std::clamp(adapted_inertia(history[t - 1].inertia[k], gap, last), 1e-6, 1e6));
            adapted = adapted || history[t].inertia[k] != 1;
        }
    CHECK(adapted);
}

TEST_CASE("a simulation that cannot go on says so in bounded iterations", "[land_simulation]") {
    // Class 2 is on an island that no other land touches.
    Setting setting = patches(12, 10, 2, 3);
    for (std::size_t i = 0; i < setting.cells.size(); ++i) {
        const std::size_t x = i % 12;
        setting.cells[i] = x < 3 ? 2 : x < 5 ? 0 : 1;
    }
    setting.rules.demand = {60, 54};
    // 30 cells of class 2 and 84 - ... of class 1: 7 columns of 10.
    const auto before = setting.counts();
    setting.rules.demand = {before[0] - 10, before[1] + 10};
    const Outcome outcome = run(setting);
    CHECK(outcome.result.reason == StopReason::stuck);
    CHECK(outcome.result.history.back().iteration < 30);
    CHECK(outcome.cells == setting.cells);
    // Patches reach it.
    setting.rules.patches = PatchRules{0.05, 0.5, 0.5, 0.05};
    CHECK(run(setting).result.reason == StopReason::met);
    // The limit of iterations.
    setting = patches(60, 50, 3, 5);
    const auto counts = setting.counts();
    setting.rules.demand = {counts[0] + 100, counts[1] - 100, counts[2]};
    setting.rules.iterations = 4;
    CHECK(run(setting).result.reason == StopReason::limit);
    CHECK(run(setting).result.cells()[0] == counts[0] + 40);
    // A tolerance.
    setting.rules.iterations = 300;
    setting.rules.tolerance = 0.02;
    const Outcome near = run(setting);
    CHECK(near.result.reason == StopReason::tolerance);
    CHECK(missing_cells(setting.rules.demand, near.result.cells()) == 50);
}

TEST_CASE("a class of one cell and many classes", "[land_simulation]") {
    Setting setting = patches(30, 30, 3, 8);
    for (int& number : setting.cells)
        if (number == 3) number = 1;
    setting.cells[435] = 3;
    setting.rules.demand = setting.counts();
    setting.rules.demand[0] -= 12;
    setting.rules.demand[2] += 12;
    const Outcome grown = run(setting);
    CHECK(grown.result.cells() == setting.rules.demand);
    CHECK(grown.cells[435] == 3);
    // It may vanish too.
    setting.rules.demand = setting.counts();
    setting.rules.demand[0] += 1;
    setting.rules.demand[2] = 0;
    CHECK(run(setting).result.cells()[2] == 0);
    // 254 classes.
    Setting many = patches(80, 80, 254, 2);
    const auto before = many.counts();
    many.rules.demand = before;
    std::int64_t taken = 0;
    for (std::size_t k = 0; k < 127; ++k)
        if (before[k] > 2 && before[k + 127] > 0) {
            many.rules.demand[k] -= 2;
            many.rules.demand[k + 127] += 2;
            ++taken;
        }
    CHECK(taken > 20);
    CHECK(run(many).result.cells() == many.rules.demand);
}

TEST_CASE("a simulation is stopped between tiles", "[land_simulation]") {
    Setting setting = patches(60, 50, 3, 5);
    setting.rules.demand[0] -= 100;
    setting.rules.demand[1] += 100;
    AutomatonMaps maps = setting.maps();
    std::atomic<bool> cancel{false};
    TileSweeps sweeps(setting.width, setting.height, {16, 16}, 2, cancel);
    double last = 0;
    CHECK_THROWS_AS(run_automaton(maps, setting.rules, setting.counts(), sweeps,
                                  [&](double share) {
                                      CHECK(share >= last);
                                      CHECK(share <= 1);
                                      last = share;
                                      cancel = true;
                                  }),
                    Cancelled);
    CHECK(last > 0);
}
