// Land Carbon Toolbox: the fast trend kernel equals the reference, bit for bit, with all instructions there are.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/trend_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "maths/trend_kernel_plan.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

std::vector<VectorWidth> widths() {
    std::vector<VectorWidth> usable = {VectorWidth::baseline};
    if (vector_width() >= VectorWidth::avx2) usable.push_back(VectorWidth::avx2);
    if (vector_width() >= VectorWidth::avx512) usable.push_back(VectorWidth::avx512);
    return usable;
}

/// What may be wanted: all, what classes need, p alone, the line without bounds, a bound alone.
const std::vector<std::vector<std::size_t>> choices_of_bands = {
    {slope_band, intercept_band, z_band, p_band, tau_band, s_band, n_band, lower_band, upper_band},
    {slope_band, z_band, p_band},
    {p_band},
    {intercept_band, tau_band},
    {upper_band, s_band}};

/// Values that differ from the reference, over all choices of bands and all widths.
std::size_t differing(const std::vector<std::vector<float>>& steps, const std::vector<double>& times,
                      const TrendSettings& settings) {
    const std::size_t series = steps[0].size();
    std::vector<const float*> pointers;
    for (const auto& step : steps) pointers.push_back(step.data());
    const TrendKernel kernel(times, settings);
    std::size_t wrong = 0;
    std::vector<SeriesTrend> expected;
    for (std::size_t i = 0; i < series; ++i) {
        std::vector<float> values;
        for (const auto& step : steps) values.push_back(step[i]);
        expected.push_back(trend_of(values.data(), times.data(), times.size(), settings));
    }
    for (const auto width : widths())
        for (const auto& wanted : choices_of_bands) {
            std::vector<std::vector<float>> found(trend_bands, std::vector<float>(series, -7));
            TrendBands bands{};
            for (const std::size_t b : wanted) bands[b] = found[b].data();
            kernel.run(pointers.data(), series, bands, width);
            for (std::size_t i = 0; i < series; ++i) {
                const SeriesTrend& t = expected[i];
                const double all[] = {t.slope, t.intercept, t.z, t.p, t.tau, t.s, t.n, t.lower, t.upper};
                for (const std::size_t b : wanted) {
                    const auto e = static_cast<float>(all[b]);
                    const float f = found[b][i];
                    if (std::isnan(e) ? !std::isnan(f) : std::memcmp(&e, &f, sizeof e) != 0) ++wrong;
                }
            }
        }
    return wrong;
}

std::vector<std::vector<float>> noise(std::size_t steps, std::size_t series, double gaps, double grain, double scale,
                                      unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<std::vector<float>> result(steps, std::vector<float>(series));
    for (auto& step : result)
        for (float& value : step) {
            double v = normal(random);
            if (grain > 0) v = std::round(v / grain) * grain;
            value = static_cast<float>(v * scale);
            if (static_cast<double>(random()) / 4294967296.0 < gaps) value = std::numeric_limits<float>::quiet_NaN();
        }
    return result;
}

std::vector<double> years(std::size_t steps) {
    std::vector<double> result;
    for (std::size_t i = 0; i < steps; ++i) result.push_back(2001 + static_cast<double>(i));
    return result;
}

}  // namespace

TEST_CASE("trend kernel: equals the reference for any length, with gaps and ties", "[trend_kernel]") {
    for (const std::size_t steps : {2, 3, 4, 5, 8, 10, 11, 23, 24, 40, 65, 70})
        for (const double gaps : {0.0, 0.1, 0.6})
            for (const double grain : {0.0, 0.5}) {
                INFO(steps << " steps, gaps " << gaps << ", grain " << grain);
                TrendSettings settings;
                const std::size_t series = steps < 30 ? 83 : 37;
                CHECK(differing(noise(steps, series, gaps, grain, 1, static_cast<unsigned>(steps)), years(steps),
                                settings) == 0);
                settings.min_valid = static_cast<std::int64_t>(steps / 2);
                settings.confidence = 0.99;
                settings.p_value = PValue::normal;
                CHECK(differing(noise(steps, series, gaps, grain, 1, 77), years(steps), settings) == 0);
            }
}

TEST_CASE("trend kernel: uneven years and values of all sizes", "[trend_kernel]") {
    const std::vector<double> uneven = {1985, 1990, 1990.25, 1997, 2000, 2003, 2010, 2011, 2012.5, 2024};
    for (const double scale : {1.0, 1e-3, 1e4, 1e18, 1e30, 3e37, 1e-15, 1e-30, 1e-42}) {
        INFO("scale " << scale);
        CHECK(differing(noise(10, 64, 0.1, 0, scale, 5), uneven, {}) == 0);
        CHECK(differing(noise(10, 64, 0.1, 0.25, scale, 6), uneven, {}) == 0);
    }
    // Times so near or far that inverses do not serve.
    CHECK(differing(noise(6, 40, 0.1, 0, 1, 9), {0, 1e-9, 1, 2, 1e9, 2e9}, {}) == 0);
}

TEST_CASE("trend kernel: signed zeros, constants, lines, nothing at all", "[trend_kernel]") {
    const float gap = std::numeric_limits<float>::quiet_NaN();
    const float top = std::numeric_limits<float>::max();
    const std::vector<std::vector<float>> kinds = {{0.0f, -0.0f, 0.0f, -0.0f, -0.0f, 0.0f},
                                                   {5, 5, 5, 5, 5, 5},
                                                   {1, 2, 3, 4, 5, 6},
                                                   {gap, gap, gap, gap, gap, gap},
                                                   {gap, 3, gap, gap, gap, 4},
                                                   {gap, 3, gap, gap, gap, gap},
                                                   {top, -top, top, -top, 0, 1},
                                                   {-1, -0.0f, 1, gap, 0, -1},
                                                   {1e-45f, -1e-45f, 0, 1, 2, 1e-45f}};
    std::vector<std::vector<float>> steps(6);
    for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t round = 0; round < 5; ++round)
            for (const auto& kind : kinds) steps[i].push_back(kind[i]);
    CHECK(differing(steps, years(6), {}) == 0);

    // The line 1..6 from 2001 on: slope 1, intercept -2000, S 15, exact p 2/720.
    const float line[] = {1, 2, 3, 4, 5, 6};
    std::vector<const float*> pointers;
    for (const float& value : line) pointers.push_back(&value);
    std::vector<float> found(trend_bands);
    TrendBands bands;
    for (std::size_t b = 0; b < trend_bands; ++b) bands[b] = &found[b];
    TrendKernel(years(6), {}).run(pointers.data(), 1, bands);
    CHECK(found[0] == 1);
    CHECK(found[1] == -2000);
    CHECK(found[3] == Approx(2.0 / 720));
    CHECK(found[4] == 1);
    CHECK(found[5] == 15);
    CHECK(found[6] == 6);
    CHECK(found[7] == 1);
    CHECK(found[8] == 1);
}

TEST_CASE("trend kernel: slopes that are far from where least squares look for them", "[trend_kernel]") {
    std::mt19937 random(21);
    std::cauchy_distribution<float> wild;
    std::normal_distribution<float> normal;
    constexpr std::size_t count = 24, series = 16 * 12 + 5;
    std::vector<std::vector<float>> steps(count, std::vector<float>(series));
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t k = 0; k < series; ++k) {
            const auto t = static_cast<float>(i);
            float& value = steps[i][k];
            // Whole vectors of one kind, so that each can fail and come out right by itself; then all kinds mixed.
            switch (k < 16 * 8 ? k / 16 : k % 8) {
                case 0:
                    value = wild(random);
                    break;  // outliers
                case 1:
                    value = 100 * t + normal(random);
                    break;  // steep
                case 2:
                    value = 0.25f * t + (i == 23 ? 1e6f : 0.0f);
                    break;  // a line but for one value
                case 3:
                    value = i < 13 ? 1.0f : 1.0f + normal(random);
                    break;  // half of it level
                case 4:
                    value = 0;
                    break;  // level
                case 5:
                    value = std::round(normal(random));
                    break;  // few values
                case 6:
                    value = i % 2 == 0 ? 1e30f : -1e30f * normal(random);
                    break;  // squares overflow
                default:
                    value = t * t * t + 1e-3f * normal(random);  // curved
            }
            if (k >= 16 * 10 && (i * 7 + k) % 5 == 0) value = std::numeric_limits<float>::quiet_NaN();
        }
    CHECK(differing(steps, years(count), {}) == 0);
    TrendSettings settings;
    settings.min_valid = 22;
    CHECK(differing(steps, years(count), settings) == 0);
}

TEST_CASE("trend kernel: the other methods and long series go by the reference", "[trend_kernel]") {
    for (const auto method : {TrendMethod::hamed_rao, TrendMethod::yue_wang, TrendMethod::prewhitening,
                              TrendMethod::trend_free_prewhitening, TrendMethod::seasonal}) {
        TrendSettings settings;
        settings.method = method;
        settings.period = 4;
        CHECK(differing(noise(16, 20, 0.1, 0.5, 1, 3), years(16), settings) == 0);
    }
    CHECK(differing(noise(201, 3, 0.1, 0.5, 1, 3), years(201), {}) == 0);
    CHECK(differing(noise(200, 17, 0.1, 0.5, 1, 3), years(200), {}) == 0);
}

TEST_CASE("sorting networks bring the wanted ranks to their places", "[trend_kernel]") {
    std::mt19937 random(1);
    for (const std::size_t size : {1, 2, 3, 7, 24, 100, 276})
        for (const std::size_t first : {std::size_t{0}, size / 3, size / 2}) {
            const std::size_t last = std::min(size - 1, size / 2 + size / 5);
            const auto network = sorting_network(size, first, last);
            for (int round = 0; round < 20; ++round) {
                std::vector<int> values;
                for (std::size_t i = 0; i < size; ++i) values.push_back(static_cast<int>(random() % (2 * size)));
                auto sorted = values;
                std::sort(sorted.begin(), sorted.end());
                using Keep = SortingNetwork::Keep;
                // What is not kept is spoilt, so that nobody can have used it.
                const auto exchange = [&](std::size_t a, std::size_t b, Keep keep) {
                    const int low = std::min(values[a], values[b]), high = std::max(values[a], values[b]);
                    values[a] = keep == Keep::upper ? -1 : low;
                    values[b] = keep == Keep::lower ? -1 : high;
                };
                for (const auto& run : network.runs)
                    for (auto e = run.begin; e < run.end; ++e) {
                        if (run.keep == Keep::fours) {
                            const auto [a, b, c, d] = network.fours[e];
                            exchange(a, b, Keep::both);
                            exchange(c, d, Keep::both);
                            exchange(a, c, Keep::both);
                            exchange(b, d, Keep::both);
                        } else if (run.keep == Keep::threes) {
                            const auto [a, b, c, d] = network.threes[e];
                            exchange(a, b, Keep::both);
                            exchange(c, d, Keep::both);
                            exchange(a, d, Keep::both);
                        } else {
                            exchange(network.exchanges[e].a, network.exchanges[e].b, run.keep);
                        }
                    }
                bool right = true;
                for (std::size_t i = first; i <= last; ++i) right = right && values[i] == sorted[i];
                CHECK(right);
            }
        }
}
