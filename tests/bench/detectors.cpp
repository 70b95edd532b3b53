// Land Carbon Toolbox: benchmarks of the Geodetector on the rows of a table in memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "drivers/geodetector_table/geodetector_table.hpp"
#include "engine/run.hpp"

namespace {

using namespace landcarbon;

constexpr int factors = 9;

/// Rows of a response and nine factors of 5 to 13 classes each, the first of which explain it best.
std::string table_text(int rows) {
    std::mt19937 random(1);
    std::normal_distribution<double> normal(0, 3);
    std::string text = "y";
    for (int f = 0; f < factors; ++f) text += ",f" + std::to_string(f);
    for (int row = 0; row < rows; ++row) {
        double response = normal(random);
        std::string classes;
        for (int f = 0; f < factors; ++f) {
            const auto own = 1 + static_cast<int>(random() % static_cast<unsigned>(5 + f));
            response += own * static_cast<double>(factors - f) / factors;
            classes += ',' + std::to_string(own);
        }
        text += '\n' + std::to_string(response) + classes;
    }
    return text;
}

/// A million rows, all four detectors with 36 pairs, from a table that has been read to the findings; with `read` the
/// texts of its cells become numbers and strata first.
void geodetector_rows(benchmark::State& state) {
    static const InputTable table = InputTable::from_text("data", "rows", table_text(1000000));
    Spec spec;
    spec.id = "geodetector_table";
    RunOptions options;
    describe_run_options(spec, options);
    options.threads = state.range(0);
    Monitor silent;
    GeodetectorTableOptions choices;
    choices.response = "y";
    for (int f = 0; f < factors; ++f) choices.factors.push_back("f" + std::to_string(f));
    Run first(spec, options, silent);
    std::optional<TableObservations> rows(std::in_place, table, choices, first);
    for (auto _ : state) {
        Run run(spec, options, silent);
        if (state.range(1) != 0) rows.emplace(table, choices, run);
        benchmark::DoNotOptimize(find_drivers(*rows, choices.choices, run));
    }
}
BENCHMARK(geodetector_rows)
    ->ArgNames({"threads", "read"})
    ->ArgsProduct({{1, 2}, {0, 1}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
