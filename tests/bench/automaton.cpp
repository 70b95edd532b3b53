// Land Carbon Toolbox: what a step of the land-simulation automaton costs a cell.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "land_simulation/automaton.hpp"

using namespace landcarbon;

namespace {

constexpr int side = 1024;

/// Six classes in square patches of `patch` cells a side (1: every cell by chance), random suitabilities.
AutomatonMaps patchy(int patch, int radius) {
    constexpr std::size_t classes = 6;
    AutomatonMaps maps(side, side, radius, classes);
    const RandomStream kinds = RandomStream::of(1, 0, 0), values = RandomStream::of(2, 0, 0);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const auto block = static_cast<std::uint64_t>(y / patch) * side + static_cast<std::uint64_t>(x / patch);
            const auto number = static_cast<std::uint8_t>(1 + kinds.bits(block) % classes);
            maps.cells.filled_row(y)[x] = number;
            maps.start[static_cast<std::size_t>(y) * side + static_cast<std::size_t>(x)] = number;
        }
    for (std::size_t i = 0; i < maps.suitability.size(); ++i)
        maps.suitability[i] = static_cast<std::uint16_t>(values.bits(i));
    return maps;
}

TransitionKernel kernel_of(int radius, Allocation allocation) {
    TransitionKernel::Step step;
    step.allocation = allocation;
    step.weights.assign(6, 1);
    step.inertia.assign(6, 1);
    step.wanted.assign(36, 1);
    return {{6, radius, std::vector<float>(36, 1.0F), CentreCount::isolated}, step};
}

/// All cells propose: neighbours, transition probabilities, roulette.
void propose(benchmark::State& state) {
    const int radius = static_cast<int>(state.range(1)) / 2;
    AutomatonMaps maps = patchy(static_cast<int>(state.range(0)), radius);
    const TransitionKernel kernel =
        kernel_of(radius, state.range(2) ? Allocation::likeliest : Allocation::roulette);
    Proposals proposals = kernel.none();
    for (auto _ : state)
        for (int y = 0; y < side; y += 128)
            for (int x = 0; x < side; x += 256) kernel.propose(maps, {x, y, 256, 128}, proposals);
    state.SetItemsProcessed(state.iterations() * side * side);
}
BENCHMARK(propose)
    ->ArgNames({"patch", "window", "likeliest"})
    ->Args({1, 3, 0})
    ->Args({3, 3, 0})
    ->Args({8, 3, 0})
    ->Args({32, 3, 0})
    ->Args({8, 9, 0})
    ->Args({8, 3, 1})
    ->Unit(benchmark::kMillisecond);

/// A whole simulation with one thread: ten iterations, each with its accepted conversions; cells times iterations.
void simulate(benchmark::State& state) {
    AutomatonRules rules;
    rules.kernel = {6, 1, std::vector<float>(36, 1.0F), CentreCount::isolated};
    rules.weights.assign(6, 1);
    std::int64_t steps = 0;
    for (auto _ : state) {
        state.PauseTiming();
        AutomatonMaps maps = patchy(static_cast<int>(state.range(0)), 1);
        std::vector<std::int64_t> cells(6);
        for (const std::uint8_t number : maps.start) ++cells[number - std::size_t{1}];
        rules.demand = cells;
        rules.demand[0] += side * side / 20;
        rules.demand[1] -= side * side / 20;
        const std::atomic<bool> cancel{false};
        TileSweeps sweeps(side, side, {}, 1, cancel);
        state.ResumeTiming();
        steps += run_automaton(maps, rules, cells, sweeps, [](double) {}).history.back().iteration;
    }
    state.SetItemsProcessed(steps * side * side);
}
BENCHMARK(simulate)->ArgName("patch")->Arg(1)->Arg(8)->Arg(32)->Unit(benchmark::kMillisecond);

}  // namespace
