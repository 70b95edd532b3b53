// Land Carbon Toolbox: what the kernels cost a cell.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "maths/cross_table.hpp"
#include "maths/exact_sum.hpp"

using namespace landcarbon;

namespace {

constexpr std::size_t cells = 1 << 18;

/// Classes 1..6 in runs of the given mean length.
std::vector<std::uint16_t> classes_in_runs(double mean_run, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::uint16_t> classes(cells);
    std::uint16_t current = 1;
    for (auto& cell : classes) {
        if (static_cast<double>(random()) / 4294967296.0 < 1 / mean_run)
            current = static_cast<std::uint16_t>(random() % 6 + 1);
        cell = current;
    }
    return classes;
}

void cross_table(benchmark::State& state) {
    const auto from = classes_in_runs(static_cast<double>(state.range(0)), 1);
    const auto to = classes_in_runs(static_cast<double>(state.range(0)), 2);
    CrossTable table(state.range(1) != 0);
    const FixedArea area = FixedArea::from(900);
    for (auto _ : state) table.add(from.data(), to.data(), cells, 7, area);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * cells));
}
BENCHMARK(cross_table)
    ->ArgNames({"run", "geographic"})
    ->Args({1, 0})
    ->Args({4, 0})
    ->Args({32, 0})
    ->Args({4, 1})
    ->Args({32, 1});

void exact_sum(benchmark::State& state) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    std::vector<double> terms(cells);
    for (double& term : terms) term = normal(random) * 100;
    for (auto _ : state) {
        ExactSum sum;
        for (const double term : terms) sum.add(term);
        benchmark::DoNotOptimize(sum.value());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * cells));
}
BENCHMARK(exact_sum);

/// The yardstick of exact_sum: a plain loop.
void plain_sum(benchmark::State& state) {
    std::vector<double> terms(cells, 1.5);
    for (auto _ : state) {
        double sum = 0;
        for (const double term : terms) sum += term;
        benchmark::DoNotOptimize(sum);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * cells));
}
BENCHMARK(plain_sum);

}  // namespace
