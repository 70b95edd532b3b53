// Land Carbon Toolbox: Mann-Kendall and Theil-Sen for very many series at once.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/trend_kernel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include "maths/theil_sen.hpp"
#include "maths/trend_kernel_plan.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace landcarbon {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
/// Longer series go one by one: their slopes fill no cache, and whole numbers of 32 bits hold no larger scores.
constexpr std::size_t longest_for_vectors = 200;
/// Up to how many values p is tabulated.
constexpr std::size_t longest_tabulated = 64;
constexpr std::size_t alignment = 64;

}  // namespace

template <class T>
SeriesTrend trend_of(const T* values, const double* times, std::size_t steps, const TrendSettings& settings) {
    std::vector<double> series(values, values + steps);
    const bool seasonal = settings.method == TrendMethod::seasonal;
    const KendallScore score = kendall_score(values, steps);
    if (score.n < settings.min_valid) return {none, none, none, none, none, none, none, none, none};
    MannKendall test;
    if (seasonal)
        test = mann_kendall(series.data(), times, steps, settings.method, settings.p_value, 0, settings.period,
                            settings.confidence);
    const SenLine line = theil_sen(values, times, steps, seasonal ? test.variance : score.variance(),
                                   two_sided_z(settings.confidence), seasonal ? settings.period : 1);
    if (std::isnan(line.slope)) return {none, none, none, none, none, none, none, none, none};
    if (!seasonal)
        test = mann_kendall(series.data(), times, steps, settings.method, settings.p_value, line.slope, settings.period,
                            settings.confidence);
    return {line.slope, line.intercept, test.z, test.p, test.tau, test.s, static_cast<double>(test.n),
            line.lower, line.upper};
}

template SeriesTrend trend_of(const float*, const double*, std::size_t, const TrendSettings&);
template SeriesTrend trend_of(const double*, const double*, std::size_t, const TrendSettings&);

SortingNetwork sorting_network(std::size_t size, std::size_t first, std::size_t last) {
    using Keep = SortingNetwork::Keep;
    SortingNetwork network;
    if (size < 2) return network;
    std::vector<std::vector<SortingNetwork::Exchange>> layers;
    const std::size_t top = std::bit_ceil(size) / 2;
    for (std::size_t p = top; p > 0; p /= 2)
        for (std::size_t q = top, r = 0, d = p;; d = q - p, q /= 2, r = p) {
            layers.emplace_back();
            for (std::size_t i = 0; i + d < size; ++i)
                if ((i & p) == r)
                    layers.back().push_back({static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i + d)});
            if (q == p) break;
        }
    // From the last layer back: an exchange is kept where a later one, or the result, needs what it puts out.
    std::vector<bool> needed(size);
    for (std::size_t i = first; i <= last && i < size; ++i) needed[i] = true;
    std::vector<std::vector<SortingNetwork::Exchange>> kept;  // three a layer: both, lower, upper
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
        std::vector<SortingNetwork::Exchange> kinds[3];
        for (const auto& exchange : *layer) {
            const bool a = needed[exchange.a], b = needed[exchange.b];
            if (!a && !b) continue;
            kinds[a && b ? 0 : a ? 1 : 2].push_back(exchange);
            needed[exchange.a] = needed[exchange.b] = true;
        }
        for (const int kind : {2, 1, 0}) kept.push_back(std::move(kinds[kind]));
    }
    std::reverse(kept.begin(), kept.end());
    // Exchanges (a, b), (c, d) of one layer whose values meet as (a, c), (b, d) in the next are done together: no other
    // exchange of the two layers touches these values.
    const auto add = [&](Keep keep, std::size_t begin, std::size_t end) {
        if (begin < end)
            network.runs.push_back({keep, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    };
    for (std::size_t layer = 0; layer < kept.size(); layer += 3) {
        auto& now = kept[layer];
        if (layer + 3 < kept.size()) {
            auto& next = kept[layer + 3];
            constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();
            std::vector<std::size_t> partner(size, nowhere), meeting(size, nowhere);
            for (std::size_t i = 0; i < now.size(); ++i) partner[now[i].a] = i;
            for (std::size_t i = 0; i < next.size(); ++i) meeting[next[i].a] = i;
            std::vector<bool> taken(now.size()), met(next.size());
            const std::size_t begin = network.fours.size();
            for (std::size_t i = 0; i < now.size(); ++i) {
                const std::size_t above = meeting[now[i].a], below = meeting[now[i].b];
                if (above == nowhere || below == nowhere) continue;
                const std::size_t j = partner[next[above].b];
                if (j == nowhere || now[j].b != next[below].b) continue;
                network.fours.push_back({now[i].a, now[i].b, now[j].a, now[j].b});
                taken[i] = taken[j] = met[above] = met[below] = true;
            }
            add(Keep::fours, begin, network.fours.size());
            // What is left of the two layers, where an exchange joins two of the one before.
            std::vector<std::size_t> from(size, nowhere);  // the exchange of this layer that touches a value
            for (std::size_t i = 0; i < now.size(); ++i)
                if (!taken[i]) from[now[i].a] = from[now[i].b] = i;
            const std::size_t begin_threes = network.threes.size();
            for (std::size_t j = 0; j < next.size(); ++j) {
                if (met[j]) continue;
                const std::size_t first = from[next[j].a], second = from[next[j].b];
                if (first == nowhere || second == nowhere || first == second) continue;
                if (now[first].a != next[j].a || now[second].b != next[j].b) continue;
                network.threes.push_back({now[first].a, now[first].b, now[second].a, now[second].b});
                taken[first] = taken[second] = met[j] = true;
                for (const std::size_t i : {first, second}) from[now[i].a] = from[now[i].b] = nowhere;
            }
            add(Keep::threes, begin_threes, network.threes.size());
            const auto drop = [](auto& list, const std::vector<bool>& gone) {
                std::size_t left = 0;
                for (std::size_t i = 0; i < list.size(); ++i)
                    if (!gone[i]) list[left++] = list[i];
                list.resize(left);
            };
            drop(now, taken);
            drop(next, met);
        }
        for (const std::size_t kind : {0, 1, 2}) {
            const std::size_t begin = network.exchanges.size();
            const auto& list = kept[layer + kind];
            network.exchanges.insert(network.exchanges.end(), list.begin(), list.end());
            add(static_cast<Keep>(kind), begin, network.exchanges.size());
        }
    }
    return network;
}

TrendKernel::TrendKernel(std::vector<double> times, const TrendSettings& settings) {
    auto plan = std::make_unique<Plan>();
    plan->times = std::move(times);
    plan->settings = settings;
    plan->z = two_sided_z(settings.confidence);
    const std::size_t n = plan->times.size();
    plan->vectors = settings.method == TrendMethod::original && n >= 2 && n <= longest_for_vectors;
    if (plan->vectors) {
        plan->inverses = true;
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i + 1; j < n; ++j) {
                const auto span = static_cast<float>(plan->times[j] - plan->times[i]);
                plan->pairs.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), span, 1 / span});
                plan->inverses = plan->inverses && span > 0x1p-20f && span < 0x1p20f;
            }
        // The ranks that any number of values can ask for; ties only bring them nearer to the median.
        std::size_t first = plan->pairs.size(), last = 0;
        std::size_t first_median = first, last_median = 0;
        const std::int64_t fewest = std::max<std::int64_t>(2, settings.min_valid);
        for (std::int64_t m = fewest; m <= static_cast<std::int64_t>(n); ++m) {
            const std::int64_t k = m * (m - 1) / 2;
            const std::size_t below = (plan->pairs.size() - static_cast<std::size_t>(k)) / 2;
            const SenRanks ranks = sen_ranks(k, static_cast<double>(m * (m - 1) * (2 * m + 5)) / 18, plan->z);
            const auto low = static_cast<std::size_t>(std::max(1.0, ranks.lower));
            const auto high = static_cast<std::size_t>(std::min(static_cast<double>(k), ranks.upper));
            first_median = std::min(first_median, below + static_cast<std::size_t>((k - 1) / 2));
            last_median = std::max(last_median, below + static_cast<std::size_t>(k / 2));
            first = std::min({first, below + low - 1, first_median});
            last = std::max({last, below + high - 1, last_median});
        }
        plan->slopes = sorting_network(plan->pairs.size(), first, last);
        plan->medians = sorting_network(plan->pairs.size(), first_median, last_median);
        const std::size_t middle = n / 2;
        for (std::size_t byte = 0; byte < 256; ++byte) {
            std::size_t next = byte * 8;
            for (std::size_t bit = 0; bit < 8; ++bit)
                if (byte >> bit & 1) plan->bits_of[next++] = static_cast<std::uint8_t>(bit);
        }
        plan->near = sorting_network(Plan::most_near, 0, Plan::most_near - 1);
        double mean = 0;
        for (const double time : plan->times) mean += time / static_cast<double>(n);
        for (const double time : plan->times) plan->departures.push_back(static_cast<float>(time - mean));
        plan->residuals = sorting_network(n, middle - 1, std::min(n - 1, middle + 1));
        plan->p_starts = {0, 0};
        plan->p_values = {};
        for (std::size_t m = 1; m <= std::min(n, longest_tabulated); ++m) {
            const std::size_t k = m * (m - 1) / 2;
            const double variance = static_cast<double>(m * (m - 1) * (2 * m + 5)) / 18;
            for (std::size_t s = 0; s <= k; ++s) {
                const auto score = static_cast<std::int64_t>(s);
                const auto values = static_cast<std::int64_t>(m);
                const bool exact = settings.p_value == PValue::automatic && values <= exact_values;
                // Without ties S and the number of pairs are both even or both odd.
                plan->p_values.push_back(static_cast<float>(
                    exact && (k - s) % 2 == 0 ? exact_p(score, values)
                                              : normal_p(kendall_z(static_cast<double>(s), variance))));
            }
            plan->p_starts.push_back(plan->p_values.size());
        }
    }
    plan_ = std::move(plan);
}

TrendKernel::~TrendKernel() = default;

void TrendKernel::Plan::run_one(const float* const* steps, std::size_t i, const TrendBands& bands) const {
    std::vector<float> values(times.size());
    for (std::size_t step = 0; step < values.size(); ++step) values[step] = steps[step][i];
    const SeriesTrend trend = trend_of(values.data(), times.data(), values.size(), settings);
    const double results[trend_bands] = {trend.slope, trend.intercept, trend.z,     trend.p,    trend.tau,
                                         trend.s,     trend.n,         trend.lower, trend.upper};
    for (std::size_t band = 0; band < trend_bands; ++band)
        if (bands[band]) bands[band][i] = static_cast<float>(results[band]);
}

// The vectors. Each inclusion compiles the same code for other instructions; what it calls of the standard library is
// instantiated after the last #pragma, and thus for any processor.
#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw")
// GCC 12 takes the undefined operand of its own minima for a mistake.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
namespace avx512 {
#define LANES 16
#include "maths/trend_kernel_lanes.hpp"
#undef LANES
}  // namespace avx512
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC diagnostic pop
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx2,fma,popcnt")
#endif
namespace avx2 {
#define LANES 8
#include "maths/trend_kernel_lanes.hpp"
#undef LANES
}  // namespace avx2
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
namespace baseline {
#define LANES 4
#include "maths/trend_kernel_lanes.hpp"
#undef LANES
}  // namespace baseline

void TrendKernel::run(const float* const* steps, std::size_t series, const TrendBands& bands, VectorWidth width) const {
    std::size_t done = 0;
    if (plan_->vectors) {
        const std::unique_ptr<void, void (*)(void*)> memory(
            ::operator new(plan_->workspace_bytes(), std::align_val_t(alignment)),
            [](void* p) { ::operator delete(p, std::align_val_t(alignment)); });
        switch (width) {
#if defined(__x86_64__)
            case VectorWidth::avx512:
                done = avx512::run_all(*plan_, steps, series, bands, memory.get());
                break;
            case VectorWidth::avx2:
                if (!__builtin_cpu_supports("fma")) break;
                done = avx2::run_all(*plan_, steps, series, bands, memory.get());
                break;
#endif
            default:
                break;
        }
        if (done == 0) done = baseline::run_all(*plan_, steps, series, bands, memory.get());
    }
    for (; done < series; ++done) plan_->run_one(steps, done, bands);
}

void TrendKernel::run(const float* const* steps, std::size_t series, const TrendBands& bands) const {
    run(steps, series, bands, vector_width());
}

}  // namespace landcarbon
