// Land Carbon Toolbox: what the kernels cost a cell.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "maths/counter_random.hpp"
#include "maths/cross_table.hpp"
#include "maths/exact_sum.hpp"
#include "maths/natural_breaks.hpp"
#include "maths/trend_kernel.hpp"
#include "maths/value_sample.hpp"
#include "maths/wide.hpp"
#include "time_series/hurst/hurst.hpp"
#include "time_series/partial_correlation/partial_correlation.hpp"
#include "time_series/variability/variability.hpp"

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

/// Steps of series of noise: a share of gaps, and values rounded to multiples of `grain` (0: not), which makes ties.
std::vector<std::vector<float>> noise(std::size_t steps, std::size_t series, double gaps, double grain) {
    std::mt19937 random(7);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    std::vector<std::vector<float>> values(steps, std::vector<float>(series));
    for (auto& step : values)
        for (float& value : step) {
            const double v = normal(random);
            value = static_cast<float>(grain > 0 ? std::round(v / grain) * grain : v);
            if (uniform(random) < gaps) value = std::numeric_limits<float>::quiet_NaN();
        }
    return values;
}

constexpr std::size_t trend_series = 1 << 14;

/// `trend`: all nine bands (parts 2), what classes need (1), p alone (0).
void trend_kernel(benchmark::State& state) {
    const auto steps = static_cast<std::size_t>(state.range(0));
    const auto values = noise(steps, trend_series, static_cast<double>(state.range(1)) / 100,
                              static_cast<double>(state.range(2)) / 100);
    std::vector<const float*> pointers;
    std::vector<double> times;
    for (const auto& step : values) {
        pointers.push_back(step.data());
        times.push_back(2000 + static_cast<double>(times.size()));
    }
    const TrendKernel kernel(times, {});
    std::vector<float> found(trend_bands * trend_series);
    TrendBands bands;
    for (std::size_t band = 0; band < trend_bands; ++band) {
        const bool wanted =
            state.range(4) == 2 || band == p_band || (state.range(4) == 1 && (band == slope_band || band == z_band));
        bands[band] = wanted ? found.data() + band * trend_series : nullptr;
    }
    const auto width = static_cast<VectorWidth>(state.range(3));
    if (width > vector_width()) {
        state.SkipWithError("this processor has no such vectors");
        return;
    }
    for (auto _ : state) {
        kernel.run(pointers.data(), trend_series, bands, width);
        benchmark::DoNotOptimize(found.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trend_series));
}
BENCHMARK(trend_kernel)
    ->ArgNames({"steps", "gaps%", "grain%", "width", "parts"})
    ->Args({24, 0, 0, 0, 2})
    ->Args({24, 0, 0, 1, 2})
    ->Args({24, 0, 0, 2, 2})
    ->Args({24, 10, 0, 1, 2})
    ->Args({24, 10, 0, 2, 2})
    ->Args({24, 0, 25, 1, 2})
    ->Args({24, 0, 25, 2, 2})
    ->Args({24, 0, 0, 1, 1})
    ->Args({24, 10, 0, 2, 1})
    ->Args({24, 0, 0, 2, 1})
    ->Args({40, 0, 0, 2, 1})
    ->Args({24, 0, 25, 2, 1})
    ->Args({24, 0, 0, 2, 0})
    ->Args({40, 0, 0, 1, 2})
    ->Args({40, 0, 0, 2, 2});

/// The yardstick of trend_kernel: slope and S only, series by series, with std::nth_element.
void plain_trend(benchmark::State& state) {
    const auto steps = static_cast<std::size_t>(state.range(0));
    const auto values = noise(steps, trend_series, 0, 0);
    std::vector<float> series(steps), slopes(steps * (steps - 1) / 2), found(trend_series), scores(trend_series);
    for (auto _ : state) {
        for (std::size_t cell = 0; cell < trend_series; ++cell) {
            for (std::size_t i = 0; i < steps; ++i) series[i] = values[i][cell];
            std::size_t k = 0;
            int s = 0;
            for (std::size_t i = 0; i < steps; ++i)
                for (std::size_t j = i + 1; j < steps; ++j) {
                    const float rise = series[j] - series[i];
                    slopes[k++] = rise / static_cast<float>(j - i);
                    s += (rise > 0) - (rise < 0);
                }
            const auto half = slopes.begin() + static_cast<std::ptrdiff_t>(k / 2);
            std::nth_element(slopes.begin(), half, slopes.end());
            found[cell] = k % 2 != 0 ? *half : 0.5f * (*half + *std::max_element(slopes.begin(), half));
            scores[cell] = static_cast<float>(s);
        }
        benchmark::DoNotOptimize(found.data());
        benchmark::DoNotOptimize(scores.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trend_series));
}
BENCHMARK(plain_trend)->ArgName("steps")->Arg(24)->Arg(40);

/// Holds vectors down to a width while it lives; false where the processor lacks it.
class HeldWidth {
public:
    explicit HeldWidth(benchmark::State& state, std::int64_t width) : usual_(vector_width()) {
        if (static_cast<VectorWidth>(width) > usual_) state.SkipWithError("this processor has no such vectors");
        set_vector_width(static_cast<VectorWidth>(width));
    }
    ~HeldWidth() { set_vector_width(usual_); }

private:
    VectorWidth usual_;
};

void hurst_kernel(benchmark::State& state) {
    const auto steps = static_cast<std::size_t>(state.range(0));
    const auto values = noise(steps, trend_series, static_cast<double>(state.range(2)) / 100, 0);
    const HeldWidth held(state, state.range(3));
    std::vector<const float*> series;
    for (const auto& step : values) series.push_back(step.data());
    HurstConvention convention;
    convention.method = state.range(1) ? HurstMethod::chunks : HurstMethod::expanding;
    HurstKernel kernel(convention, steps, steps / 2);
    std::vector<double> hurst(trend_series), error(trend_series), fit(trend_series);
    std::vector<HurstState> states(trend_series);
    for (auto _ : state) {
        kernel(series, trend_series, hurst.data(), error.data(), fit.data(), states.data());
        benchmark::DoNotOptimize(hurst.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trend_series));
}
BENCHMARK(hurst_kernel)
    ->ArgNames({"steps", "chunks", "gaps%", "width"})
    ->Args({24, 0, 0, 0})
    ->Args({24, 0, 0, 1})
    ->Args({24, 0, 0, 2})
    ->Args({24, 0, 10, 2})
    ->Args({24, 1, 0, 2});

void partial_kernel(benchmark::State& state) {
    const auto steps = static_cast<std::size_t>(state.range(0));
    const auto drivers = static_cast<std::size_t>(state.range(1));
    const auto values = noise(steps * (drivers + 1), trend_series, static_cast<double>(state.range(2)) / 100, 0);
    const HeldWidth held(state, state.range(3));
    std::vector<const float*> series;
    for (const auto& step : values) series.push_back(step.data());
    const CorrelationTest test(1, steps);
    PartialCorrelationKernel kernel(drivers, steps, steps / 2, test);
    std::vector<double> r(drivers * trend_series), p(drivers * trend_series), n(trend_series);
    std::vector<PartialState> states(trend_series);
    for (auto _ : state) {
        kernel(series, trend_series, r.data(), p.data(), n.data(), states.data());
        benchmark::DoNotOptimize(r.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trend_series));
}
BENCHMARK(partial_kernel)
    ->ArgNames({"steps", "drivers", "gaps%", "width"})
    ->Args({24, 3, 0, 0})
    ->Args({24, 3, 0, 1})
    ->Args({24, 3, 0, 2})
    ->Args({24, 2, 0, 2})
    ->Args({24, 3, 3, 2});

/// All divisions into 1 to the given number of classes. Log-normal values: natural breaks of skewed maps.
void natural_breaks(benchmark::State& state) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> skewed;
    std::vector<double> drawn(static_cast<std::size_t>(state.range(0)));
    for (double& value : drawn) value = skewed(random);
    const CountedValues values = count_values(drawn);
    for (auto _ : state)
        benchmark::DoNotOptimize(NaturalBreaks(values, static_cast<int>(state.range(1))).most_classes());
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(natural_breaks)
    ->ArgNames({"values", "classes"})
    ->Args({10000, 5})
    ->Args({20000, 12})
    ->Args({50000, 12})
    ->Args({100000, 5})
    ->Args({100000, 12})
    ->Args({1000000, 12})
    ->Unit(benchmark::kMillisecond);

/// Collecting a map's values. 0 distinct values: all different, so that soon only the sample is left.
void value_sample(benchmark::State& state) {
    std::vector<float> values(cells);
    for (std::size_t i = 0; i < cells; ++i) {
        const std::uint64_t bits = random_bits(1, i) >> 40;
        values[i] = static_cast<float>(state.range(0) ? bits % static_cast<std::uint64_t>(state.range(0)) : bits);
    }
    for (auto _ : state) {
        ValueSample sample(200000, 1);
        for (std::uint64_t pass = 0; pass < 16; ++pass) sample.add(values.data(), cells, pass * cells);
        benchmark::DoNotOptimize(sample.count());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * 16 * cells));
}
BENCHMARK(value_sample)->ArgName("distinct")->Arg(100)->Arg(10000)->Arg(150000)->Arg(0);

void variability_kernel(benchmark::State& state) {
    const auto steps = static_cast<std::size_t>(state.range(0));
    const auto values = noise(steps, trend_series, static_cast<double>(state.range(1)) / 100, 0);
    const HeldWidth held(state, state.range(2));
    std::vector<const float*> series;
    for (const auto& step : values) series.push_back(step.data());
    std::vector<float> mean(trend_series), deviation(trend_series), cv(trend_series), count(trend_series);
    for (auto _ : state) {
        variability_of(series, trend_series, steps / 2, VariabilityDeviation::sample,
                       {mean.data(), deviation.data(), cv.data(), count.data()});
        benchmark::DoNotOptimize(cv.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * trend_series));
}
BENCHMARK(variability_kernel)
    ->ArgNames({"steps", "gaps%", "width"})
    ->Args({24, 0, 0})
    ->Args({24, 0, 1})
    ->Args({24, 0, 2})
    ->Args({24, 10, 2});

}  // namespace
