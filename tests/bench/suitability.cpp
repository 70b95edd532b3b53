// Land Carbon Toolbox: what applying a model of suitability costs a cell.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>

#include <vector>

#include "land_simulation/suitability/suitability_model.hpp"
#include "maths/counter_random.hpp"
#include "maths/wide.hpp"

using namespace landcarbon;

namespace {

constexpr std::size_t cells = 1 << 16;

/// Six classes from nine drivers with 13 hidden neurons, or without a hidden layer; range(1) is the width of vectors.
void network(benchmark::State& state) {
    const VectorWidth before = vector_width();
    set_vector_width(static_cast<VectorWidth>(state.range(1)));
    SuitabilityModel model;
    model.hidden = static_cast<std::size_t>(state.range(0));
    model.method = model.hidden ? SuitabilityMethod::neural_network : SuitabilityMethod::logistic;
    for (int k = 0; k < 6; ++k) model.classes.push_back({k, ""});
    for (int d = 0; d < 9; ++d) model.drivers.push_back({"", 0, 1});
    const RandomStream random = RandomStream::of(1, 0, 0);
    for (std::size_t i = 0; i < shape_of(model).weights(); ++i)
        model.weights.push_back(2 * random_unit(random.bits(i)) - 1);
    std::vector<std::vector<float>> inputs(9, std::vector<float>(cells)), outputs(6, std::vector<float>(cells));
    std::vector<const float*> from;
    std::vector<float*> to;
    for (std::size_t d = 0; d < 9; ++d) {
        for (std::size_t i = 0; i < cells; ++i)
            inputs[d][i] = static_cast<float>(random_unit(random.bits(1000 + d * cells + i)));
        from.push_back(inputs[d].data());
    }
    for (auto& band : outputs) to.push_back(band.data());
    const SuitabilityPredictor predictor(model);
    for (auto _ : state) {
        predictor(from.data(), nullptr, cells, to.data());
        benchmark::ClobberMemory();
    }
    state.counters["ns/cell"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(cells) / 1e9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    set_vector_width(before);
}

BENCHMARK(network)->ArgsProduct({{13, 0}, {0, 1, 2}})->ArgNames({"hidden", "width"});

}  // namespace
